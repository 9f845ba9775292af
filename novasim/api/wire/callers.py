"""Who sends a request over HTTP."""

from __future__ import annotations

from typing import NamedTuple

from novasim.api.identity import tokens
from novasim.api.wire.requests import Arrival
from novasim.cloud import Cloud
from novasim.records import Caller

NOBODY = Caller("", "", ())
FOR_ALL = {("POST", "/v3/auth/tokens")}
"""What of the identity service is for those who have no token yet."""


class Known(NamedTuple):
    """A caller, and until when (wall time, seconds since the epoch) the same token says so."""

    caller: Caller
    until: float


def caller_of(cloud: Cloud, arrival: Arrival) -> Known:
    """
    Who shows the token of a request; nobody in particular asks for version documents and for tokens.

    Raises:
        Unauthorized: there is no valid token (401). CloudFileError: the world cannot be read.
    """
    place = arrival.place
    if place.service == "versions" or (place.service == "identity" and (arrival.method, place.path) in FOR_ALL):
        return Known(NOBODY, float("inf"))
    text = arrival.headers.get("x-auth-token", "")
    with cloud.reading() as world:
        token = tokens.opened(world, text)
        return Known(tokens.caller_in(world, token), token.expires)

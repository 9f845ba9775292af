"""Who sends a request over HTTP."""

from __future__ import annotations

from typing import NamedTuple

from novasim.api.identity import tokens
from novasim.cloud import Cloud
from novasim.records import Caller
from novasim.serve.wire.requests import Arrival

NOBODY = Caller("", "", ())
FOR_ALL = {("POST", "/v3/auth/tokens")}
"""What of the identity service is for those who have no token yet."""


class Known(NamedTuple):
    """A caller, and until when (wall time, seconds since the epoch) the same token says so."""

    caller: Caller
    until: float


def needs_token(arrival: Arrival) -> bool:
    """Whether a request is for those alone who show a token: all but version documents and asking for one."""
    place = arrival.place
    return place.service != "versions" and not (place.service == "identity" and (arrival.method, place.path) in FOR_ALL)


def shown_in(arrival: Arrival) -> str:
    """The token of a request, or "" without one."""
    return arrival.headers.get("x-auth-token", "")


def owner_of(cloud: Cloud, text: str) -> Known:
    """
    Who shows a token.

    Raises:
        Unauthorized: it is none (401). CloudFileError: the world cannot be read.
    """
    with cloud.reading() as world:
        token = tokens.opened(world, text)
        return Known(tokens.caller_in(world, token), token.expires)

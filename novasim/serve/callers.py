"""Who sends a request."""

from __future__ import annotations

from novasim.api.callers import caller_named
from novasim.api.wire.requests import Arrival
from novasim.cloud import Cloud
from novasim.errors import Unauthorized
from novasim.records import Caller

NOBODY = Caller("", "", ())


def caller_of(cloud: Cloud, arrival: Arrival) -> Caller:
    """
    The caller of a request; nobody asks for version documents.

    Raises:
        Unauthorized: there is no such caller (401).
    """
    if arrival.place.service == "versions":
        return NOBODY
    name = arrival.headers.get("x-novasim-caller")
    if not name:
        raise Unauthorized(reason="The request you have made requires authentication.")
    with cloud.store.read() as tx:
        return caller_named(tx, name)

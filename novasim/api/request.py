"""Requests to the API and responses to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from novasim.errors import NovaFault
from novasim.records import Caller


class Request(NamedTuple):
    """
    One request, as Nova would get it, without a socket.

    Args:
        minor: The microversion as N: 96 for compute 2.96, 39 for placement 1.39.
        path: Below the service's root, such as /servers/UUID/action.
        query: Pairs in the order given; a key may repeat.
        body: Decoded JSON, or None.
        service: compute, image, network, volume, identity or placement.
        headers: Those of HTTP, with names in lower case, for the few requests in which they say something.
    """

    caller: Caller
    method: str
    path: str
    minor: int = 1
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    service: str = "compute"
    endpoint: str = "http://127.0.0.1:8774"
    headers: Mapping[str, str] = {}


class Response(NamedTuple):
    """
    Code, headers and body of an answer.

    Args:
        fault: The refusal behind it, for those who explain.
        request_id: Under which the log has the request, if it may have changed anything.
        lasts: Whether the same request gets the same answer for as long as the world stays as it is.
    """

    code: int
    body: Any = None
    headers: dict[str, str] = {}
    fault: NovaFault | None = None
    request_id: str = ""
    lasts: bool = False

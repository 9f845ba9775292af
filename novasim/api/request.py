"""Requests to the API and responses to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from novasim.errors import NovaFault
from novasim.records import Caller


class Request(NamedTuple):
    """
    A request as Nova would get it, without a socket.

    Args:
        minor: The minor number of the microversion: 96 for compute 2.96, 39 for placement 1.39.
        path: Below the service's root, such as /servers/UUID/action.
        query: Keys and values in the order of the request; a key may occur several times.
        body: Decoded JSON, or None.
        service: compute, identity, image, network, placement or volume.
        endpoint: The URL of the service, with which links begin.
        headers: HTTP headers by name in lower case. Few requests need them.
        is_paged: Whether a list has at most max_limit records, as over HTTP. Each page costs as much as the whole list,
            so a command asks for all records at once.
        url_project: The project ID before *path* in the URL, where old clients put it, or "".
        accepts_fragments: Whether the response may have parts that are encoded, as orjson.Fragment.
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
    is_paged: bool = True
    url_project: str = ""
    accepts_fragments: bool = False


class Response(NamedTuple):
    """
    Code, headers and body of a response.

    Args:
        fault: The refusal, from which its explanation is built; None if the request was accepted.
        request_id: The id of a request that may have changed something, as in the instance-action log.
        is_cacheable: Whether the same request gets the same response until the cloud changes.
    """

    code: int
    body: Any = None
    headers: dict[str, str] = {}
    fault: NovaFault | None = None
    request_id: str = ""
    is_cacheable: bool = False

"""From what arrived to the door's request, and the headers of its answer."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl

from novasim.api.request import Request, Response
from novasim.errors import BadRequest, MethodNotAllowed, Unauthorized
from novasim.records import Caller
from novasim.serve.wire.bodies import body_of
from novasim.serve.wire.places import Place
from novasim.serve.wire.versions import Headers, minor_of, told

METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
BODILESS = ("DELETE", "GET", "HEAD")


class Arrival(NamedTuple):
    """
    A request as HTTP has it.

    Args:
        query: As it came. headers: with names in lower case. base: scheme, host and port that links begin with.
    """

    method: str
    place: Place
    query: bytes
    headers: Headers
    base: str


def request_of(arrival: Arrival, sent: bytes, caller: Caller) -> Request:
    """
    The request for the door.

    Raises:
        BadRequest: the query, the body or the microversion is malformed (400).
        NotAcceptable: there is no such microversion (406).
        MethodNotAllowed: no service has this method (405). UnsupportedMediaType: not of its kind (415).
    """
    method, place = arrival.method, arrival.place
    if method not in METHODS:
        raise MethodNotAllowed(method=method, allowed=list(METHODS))
    return Request(
        caller=caller,
        method="GET" if method == "HEAD" else method,
        path=place.path,
        minor=minor_of(place, arrival.headers),
        query=_pairs(arrival.query),
        body=None if method in BODILESS else body_of(place, arrival.headers.get("content-type", ""), sent),
        service=place.service,
        endpoint=arrival.base + place.prefix,
        headers=arrival.headers,
    )


def _pairs(query: bytes) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")) if query else ()
    except ValueError:
        raise BadRequest(reason="Query string is not UTF-8 encoded") from None


def headers_of(arrival: Arrival, response: Response) -> list[tuple[str, str]]:
    """The headers of an answer, but its id and those that tell of its body."""
    headers = list(response.headers.items())
    if isinstance(response.fault, MethodNotAllowed):
        headers.append(("Allow", ", ".join(response.fault.allowed)))
    if isinstance(response.fault, Unauthorized):
        headers.append(("WWW-Authenticate", f'Keystone uri="{arrival.base}/identity"'))
    return headers + told(arrival.place, arrival.headers)


def id_headers(place: Place) -> tuple[str, ...]:
    """The names under which the id of a request is told."""
    return ("X-OpenStack-Request-ID", *(("X-Compute-Request-ID",) if place.service == "compute" else ()))

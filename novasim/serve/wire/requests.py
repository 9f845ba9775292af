"""HTTP requests converted to API requests, and the headers of responses."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl

from novasim.api.image.uploads import Upload
from novasim.api.request import Request, Response
from novasim.errors import BadRequest, MethodNotAllowed, Unauthorized
from novasim.records import Caller
from novasim.serve.wire.bodies import decode_body
from novasim.serve.wire.paths import ServicePath
from novasim.serve.wire.versions import Headers, read_minor, version_headers

METHODS_WITHOUT_BODY = ("DELETE", "GET", "HEAD")


class HttpRequest(NamedTuple):
    """
    An HTTP request without its body.

    Args:
        query: Query string, still encoded. headers: with names in lower case. base_url: scheme, host, port and the
            cloud's prefix, with which links begin.
    """

    method: str
    target: ServicePath
    query: bytes
    headers: Headers
    base_url: str


def to_api_request(http_request: HttpRequest, content: bytes | Upload, caller: Caller) -> Request:
    """
    Convert an HTTP request to a request of the API layer.

    Raises:
        BadRequest: the query, the body or the microversion is malformed (400).
        NotAcceptable: the microversion does not exist (406).
        UnsupportedMediaType: the path does not take this content type (415).
    """
    method, target = http_request.method, http_request.target
    content_type = http_request.headers.get("content-type", "")
    return Request(
        caller=caller,
        method="GET" if method == "HEAD" else method,
        path=target.path,
        minor=read_minor(target, http_request.headers),
        query=_parse_query(http_request.query),
        body=None if method in METHODS_WITHOUT_BODY else decode_body(target, content_type, content),
        service=target.service,
        endpoint=http_request.base_url + target.prefix,
        headers=http_request.headers,
        url_project=target.project,
        accepts_fragments=True,
    )


def _parse_query(query: bytes) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")) if query else ()
    except ValueError:
        raise BadRequest(reason="Query string is not UTF-8 encoded") from None


def response_headers(http_request: HttpRequest, response: Response) -> list[tuple[str, str]]:
    """The headers of a response, without the request ID and the headers that describe the body."""
    headers = list(response.headers.items())
    if isinstance(response.fault, MethodNotAllowed):
        headers.append(("Allow", ", ".join(response.fault.allowed)))
    if isinstance(response.fault, Unauthorized):
        headers.append(("WWW-Authenticate", f'Keystone uri="{http_request.base_url}/identity"'))
    return headers + version_headers(http_request.target, http_request.headers)


def request_id_headers(target: ServicePath) -> tuple[str, ...]:
    """The names of the response headers that carry the request ID."""
    return ("X-OpenStack-Request-ID", *(("X-Compute-Request-ID",) if target.service == "compute" else ()))

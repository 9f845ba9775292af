"""Responses encoded as bytes and sent over ASGI."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

import orjson

from novasim.api.request import Response
from novasim.errors import TooLarge, TooSlow
from novasim.serve.wire.requests import HttpRequest, request_id_headers, response_headers

Send = Callable[[dict[str, Any]], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]
JSON: RawHeaders = [(b"content-type", b"application/json")]
HTML: RawHeaders = [(b"content-type", b"text/html; charset=utf-8")]

CODES_WITHOUT_LENGTH = (204, 304)  # HTTP forbids a Content-Length header for 204 and makes no use of it for 304


class EncodedResponse(NamedTuple):
    """
    A response as ASGI sends it, without the request ID.

    Args:
        request_id_names: The names of the headers that carry the request ID.
    """

    code: int
    headers: RawHeaders
    content: bytes
    request_id_names: tuple[bytes, ...]

    async def send(self, send: Send, request_id: str) -> None:
        """Send the response to the request with this ID. Do nothing if the client has closed the connection."""
        value = request_id.encode()
        headers = [*self.headers, *((name, value) for name in self.request_id_names)]
        await send_response(send, self.code, headers, self.content)


async def send_content(send: Send, code: int, headers: RawHeaders, content: bytes) -> None:
    """As `send_response`, with a Content-Length header."""
    length = (b"content-length", str(len(content)).encode())
    await send_response(send, code, [*headers, length], content)


async def send_response(send: Send, code: int, headers: RawHeaders, content: bytes) -> None:
    """Send a response. Do nothing if the client has closed the connection."""
    with suppress(RuntimeError):  # uvloop raises it for a closed connection
        await send({"type": "http.response.start", "status": code, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def encode_response(request: HttpRequest, response: Response) -> EncodedResponse:
    """Encode a response. A response without content has no Content-Type header."""
    content = encode_body(response.body)
    headers = response_headers(request, response)
    if content and "Content-Type" not in response.headers:
        content_type = "application/octet-stream" if isinstance(response.body, bytes) else "application/json"
        headers.append(("Content-Type", content_type))
    if isinstance(response.fault, TooLarge | TooSlow):
        headers.append(("Connection", "close"))  # the rest of the request is not read
    if response.code not in CODES_WITHOUT_LENGTH:
        headers.append(("Content-Length", str(len(content))))
    raw_headers = [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    request_id_names = tuple(name.lower().encode() for name in request_id_headers(request.target))
    return EncodedResponse(response.code, raw_headers, content, request_id_names)


def encode_body(body: Any) -> bytes:
    """Encode a body. json writes what orjson cannot: lone surrogates and numbers beyond 64 bits."""
    if body is None or isinstance(body, bytes):
        return body or b""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body).encode()

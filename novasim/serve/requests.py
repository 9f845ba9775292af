"""Requests read from an ASGI scope and its messages."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from novasim.api.image.uploads import Upload
from novasim.errors import TooSlow
from novasim.serve.wire.bodies import check_size
from novasim.serve.wire.paths import base_url, read_prefix, split_path
from novasim.serve.wire.requests import METHODS_WITHOUT_BODY, HttpRequest

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]

BODY_TIMEOUT = 30.0  # seconds to wait for the next part of a body


class ClientDisconnected(Exception):
    """The client closed the connection before it had sent the whole request."""


def request_from_scope(scope: Scope) -> HttpRequest:
    """
    The request that an ASGI scope describes, without its body.

    Links begin with the prefix that a proxy has removed from the path, and the root path of the scope.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    url = base_url(scope["scheme"], headers.get("host", ""), _own_address(scope))
    url += read_prefix(headers.get("x-forwarded-prefix", "")) + scope.get("root_path", "")
    return HttpRequest(scope["method"], split_path(scope["path"]), scope["query_string"], headers, url)


def _own_address(scope: Scope) -> str:
    host, port = scope.get("server") or ("127.0.0.1", 8774)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def read_body(request: HttpRequest, receive: Receive) -> bytes | Upload:
    """
    Read the whole body, chunked or not. The data of an image is hashed as it arrives, and not kept if it is large.

    Raises:
        TooLarge: the Content-Length header or the body itself is over the limit of the path (413).
        TooSlow: the next part did not arrive within BODY_TIMEOUT (408).
        ClientDisconnected: the client closed the connection.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal():
        check_size(request.target, int(length))
    if request.method in METHODS_WITHOUT_BODY or (length == "0" and "transfer-encoding" not in request.headers):
        return b""
    body: bytearray | Upload = Upload() if request.target.takes_data else bytearray()
    size, more = 0, True
    while more:
        part, more = await receive_part(receive)
        size += len(part)
        check_size(request.target, size)
        body.add(part) if isinstance(body, Upload) else body.extend(part)
    return body if isinstance(body, Upload) else bytes(body)


if sys.version_info >= (3, 11):

    async def _wait_for(receive: Receive, seconds: float) -> dict[str, Any]:
        async with asyncio.timeout(seconds):  # wait_for creates a task, which takes longer than most bodies
            return await receive()

else:

    async def _wait_for(receive: Receive, seconds: float) -> dict[str, Any]:
        return await asyncio.wait_for(receive(), seconds)


async def receive_part(receive: Receive) -> tuple[bytes, bool]:
    """The next part of a body, and whether there are more. Raises TooSlow, ClientDisconnected."""
    try:
        message = await _wait_for(receive, BODY_TIMEOUT)
    except asyncio.TimeoutError:
        raise TooSlow() from None
    if message["type"] == "http.disconnect":
        raise ClientDisconnected
    return message.get("body", b""), message.get("more_body", False)

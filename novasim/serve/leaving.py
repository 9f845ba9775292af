"""From a response of the door to the bytes of an answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from novasim.api.request import Response

Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[str, str]]

BODILESS = (204, 304)


def start_of(response: Response, headers: Headers) -> tuple[dict[str, Any], bytes]:
    """The first ASGI message of an answer, and its content. An empty one has no type."""
    content = content_of(response.body)
    if content and "Content-Type" not in response.headers:
        kind = "application/octet-stream" if isinstance(response.body, bytes) else "application/json"
        headers = [*headers, ("Content-Type", kind)]
    if response.code not in BODILESS:
        headers = [*headers, ("Content-Length", str(len(content)))]
    lines = [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    return {"type": "http.response.start", "status": response.code, "headers": lines}, content


def content_of(body: Any) -> bytes:
    """A body as it is sent. What orjson cannot write (half characters, numbers beyond 64 bits) json can."""
    if body is None or isinstance(body, bytes):
        return body or b""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body).encode()

"""From a response of the door to the bytes of an answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NamedTuple

import orjson

from novasim.api.request import Response
from novasim.errors import TooLarge, TooSlow
from novasim.serve.wire.requests import Arrival, headers_of, id_headers

Send = Callable[[dict[str, Any]], Awaitable[None]]
Lines = list[tuple[bytes, bytes]]

EMPTY = (204, 304)  # which may not even say that they have no content


class Leaving(NamedTuple):
    """
    An answer as ASGI sends it, but for its id.

    Args:
        ids: The names of the headers that tell it.
    """

    code: int
    lines: Lines
    content: bytes
    ids: tuple[bytes, ...]

    async def go(self, send: Send, id: str) -> None:
        """Send it as the answer to the request of that id."""
        value = id.encode()
        headers = [*self.lines, *((name, value) for name in self.ids)]
        with suppress(RuntimeError):  # uvloop's word for a connection that is gone
            await send({"type": "http.response.start", "status": self.code, "headers": headers})
            await send({"type": "http.response.body", "body": self.content})


def leaving(arrival: Arrival, response: Response) -> Leaving:
    """The answer that a response becomes. Without content it has no type."""
    content = content_of(response.body)
    headers = headers_of(arrival, response)
    if content and "Content-Type" not in response.headers:
        kind = "application/octet-stream" if isinstance(response.body, bytes) else "application/json"
        headers.append(("Content-Type", kind))
    if isinstance(response.fault, TooLarge | TooSlow):
        headers.append(("Connection", "close"))  # nobody waits for the rest of what was sent
    if response.code not in EMPTY:
        headers.append(("Content-Length", str(len(content))))
    lines = [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    ids = tuple(name.lower().encode() for name in id_headers(arrival.place))
    return Leaving(response.code, lines, content, ids)


def content_of(body: Any) -> bytes:
    """A body as it is sent. What orjson cannot write (half characters, numbers beyond 64 bits) json can."""
    if body is None or isinstance(body, bytes):
        return body or b""
    try:
        return orjson.dumps(body)
    except TypeError:
        return json.dumps(body).encode()

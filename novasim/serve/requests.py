"""From an ASGI scope and its messages to what arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from novasim.errors import TooSlow
from novasim.serve.wire.bodies import check_size
from novasim.serve.wire.places import base_of, place_of
from novasim.serve.wire.requests import BODILESS, Arrival

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]

PATIENCE = 30.0  # seconds without a byte of a body that was promised


class ClientGone(Exception):
    """Nobody waits for the answer, and the request never came in full."""


def arrival_of(scope: Scope) -> Arrival:
    """The request but its body."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    base = base_of(scope["scheme"], headers.get("host", ""), _own(scope))
    return Arrival(scope["method"], place_of(scope["path"]), scope["query_string"], headers, base)


def _own(scope: Scope) -> str:
    host, port = scope.get("server") or ("127.0.0.1", 8774)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def received(arrival: Arrival, receive: Receive) -> bytes:
    """
    The whole body, in chunks or not.

    Raises:
        TooLarge: it is larger than is taken there (413), by its own account or in fact.
        TooSlow: it stopped coming (408). ClientGone: its sender went away.
    """
    length = arrival.headers.get("content-length", "")
    if length.isdecimal():
        check_size(arrival.place, int(length))
    if arrival.method in BODILESS or (length == "0" and "transfer-encoding" not in arrival.headers):
        return b""
    pieces, size, more = [], 0, True
    while more:
        piece, more = await _next(receive)
        pieces.append(piece)
        size += len(piece)
        check_size(arrival.place, size)
    return b"".join(pieces)


async def _next(receive: Receive) -> tuple[bytes, bool]:
    try:
        message = await asyncio.wait_for(receive(), PATIENCE)
    except asyncio.TimeoutError:
        raise TooSlow() from None
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message.get("body", b""), message.get("more_body", False)

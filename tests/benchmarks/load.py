"""A client that is much faster than any server: requests made beforehand, on connections that stay open."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator, Sequence
from typing import Any


class Links:
    """
    Connections to a server, each with one request under way at a time.

    Args:
        count: How many clients there seem to be.
    """

    def __init__(self, address: tuple[str, int], count: int) -> None:
        self._links = [socket.create_connection(address) for _ in range(count)]
        for link in self._links:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def rate(self, requests: Sequence[bytes]) -> float:
        """Send all of them; how many a second were answered."""
        begun = time.perf_counter()
        for _ in self.answers(requests):
            pass
        return len(requests) / (time.perf_counter() - begun)

    def answers(self, requests: Sequence[bytes]) -> Iterator[bytes]:
        """Send all of them, in rounds of one for each connection; the answers, in order."""
        for first in range(0, len(requests), len(self._links)):
            pairs = list(zip(self._links, requests[first:], strict=False))
            for link, request in pairs:
                link.sendall(request)
            for link, request in pairs:
                yield _answer(link, request)

    def close(self) -> None:
        for link in self._links:
            link.close()


def _answer(link: socket.socket, request: bytes) -> bytes:
    data = link.recv(1 << 20)
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _more(link)
    head = data[:end].lower()
    assert head.startswith(b"http/1.1 2"), (request, data)
    at = head.find(b"content-length: ")
    length = int(head[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    pieces, missing = [data], end + 4 + length - len(data)
    while missing > 0:
        pieces.append(_more(link))
        missing -= len(pieces[-1])
    return b"".join(pieces)[end + 4 :]


def _more(link: socket.socket) -> bytes:
    data = link.recv(1 << 20)
    assert data, "the server ended the connection"
    return data


def request(method: str, path: str, headers: dict[str, str], body: Any = None) -> bytes:
    """The bytes of a request."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content

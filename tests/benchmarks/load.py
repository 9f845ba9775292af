"""A client that is much faster than the server: prepared requests on connections that stay open."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Generator, Iterator, Sequence
from selectors import EVENT_READ, DefaultSelector
from typing import Any


class ClientPool:
    """
    Connections to a server, each with at most one pending request.

    Args:
        count: The number of connections.
    """

    def __init__(self, address: tuple[str, int], count: int) -> None:
        self._connections = [socket.create_connection(address) for _ in range(count)]
        for connection in self._connections:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @classmethod
    def join(cls, pools: Sequence[ClientPool]) -> ClientPool:
        """A pool with the connections of others, in turn."""
        joined = cls(("", 0), 0)
        joined._connections = [each for row in zip(*(pool._connections for pool in pools), strict=True) for each in row]
        return joined

    def rate(self, requests: Sequence[bytes]) -> float:
        """Send all requests; return how many were answered per second."""
        start = time.perf_counter()
        for _ in self.responses(requests):
            pass
        return len(requests) / (time.perf_counter() - start)

    def responses(self, requests: Sequence[bytes]) -> Iterator[bytes]:
        """Send all requests, one per connection at a time; yield the bodies of the responses in order."""
        for first in range(0, len(requests), len(self._connections)):
            pairs = list(zip(self._connections, requests[first:], strict=False))
            for connection, request in pairs:
                connection.sendall(request)
            for connection, request in pairs:
                yield _read_response(connection, request)

    def close(self) -> None:
        for connection in self._connections:
            connection.close()


Requests = Generator[bytes, bytes, None]
"""The requests of a client, which gets the content of each response before its next request."""


class Client:
    """A client that sends its next request as soon as the last one was answered, and waits for no other client."""

    def __init__(self, address: tuple[str, int], requests: Requests) -> None:
        self.connection = socket.create_connection(address)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests, self._last = requests, next(requests)
        self.connection.sendall(self._last)
        self.answered = 0

    def receive(self) -> bytes:
        """Receive the response to the last request; return its content."""
        self.answered += 1
        return _read_response(self.connection, self._last)

    def answer_next(self) -> None:
        """Receive a response, and send the next request."""
        self._last = self._requests.send(self.receive())
        self.connection.sendall(self._last)


def run_clients(clients: Sequence[Client], seconds: float = 0.0, least: int = 0) -> float:
    """Run clients for some seconds and until each has had some responses; return the responses per second."""
    start, before = time.perf_counter(), sum(client.answered for client in clients)
    goals = {client: client.answered + least for client in clients}
    with DefaultSelector() as selector:
        for client in clients:
            selector.register(client.connection, EVENT_READ, client)
        while time.perf_counter() - start < seconds or any(each.answered < goals[each] for each in clients):
            for key, _ in selector.select():
                key.data.answer_next()
    return (sum(client.answered for client in clients) - before) / (time.perf_counter() - start)


def _read_response(connection: socket.socket, request: bytes) -> bytes:
    data = connection.recv(1 << 20)
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _receive(connection)
    head = data[:end].lower()
    assert head.startswith(b"http/1.1 2"), (request, data)
    position = head.find(b"content-length: ")
    length = int(head[position + 16 :].split(b"\r\n", 1)[0]) if position >= 0 else 0
    parts, missing = [data], end + 4 + length - len(data)
    while missing > 0:
        parts.append(_receive(connection))
        missing -= len(parts[-1])
    return b"".join(parts)[end + 4 :]


def _receive(connection: socket.socket) -> bytes:
    data = connection.recv(1 << 20)
    assert data, "the server closed the connection"
    return data


def encode_request(method: str, path: str, headers: dict[str, str], body: Any = None) -> bytes:
    """Encode a request as bytes."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content

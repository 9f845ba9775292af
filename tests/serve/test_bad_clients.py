"""Clients that are slow, disconnect early, or send invalid or oversized requests."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack, contextmanager, suppress

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.serve import http_limits, requests
from tests import worlds
from tests.serve.server_process import TIMEOUT, ServerProcess, becomes_true, read_all, server_body

SERVERS = "/compute/v2.1/servers"
LATEST = {"OpenStack-API-Version": "compute latest"}
ALIVE = b"GET /compute HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def create_request(served: ServerProcess, body: object, **headers: str) -> bytes:
    """The bytes of a request for a new server."""
    content = json.dumps(body).encode()
    known = {"X-Auth-Token": served.token("demo"), "Content-Type": "application/json", "Content-Length": len(content)}
    lines = [f"{name}: {value}" for name, value in {**known, **LATEST, **headers}.items()]
    return "\r\n".join([f"POST {SERVERS} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode() + content


@pytest.mark.parametrize(
    "head",
    [
        b"GET /compute HTTP/1.1\r\nHost: localhost\r\nBig: " + b"x" * 200_000 + b"\r\n\r\n",
        b"GET /compute HTTP/1.1\r\nHost: localhost\r\n" + b"Many: x\r\n" * 50_000 + b"\r\n",
        b"GET /compute HTTP/1.1\r\nHost: localhost\r\nEndless: " + b"x" * 300_000,
    ],
)
def test_endless_headers_are_cut_off(served, head):
    with served.connect() as connection:
        with suppress(BrokenPipeError, ConnectionResetError):  # the server may close early
            connection.sendall(head)
        response = read_all(connection)
    assert not response or response.startswith(b"HTTP/1.1 431")
    assert served.send_raw(ALIVE).startswith(b"HTTP/1.1 200")


def test_long_headers_within_the_limit_are_accepted(served):
    assert served.request("GET", "/compute", headers={"X-Long": "x" * 20_000}).code == 200


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"POST /compute/v2.1/servers HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /compute/v2.1/servers HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /compute/v2.1/servers HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_invalid_http_is_refused(served, nonsense):
    with served.connect() as connection:
        connection.sendall(nonsense)
        response = read_all(connection)
    assert response.startswith((b"HTTP/1.1 400", b"HTTP/1.1 401", b"HTTP/1.1 404"))


def test_slow_client_does_not_block_others(served):
    with served.connect() as slow:
        slow.sendall(create_request(served, server_body(served))[:-5])
        assert served.request("GET", SERVERS).code == 200
        assert served.request("POST", SERVERS, server_body(served), LATEST).code == 202
        slow.sendall(b"")


def ask(connection: socket.socket) -> bytes:
    """The response to a small request, whose head arrives in one piece."""
    connection.sendall(b"GET /compute HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return connection.recv(65536)


@contextmanager
def impatient_server(monkeypatch, seconds: float = 0.05):
    """A connection to a server with such timeouts. The server ends before the connection is closed."""
    from novasim.testing.server import Server

    monkeypatch.setattr(requests, "BODY_TIMEOUT", seconds)
    monkeypatch.setattr(http_limits, "HEAD_TIMEOUT", seconds)
    with ExitStack() as after, Server(worlds.memory_cloud()) as server:
        host, port = server.url.removeprefix("http://").split(":")
        connection = after.enter_context(socket.create_connection((host, int(port)), timeout=TIMEOUT))
        yield connection


def test_connection_of_a_fast_client_stays_open(monkeypatch):
    """Between two requests, no time is limited."""
    with impatient_server(monkeypatch, TIMEOUT) as connection:
        assert ask(connection).startswith(b"HTTP/1.1 200")
        monkeypatch.setattr(http_limits, "HEAD_TIMEOUT", 0.05)  # a busy server may take longer to accept a connection
        for _ in range(2):
            assert ask(connection).startswith(b"HTTP/1.1 200")
            time.sleep(0.15)


def test_stalled_body_is_408(monkeypatch):
    with impatient_server(monkeypatch) as connection:
        connection.sendall(b"POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
        assert read_all(connection).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("head", [b"", b"G", b"GET /compute HTTP/1.1\r\nHost: localhost\r\nSlow"])
def test_stalled_headers_are_408(monkeypatch, head):
    with impatient_server(monkeypatch) as connection:
        connection.sendall(head)
        assert read_all(connection).startswith(b"HTTP/1.1 408")


def test_incomplete_request_changes_nothing(served):
    before = len(served.request("GET", SERVERS).body["servers"])
    body = server_body(served)
    with served.connect() as connection:
        connection.sendall(create_request(served, body)[:-5])
    assert len(served.request("GET", SERVERS).body["servers"]) == before


def test_client_that_does_not_read_blocks_neither_others_nor_shutdown(monkeypatch, capfd):
    monkeypatch.setattr(http_limits, "CLOSE_TIMEOUT", 0.1)
    with impatient_server(monkeypatch, TIMEOUT) as connection:
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)  # more than the buffers hold
        with socket.create_connection(connection.getpeername(), timeout=TIMEOUT) as other:
            other.sendall(ALIVE)
            assert read_all(other).startswith(b"HTTP/1.1 200")
    assert capfd.readouterr() == ("", "")


def test_request_of_a_disconnected_client_is_executed(own):
    with own.connect() as connection:
        connection.sendall(create_request(own, server_body(own)))
    assert becomes_true(lambda: len(own.request("GET", SERVERS).body["servers"]) == 1)


def test_pipelined_requests_are_answered(served):
    one = b"GET /compute HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert served.send_raw(one * 50 + ALIVE).count(b"HTTP/1.1 200 OK") == 51


def test_many_pipelined_requests_are_answered(served):
    one = b"GET /compute HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 1000 + b"\r\n\r\n"
    assert served.send_raw(one * 200 + ALIVE).count(b"HTTP/1.1 200 OK") == 201

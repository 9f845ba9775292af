"""The Host header: a server on a loopback address answers to loopback names, and to those that it was told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from novasim.serve.app import App
from novasim.serve.host_check import HostCheck
from tests import each_case
from tests.worlds import memory_cloud


async def accept(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def ask(allowed: Any, *hosts: bytes, version: str = "1.1") -> int:
    """The code with which a server answers a request with these Host headers."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "http_version": version, "headers": [(b"host", host) for host in hosts]}
    asyncio.run(HostCheck(accept, allowed)(scope, None, send))  # type: ignore[arg-type]
    return sent[0]["status"]


LOOPBACK = [
    *(b"localhost", b"LOCALHOST:8774", b"cloud.localhost", b"127.0.0.1:8774", b"127.8.8.8", b"[::1]:8774", b"[::1]"),
]
OTHERS = [
    *(b"example.com", b"example.com:8774", b"localhost.example.com", b"127.0.0.1.example.com", b"192.0.2.1:8774"),
    *(b"[2001:db8::1]:8774", b"", b"[", b"\xff", b"0.0.0.0", b"x" * 10_000),
]


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_names_are_answered(host):
    assert ask([], host) == 200


@each_case("host", OTHERS)
def test_other_names_are_refused(host):
    assert ask([], host) == 421
    assert ask(["other.example.com"], host) == 421


@pytest.mark.parametrize("host", [b"example.com", b"EXAMPLE.com:8774"])
def test_allowed_names_are_answered(host):
    assert ask(["Example.COM"], host) == 200


@each_case("host", [*LOOPBACK, *OTHERS])
def test_a_server_beyond_loopback_answers_to_every_name(host):
    assert ask(None, host) == 200


@pytest.mark.parametrize("allowed", [None, []])
def test_a_request_needs_one_host(allowed):
    assert ask(allowed) == 400
    assert ask(allowed, b"localhost", b"localhost") == 400
    assert ask(allowed, b"localhost", b"example.com", version="1.0") == 400
    assert ask(allowed, version="1.0") == 200


@pytest.mark.parametrize("host", [b"example.com", b"localhost"])
def test_in_process_transports_reach_the_application_with_any_host(host):
    sent: list[Any] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    names = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/compute",
        "raw_path": b"/compute",
    }
    scope = {**names, "query_string": b"", "headers": [(b"host", host)]}
    asyncio.run(App(memory_cloud())(scope, None, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 200


def test_server_refuses_a_page_whose_name_points_to_it(served):
    response = served.send_raw(b"GET /compute HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n")
    assert response.startswith(b"HTTP/1.1 421 ")
    assert b"This server does not answer to the host 'evil.example.com'. See --allow-host." in response

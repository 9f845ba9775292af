"""Hostile clients do not slow down honest ones: the slowest pattern, a large upload and a silent connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from tests.attack import extent
from tests.attack.memory import MIB, upload
from tests.attack.test_patterns import NAMES
from tests.serve.server_process import ServerProcess, server_body

CLIENTS = 32
SECONDS = extent(1.0, 10.0)
UPLOAD = extent(32, 200) * MIB
MOST_TIMES_SLOWER = extent(40, 10)
SHARE = extent(0.5, 0.99)  # in a short run, a single pause of the machine delays one response of each client
SERVERS = "/compute/v2.1/servers"
SLOWEST = "(a|b)*a(a|b){230}c"


async def send_requests(server: ServerProcess, path: str, until: Callable[[], bool]) -> list[float]:
    """Send requests on one connection, each after the response to the last one. Returns the seconds of each."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: {server.token('demo')}\r\n\r\n".encode()
    times = []
    try:
        while not until():
            start = time.perf_counter()
            writer.write(head)
            response = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in response.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split()[1]))
            times.append(time.perf_counter() - start)
            await asyncio.sleep(0.01)
    finally:
        await close(writer)
    return times


async def close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def measure(server: ServerProcess, *others: Coroutine[None, None, object]) -> float:
    """The seconds that honest clients wait in a SHARE of their requests, while others do something else."""
    end = time.monotonic() + SECONDS
    paths = [SERVERS, SERVERS + "/detail?limit=2", "/compute/v2.1/flavors", "/image/v2/images?name=cirros"]
    clients = (
        send_requests(server, paths[number % len(paths)], lambda: time.monotonic() > end) for number in range(CLIENTS)
    )
    tasks = [asyncio.ensure_future(other) for other in others]
    results = await asyncio.gather(*clients)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    times = sorted(each for result in results for each in result)
    return times[int(len(times) * SHARE)]


async def stay_silent(server: ServerProcess) -> None:
    _, writer = await asyncio.open_connection(server.host, server.port)
    try:
        await asyncio.sleep(1_000)
    finally:
        await close(writer)


def test_hostile_clients_do_not_slow_down_honest_ones(own):
    body: Any = server_body(own)
    for name in NAMES:
        body["server"]["name"] = name
        assert own.request("POST", SERVERS, body, {"OpenStack-API-Version": "compute latest"}).code == 202
    own.token("admin")
    is_over = Event()

    def keep_uploading() -> None:
        while not is_over.is_set():
            assert upload(own, UPLOAD) == 204

    alone = asyncio.run(measure(own))
    uploader = Thread(target=keep_uploading)
    uploader.start()
    try:
        pattern = send_requests(own, f"{SERVERS}?name={quote(SLOWEST)}", is_over.is_set)
        attacked = asyncio.run(measure(own, pattern, stay_silent(own)))
    finally:
        is_over.set()
        uploader.join()
    print(
        f"p{SHARE * 100:.0f} of {CLIENTS} clients: {alone * 1000:.1f} ms alone, {attacked * 1000:.1f} ms under attack"
    )
    assert attacked <= MOST_TIMES_SLOWER * alone

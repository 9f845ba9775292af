"""
Requests per second of `novasim serve`, as ratios to other figures of the same run: one worker, loopback.

Run with `make bench`. It fails only if a request is refused.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.clouds import create_cloud
from tests.benchmarks.load import ClientPool, encode_request
from tests.serve.server_process import ServerProcess

CLIENTS = 32
MANY_CLIENTS = 256
READS = 4_000
WRITES = 512
BUILD_SECONDS = 8  # every build has finished by then
SERVERS = "/compute/v2.1/servers"
HEADERS = {"OpenStack-API-Version": "compute 2.96"}


@pytest.fixture(params=[10, 1_000, 10_000])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[ServerProcess, dict[str, str], int]]:
    """A server process, the description of another server, and the number of servers in the cloud."""
    _, server, _ = create_cloud(tmp_path / "cloud.json", request.param)
    process = ServerProcess(tmp_path / "cloud.json")
    yield process, server, request.param
    assert process.stop() == (0, "")


def constant_rate(size: int) -> float:
    """How many requests per second the same HTTP stack answers with a constant body of *size* bytes."""
    command = [sys.executable, "-m", "tests.benchmarks.constant", str(size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = re.search(r"http://(\S+):(\d+) ", process.stdout.readline())
        assert address is not None
        clients = ClientPool((address[1], int(address[2])), CLIENTS)
        rate = max(clients.rate([encode_request("GET", "/", {})] * READS) for _ in range(3))
        clients.close()
        process.terminate()
    return rate


def peak_memory(process: int) -> float:
    """The largest resident memory of a process, in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000  # type: ignore[index]


def bench_serving(served: tuple[ServerProcess, dict[str, str], int]) -> None:
    process, server, count = served
    HEADERS["X-Auth-Token"] = process.token("demo")
    clients = ClientPool((process.host, process.port), CLIENTS)
    reads = list_reads(clients, 1000)
    one = next(clients.responses(reads[:1]))
    constant, first = constant_rate(len(one)), clients.rate(reads)
    again = max(clients.rate((reads * READS)[:READS]) for _ in range(3))
    print(f"\n{count:>6} servers  constant body {constant:,.0f}/s")
    print(f"        GET one        {again:>8,.0f}/s = {again / constant:.2f} x constant; the first time {first:,.0f}/s")
    measure_list(clients)
    measure_writes(clients, CLIENTS, server, again, first)
    many_clients = ClientPool((process.host, process.port), MANY_CLIENTS)
    measure_writes(many_clients, MANY_CLIENTS, server, again, first)
    many_clients.close()
    print(f"        peak memory    {peak_memory(process.process.pid):>8,.0f} MB")
    clients.close()


def list_reads(clients: ClientPool, limit: int) -> list[bytes]:
    """Requests that read one server each, for up to *limit* servers."""
    page = json.loads(next(clients.responses([encode_request("GET", f"{SERVERS}?limit={limit}", HEADERS)])))
    return [encode_request("GET", f"{SERVERS}/{each['id']}", HEADERS) for each in page["servers"]]


def measure_list(clients: ClientPool) -> None:
    """Print the time of a list of a thousand servers, the first time and without a change in between."""
    requests = [encode_request("GET", f"{SERVERS}/detail?limit=1000", HEADERS)]
    start = time.perf_counter()
    body = json.loads(next(clients.responses(requests)))
    first = time.perf_counter() - start
    again = 1 / max(clients.rate(requests) for _ in range(5))
    start = time.perf_counter()
    json.dumps(body)
    dumps = time.perf_counter() - start
    print(
        f"        list           {again * 1000:>8.1f} ms = {again / dumps:.2f} x json.dumps of it; the first time "
        f"{first * 1000:.1f} ms"
    )


def create_servers(clients: ClientPool, server: dict[str, str]) -> list[str]:
    """Create WRITES servers; return their IDs."""
    responses = clients.responses([encode_request("POST", SERVERS, HEADERS, {"server": server})] * WRITES)
    return [json.loads(response)["server"]["id"] for response in responses]


def stops_and_deletions(ids: list[str]) -> tuple[list[bytes], list[bytes]]:
    stops = [encode_request("POST", f"{SERVERS}/{id}/action", HEADERS, {"os-stop": None}) for id in ids]
    return stops, [encode_request("DELETE", f"{SERVERS}/{id}", HEADERS) for id in ids]


def measure_writes(clients: ClientPool, count: int, server: dict[str, str], again: float, first: float) -> None:
    """Print the rate of creating, stopping and deleting. Each request is saved before it is answered."""
    start = time.perf_counter()
    for requests in stops_and_deletions(create_servers(clients, server)):
        clients.rate(requests)
    rate = 3 * WRITES / (time.perf_counter() - start)
    ratios = f"{rate / again:.2f} x GET, {rate / first:.2f} x GET the first time"
    print(f"        writes         {rate:>8,.0f}/s = {ratios}, with {count} clients")


@pytest.mark.parametrize("count", [10, 1_000, 10_000])
def bench_writes_with_the_real_clock(tmp_path: Path, count: int) -> None:
    """The same with the default clock, where tasks take seconds."""
    _, server, _ = create_cloud(tmp_path / "cloud.json", count)
    process = ServerProcess(tmp_path / "cloud.json", NOVASIM_CLOCK="real")
    HEADERS["X-Auth-Token"] = process.token("demo")
    clients = ClientPool((process.host, process.port), CLIENTS)
    reads = list_reads(clients, 10)
    again = max(clients.rate((reads * READS)[:READS]) for _ in range(3))
    start = time.perf_counter()
    ids = create_servers(clients, server)
    spent = time.perf_counter() - start
    for requests in stops_and_deletions(ids):
        time.sleep(BUILD_SECONDS)
        clients.rate(reads)  # applies the tasks that are due, and saves them
        spent += WRITES / clients.rate(requests)
    rate = 3 * WRITES / spent
    print(f"\n{count:>6} servers  writes with the real clock {rate:,.0f}/s = {rate / again:.2f} x GET ({again:,.0f}/s)")
    clients.close()
    assert process.stop() == (0, "")

"""
Time of requests with 10, 1,000 and 10,000 servers in the file, as ratios to parsing that file in the same run.

Run with `make bench`. It fails only if a request is refused.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.store import open_store
from tests.benchmarks.clouds import MINOR, create_cloud

REPEATS = 5


def best_time(path: Path, request: Request) -> float:
    """The shortest time of a request on a newly opened file, in seconds."""
    times = []
    for _ in range(REPEATS):
        cloud = Cloud(open_store(path))
        start = time.perf_counter()
        response = handle(cloud, request)
        times.append(time.perf_counter() - start)
        assert response.code < 400, response
    return min(times)


@pytest.mark.parametrize("servers", [10, 1_000, 10_000])
def bench_requests(servers: int, tmp_path: Path) -> None:
    path = tmp_path / "cloud.json"
    caller, server, server_id = create_cloud(path, servers)
    start = time.perf_counter()
    json.loads(path.read_bytes())
    parsing = time.perf_counter() - start
    reboot = {"reboot": {"type": "HARD"}}
    requests = {
        "show": Request(caller, "GET", f"/servers/{server_id}", MINOR),
        "first page": Request(caller, "GET", "/servers", MINOR, (("limit", "20"),)),
        "list by name": Request(caller, "GET", "/servers/detail", MINOR, (("name", "^s-7$"),)),
        "create": Request(caller, "POST", "/servers", MINOR, (), {"server": server}),
        "hard reboot": Request(caller, "POST", f"/servers/{server_id}/action", MINOR, (), reboot),
    }
    print(f"\n{servers:>6} servers, parsing the file with json: {parsing * 1000:.1f} ms")
    for name, request in requests.items():
        seconds = best_time(path, request)
        print(f"       {name:<13}{seconds * 1000:>9.1f} ms   {seconds / parsing:>6.2f} x parsing")

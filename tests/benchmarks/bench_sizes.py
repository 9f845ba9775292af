"""
What requests cost with 10, 1,000 and 10,000 servers in the file, as ratios to parsing that file in the same run.

Run with `make bench`. Not a test of speed: it fails only if a request is refused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.records import Image
from novasim.simulation import default_world
from novasim.store import open_store

REPEATS = 5


def filled(path: Path, servers: int) -> tuple[Callable[..., float], str]:
    """A cloud file with so many servers; a function that times one request on a freshly opened file; a server's id."""
    store = open_store(path)
    with store.write() as tx:
        default_world.build_default_world(tx, 0.0, seed=1, hosts=max(3, servers // 50), unlimited=True, clock="instant")
    with store.read() as tx:
        who, image = find_caller(tx, "demo"), tx.query(Image)[0].id
    wanted = {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "auto"}

    def timed(method: str, url: str, body: object = None, query: tuple[tuple[str, str], ...] = ()) -> float:
        best = float("inf")
        for _ in range(REPEATS):
            cloud = Cloud(open_store(path))
            begun = time.perf_counter()
            answer = handle(cloud, Request(who, method, url, 96, query, body or None))
            best = min(best, time.perf_counter() - begun)
            assert answer.code < 400, answer
        return best

    many = {"server": {**wanted, "min_count": servers, "max_count": servers}}
    made = handle(Cloud(store), Request(who, "POST", "/servers", 96, (), many))
    timed.one = {"server": wanted}  # type: ignore[attr-defined]
    return timed, made.body["server"]["id"]


@pytest.mark.parametrize("servers", [10, 1_000, 10_000])
def bench_requests(servers: int, tmp_path: Path) -> None:
    path = tmp_path / "cloud.json"
    timed, server = filled(path, servers)
    begun = time.perf_counter()
    json.loads(path.read_bytes())
    parsing = time.perf_counter() - begun
    figures = {
        "show": timed("GET", f"/servers/{server}"),
        "first page": timed("GET", "/servers", query=(("limit", "20"),)),
        "list by name": timed("GET", "/servers/detail", query=(("name", "^s-7$"),)),
        "create": timed("POST", "/servers", timed.one),  # type: ignore[attr-defined]
        "hard reboot": timed("POST", f"/servers/{server}/action", {"reboot": {"type": "HARD"}}),
    }
    print(f"\n{servers:>6} servers, parsing the file with json: {parsing * 1000:.1f} ms")
    for name, seconds in figures.items():
        print(f"       {name:<13}{seconds * 1000:>9.1f} ms   {seconds / parsing:>6.2f} x parsing")

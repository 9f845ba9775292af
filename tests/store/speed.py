"""
What the store costs with 10, 1,000 and 10,000 servers: `python -m tests.store.speed`.

Each figure is the best of several, in milliseconds, with a new store each time: as a command pays it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from novasim.records import Port, Server
from novasim.store import open_store
from novasim.store.tiny import TinyStore
from tests.store.worlds import id_number, server, world_of

SIZES = (10, 1000, 10000)


def best(step: Callable[[], object], times: int = 7) -> float:
    """The least duration of *step*, in milliseconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        step()
        found.append((time.perf_counter() - began) * 1000)
    return min(found)


def made(path: Path, servers: int) -> Path:
    """A cloud file of so many servers."""
    with open_store(path).write() as tx:
        for record in world_of(servers):
            tx.put(record)
    return path


def get_one(store: TinyStore, number: int) -> None:
    with store.read() as tx:
        assert tx.get(Server, id_number(number)) is not None


def find_ports(store: TinyStore, number: int) -> None:
    with store.read() as tx:
        assert len(tx.query(Port, {"device_id": id_number(number)})) == 1


def count_servers(store: TinyStore) -> None:
    with store.read() as tx:
        assert tx.count(Server)


def all_servers(store: TinyStore) -> None:
    with store.read() as tx:
        assert tx.query(Server)


def put_one(store: TinyStore, number: int) -> None:
    with store.write() as tx:
        found = tx.get(Server, id_number(number))
        assert found is not None
        found.progress += 1
        tx.put(found)


def add_one(store: TinyStore, number: int) -> None:
    with store.write() as tx:
        tx.put(server(number))


def figures(path: Path, servers: int) -> dict[str, float]:
    """What each operation costs on the file at *path*."""
    fresh = iter(range(servers, sys.maxsize))
    kept = open_store(path)
    return {
        "json.loads of it all": best(lambda: json.loads(path.read_bytes()), 3),
        "get one": best(lambda: get_one(open_store(path), servers // 2)),
        "get the first": best(lambda: get_one(open_store(path), 0)),
        "find by field": best(lambda: find_ports(open_store(path), servers // 2)),
        "count": best(lambda: count_servers(open_store(path))),
        "put one": best(lambda: put_one(open_store(path), servers // 2)),
        "add one": best(lambda: add_one(open_store(path), next(fresh))),
        "all": best(lambda: all_servers(open_store(path)), 3),
        "get one, kept store": best(lambda: get_one(kept, servers // 2), 50),
        "find by field, kept store": best(lambda: find_ports(kept, servers // 2), 50),
        "put one, kept store": best(lambda: put_one(kept, servers // 2), 20),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = {}
        for servers in SIZES:
            path = made(Path(folder, f"{servers}.json"), servers)
            table[servers] = figures(path, servers)
            print(f"{servers:,} servers: {path.stat().st_size / 1e6:.2f} MB")
        for name in table[SIZES[0]]:
            print(f"{name:26}", *(f"{table[servers][name]:10.2f}" for servers in SIZES))


if __name__ == "__main__":
    main()

"""
What the store costs with 10, 1,000 and 10,000 servers, as ratios to decoding or encoding the same file in the same run.

Run with `make bench`. Not a test of speed.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from tinydb import TinyDB

from novasim.records import Port, Server
from novasim.store import open_store
from novasim.store.tiny import TinyStore
from tests.store.files import fill
from tests.store.worlds import id_number, server, world_of


def best(step: Callable[[], object], times: int = 7) -> float:
    """The least processor time of *step*, in milliseconds."""
    found = []
    for _ in range(times):
        began = time.process_time()
        step()
        found.append((time.process_time() - began) * 1000)
    return min(found)


def get_one(store: TinyStore, number: int) -> None:
    with store.read() as tx:
        assert tx.get(Server, id_number(number)) is not None


def find_ports(store: TinyStore, number: int) -> None:
    with store.read() as tx:
        assert len(tx.query(Port, {"device_id": id_number(number)})) == 1


def read_all(store: TinyStore) -> None:
    with store.read() as tx:
        assert tx.query(Server)


def read_page(store: TinyStore) -> None:
    with store.read() as tx:
        assert tx.query(Server, order=["-created_at", "id"], limit=50)


def put_one(store: TinyStore, number: int) -> None:
    with store.write() as tx:
        found = tx.get(Server, id_number(number))
        assert found is not None
        found.progress += 1
        tx.put(found)


def add_one(store: TinyStore, number: int) -> None:
    with store.write() as tx:
        tx.put(server(number))


def read_with_tinydb(path: Path) -> None:
    with TinyDB(path) as db:
        assert db.table("servers").all()


@pytest.mark.parametrize("servers", [10, 1_000, 10_000])
def bench_store(tmp_path: Path, servers: int) -> None:
    path, middle = tmp_path / "cloud.json", servers // 2
    fill(path, *world_of(servers))
    fresh = itertools.count(servers)
    kept = open_store(path, resident=True)
    read_all(kept)
    decoding = best(lambda: orjson.loads(path.read_bytes()))
    figures = {
        "json.loads": best(lambda: json.loads(path.read_bytes()), 3),
        "TinyDB's own storage, all": best(lambda: read_with_tinydb(path), 3),
        "get one": best(lambda: get_one(open_store(path), middle)),
        "find by field": best(lambda: find_ports(open_store(path), middle)),
        "all servers": best(lambda: read_all(open_store(path))),
        "a page in order": best(lambda: read_page(open_store(path))),
        "put one": best(lambda: put_one(open_store(path), middle)),
        "get one, kept store": best(lambda: get_one(kept, middle), 50),
        "find by field, kept store": best(lambda: find_ports(kept, middle), 50),
        "put one, kept store": best(lambda: put_one(kept, middle), 20),
        "add one, kept store": best(lambda: add_one(kept, next(fresh)), 20),
    }
    print(f"\n{servers:>6} servers, {path.stat().st_size / 1e6:.2f} MB: orjson.loads of the file {decoding:.2f} ms")
    for name, milliseconds in figures.items():
        print(f"       {name:<26}{milliseconds:>9.2f} ms   {milliseconds / decoding:>6.2f} x orjson.loads")

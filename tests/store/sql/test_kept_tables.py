"""Small tables that a server keeps between transactions: right whichever process writes, and read only once."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from novasim.records import Flavor, Image, Record, Server
from novasim.store import open_store
from novasim.store.base import Store, Transaction
from novasim.store.memory import MemoryStore
from novasim.store.sql import kept_tables
from tests import extent
from tests.store.base import BoomError, image
from tests.store.worlds import server, settings

STEPS = extent(60, 2000)


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:{tmp_path / 'cloud.db'}"


def names(store: Store) -> list[str]:
    with store.read() as tx:
        return [each.name for each in tx.query(Image)]


def rename_in_file(address: str, name: str, increment: int) -> None:
    """Rename the images as another process does, whose transaction increments the revision by *increment*."""
    with closing(sqlite3.connect(address.removeprefix("sqlite:"), isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("UPDATE clouds SET revision = revision + ?", [increment])
        raw.execute(
            "UPDATE documents SET body = json_set(body, '$.name', ?), revision = (SELECT revision FROM clouds) "
            "WHERE table_name = 'images'",
            [name],
        )
        raw.execute("COMMIT")


def test_a_server_reads_a_small_table_again_when_the_revision_says_so(address):
    store = open_store(address, resident=True)
    with store.write() as tx:
        tx.put(settings())
        tx.put(image("a"))
    assert names(store) == ["a"]
    rename_in_file(address, "other", increment=0)  # so nothing but a new revision makes it look
    assert names(store) == ["a"]
    rename_in_file(address, "new", increment=1)
    assert names(store) == ["new"]


def test_a_command_keeps_nothing(address):
    store = open_store(address)
    with store.write() as tx:
        tx.put(image("a"))
    assert names(store) == ["a"]
    rename_in_file(address, "other", increment=0)
    assert names(store) == ["other"]


def test_a_cloud_that_was_created_again_is_another_one(address):
    first, second = (open_store(address, resident=True) for _ in range(2))
    with first.write() as tx:
        tx.put(image("a"))
    assert names(first) == names(second) == ["a"]
    Path(address.removeprefix("sqlite:")).unlink()
    with second.write() as tx:
        tx.put(image("b"))
    assert first.revision().number == second.revision().number == 1  # type: ignore[attr-defined]
    assert names(first) == names(second) == ["b"]


def test_the_place_of_the_last_record_is_free_after_its_deletion(address):
    for store in (open_store(address, resident=True), memory := MemoryStore()):
        for step in ([1, 2], [-2], [3]):
            with store.write() as tx:
                for number in step:
                    tx.put(server(number)) if number > 0 else tx.delete(server(-number))
    assert open_store(address).dump() == memory.dump()


def test_two_servers_and_a_command_always_agree(address, monkeypatch):
    """Each step is of one of two servers; after it, both and a new process see what a store in memory has."""
    monkeypatch.setattr(kept_tables, "MAX_ROWS", 7)  # so that a table becomes too large, and small again
    servers = [open_store(address, resident=True) for _ in range(2)]
    memory = MemoryStore()
    for step in range(STEPS):
        for store in (memory, servers[step // 5 % 2]):
            with suppress(BoomError):
                change(store, random.Random(step))
        expected = look(memory)
        assert [look(each) for each in (open_store(address), *servers)] == [expected] * 3


def change(store: Store, chance: random.Random) -> None:
    """Write, or try to write, once or several times in a batch."""
    if chance.random() < 0.3:
        with store.write() as tx:
            write(tx, chance)
        return
    with store.batch() as batch:
        for _ in range(chance.randrange(5)):
            with suppress(BoomError), batch.write() as tx:
                write(tx, chance)
        fail(chance)


def write(tx: Transaction, chance: random.Random) -> None:
    for _ in range(chance.randrange(4)):
        kind = chance.choice([Image, Flavor, Server])
        record = build(kind, str(chance.randrange(9)), chance)
        if chance.random() < 0.5:
            tx.delete(record)
        else:
            tx.put(record)
        tx.query(Image, {"name": chance.choice("xyz")})
    fail(chance)


def fail(chance: random.Random) -> None:
    if chance.random() < 0.1:
        raise BoomError


def build(kind: type[Record], id: str, chance: random.Random) -> Record:
    name = chance.choice("xyz")
    if kind is Image:
        return image(id, name=name)
    if kind is Flavor:
        return Flavor(id=id, name=name, ram=chance.randrange(3), vcpus=1, disk=1)
    found: Server = server(int(id))
    found.name = name
    return found


def look(store: Store) -> list[Any]:
    """What the cloud has, by all ways to read."""
    with store.read() as tx:
        found: list[Any] = [tx.query(Image, {"name": "x"}), tx.query(Image, {"name": "y"}, ["-id"], 2)]
        for kind in (Image, Flavor, Server):
            records = tx.query(kind)
            found += [records, tx.count(kind), tx.count(kind, {"name": "z"}), [tx.get(kind, id) for id in "08"]]
    return [*found, store.dump()]

"""Worlds of earlier formats. Formats -1 and 0 are made up for these tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tinydb import where

from novasim.control.backups import restore
from novasim.control.file_check import check
from novasim.errors import CloudFileError
from novasim.records import Fault, Server, Settings, Subnet, Task
from novasim.records.cloud import FORMAT
from novasim.store import migrate, open_store
from novasim.store.memory import MemoryStore
from tests.store.worlds import find_problems, id_number, server, settings


def name_from_label(world):
    """Format -1 called a server's name its label."""
    for document in world.table("servers"):
        world.table("servers").update({"name": document["label"]}, where("id") == document["id"])


def drop_secrets(world):
    """Format 0 had a table that is gone now."""
    world.drop_table("secrets")


@pytest.fixture
def steps(monkeypatch):
    """Steps for two formats before the first one."""
    monkeypatch.setitem(migrate.STEPS, -1, name_from_label)
    monkeypatch.setitem(migrate.STEPS, 0, drop_secrets)


def old_world(path: Path, format: int = -1) -> bytes:
    old = {**vars(server(1)), "label": "from the past"}
    del old["name"]
    content = {
        "settings": {"1": vars(settings(format=format, seed=7))},
        "servers": {"4": old if format == -1 else vars(server(1))},
        "secrets": {"1": {"x": 1}},
    }
    path.write_text(json.dumps(content))
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cloud.json"


def test_reading_migrates_in_memory_only(path, steps):
    before = old_world(path)
    for _ in range(2):
        with open_store(path).read() as tx:
            assert [found.name for found in tx.query(Server)] == ["from the past"]
    assert path.read_bytes() == before
    assert [name.name for name in path.parent.iterdir()] == ["cloud.json"]


def test_saving_keeps_the_old_file(path, steps):
    before = old_world(path)
    store = open_store(path)
    for number in (2, 3):
        with store.write() as tx:
            tx.put(server(number))
    content = json.loads(path.read_text())
    assert content["settings"]["1"]["format"] == FORMAT
    assert content["settings"]["1"]["seed"] == 7
    assert list(content["servers"]) == ["4", "5", "6"]
    assert "secrets" not in content
    assert Path(f"{path}.bak.1").read_bytes() == before
    assert find_problems(path) == []


def test_the_old_file_is_kept_even_if_there_is_a_young_backup(path, steps):
    before = old_world(path)
    Path(f"{path}.bak.1").write_bytes(b"just now")
    with open_store(path).write() as tx:
        tx.put(server(2))
    assert Path(f"{path}.bak.1").read_bytes() == before
    assert Path(f"{path}.bak.2").read_bytes() == b"just now"


def test_fields_renamed_in_formats_2_and_3(path):
    task = {"id": "t", "server_id": "s", "action": "stop", "request_id": "r"}
    subnet = {"id": "n", "name": "n", "network_id": "n", "project_id": "p", "cidr": "192.0.2.0/24", "ip_version": 4}
    times = {"created_at": "2026-01-01T00:00:00.000000Z", "updated_at": "2026-01-01T00:00:00.000000Z"}
    content = {
        "settings": {"1": {"id": "cloud", "format": 1, "seed": 0, "quiet_until": 5.0}},
        "tasks": {"1": {**task, "held": "lost"}, "2": {**task, "id": "u"}},
        "subnets": {"1": {**subnet, **times, "gateway_ip": "192.0.2.1", "asked_for": ["192.0.2.9"]}},
        "faults": {"1": {"id": "1", "does": "fail", "created_at": times["created_at"], "struck": 4}},
    }
    path.write_text(json.dumps(content))
    with open_store(path).read() as tx:
        assert tx.get(Settings, "cloud").next_due_at == 5.0
        assert [task.hold_reason for task in tx.query(Task)] == ["lost", ""]
        assert tx.query(Subnet)[0].requested_addresses == ["192.0.2.9"]
        assert tx.query(Fault)[0].triggered == 4


def test_a_transaction_that_saves_nothing_migrates_nothing(path, steps):
    before = old_world(path)
    with open_store(path).write() as tx:
        assert tx.get(Server, id_number(1)).name == "from the past"
    assert path.read_bytes() == before


def test_only_the_steps_that_are_missing(path, steps):
    old_world(path, format=0)
    with open_store(path).read() as tx:
        assert tx.query(Server) == [server(1)]


def test_restore_goes_back_to_the_old_format_which_is_still_read(path, steps):
    before = old_world(path, format=0)
    with open_store(path).write() as tx:
        tx.put(server(2))
    path.write_bytes(b"ruined")
    assert restore(path).backup.name == "cloud.json.bak.1"
    assert path.read_bytes() == before
    with open_store(path).read() as tx:
        assert tx.count(Server) == 1


def test_an_old_world_in_our_layout(path, steps):
    old_world(path, format=0)
    content = json.loads(path.read_text())
    content["settings"]["1"]["format"] = FORMAT
    path.write_text(json.dumps(content))
    with open_store(path).write() as tx:
        tx.put(server(2))
    path.write_bytes(path.read_bytes().replace(b'"format":%d' % FORMAT, b'"format":0'))
    with open_store(path).read() as tx:
        assert tx.count(Server) == 2


def test_a_format_that_never_was(path):
    before = old_world(path, format=0)
    with pytest.raises(CloudFileError, match="format 0 has never existed"), open_store(path).write():
        pass
    assert path.read_bytes() == before
    assert "format 0 has never existed" in check(str(path))[0]


def test_check_judges_an_old_world_by_what_it_becomes(path, steps):
    old_world(path)
    assert find_problems(path) == []


def test_a_step_that_fails_leaves_the_file(path, monkeypatch):
    def fails(world):
        raise KeyError("vm_state")

    monkeypatch.setitem(migrate.STEPS, 0, fails)
    before = old_world(path, format=0)
    with pytest.raises(CloudFileError, match="cannot be brought from format 0 to 1"), open_store(path).write():
        pass
    assert path.read_bytes() == before


def test_a_world_in_memory_is_migrated_too(path, steps):
    with MemoryStore(old_world(path)).read() as tx:
        assert tx.query(Server)[0].name == "from the past"

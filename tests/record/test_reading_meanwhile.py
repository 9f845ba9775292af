"""Reading a cloud and its record while another process has changed one of them, but not the other yet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from novasim.control.record import find_gaps
from novasim.control.worlds import open_cloud
from novasim.filelock import lock_file
from tests.databases import clouds as databases

pytestmark = pytest.mark.skipif(databases.ENGINE != "", reason="a database changes both at once")


@pytest.fixture
def writer(user, monkeypatch) -> Iterator[Callable[[str], None]]:
    """Runs a command that stops between cloud and record, until another process waits for it."""
    opened, locks = os.open, list[Any]()

    def run(line: str) -> None:
        before = user.record.read_bytes()
        user(line)
        after = user.record.read_bytes()
        assert len(after) > len(before)
        user.record.write_bytes(before)
        locks.append(lock_file(f"{user.path}.lock", 0.0, bool))
        locks[0].__enter__()

        def continue_writer(path: Any, *arguments: Any, **options: Any) -> int:
            if str(path).endswith(".json.lock") and locks:
                user.record.write_bytes(after)
                locks.pop().__exit__(None, None, None)
            return opened(path, *arguments, **options)

        monkeypatch.setattr(os, "open", continue_writer)

    yield run
    assert not locks, "no process has waited"


def test_record_of_a_cloud_that_is_being_changed_has_no_gap(user, writer):
    writer("lock web1")
    assert find_gaps(open_cloud(user.path)) == []


def test_past_of_a_cloud_that_is_being_changed_is_known(user, writer):
    user("lock web1")
    writer("unlock web1")
    assert user.json("--at 2 show web1")["locked"] is True


def test_last_step_of_a_cloud_that_is_being_replaced(user, writer):
    user("lock web1")
    writer("cloud reset --yes")
    assert user.json("cloud diff")


@pytest.mark.parametrize("line", ["log", "report -o -"])
def test_record_of_a_cloud_that_is_being_replaced_belongs_to_it(user, writer, line):
    writer("cloud reset --yes")
    assert user(line).stdout


def test_restore_of_a_cloud_that_changes_meanwhile_has_a_complete_entry(user, monkeypatch):
    user("record start")
    cloud, opened, pending = open_cloud(user.path), os.open, ["lock web1"]
    state = cloud.snapshot()

    def open_after_change(path, *arguments, **options):
        if pending and str(path).endswith(".json.lock"):
            user(pending.pop())
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", open_after_change)
    cloud.restore(state)
    user("record check")
    user("undo --all")
    assert user.json("show web1")["locked"] is True

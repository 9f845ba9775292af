"""Records that a user may only read, and those that another process removes."""

from __future__ import annotations

import os

import pytest

from novasim.errors import CloudFileError
from novasim.store.record_file import read_entries
from novasim.store.record_log import FileRecord
from tests.cli.conftest import User
from tests.store.test_access import open_folder, unprivileged

__all__ = ["open_folder"]


def test_a_user_who_may_only_read_reads_a_recorded_cloud(open_folder, monkeypatch):
    monkeypatch.setenv("HOME", str(open_folder))
    user = User(open_folder / "lab.json")
    user("create web1 --flavor m1.tiny --image cirros -q")
    user("record start")
    user("lock web1")
    lines = {"list": 0, "show web1": 0, "show web2": 3, "log": 0, "--at 2 list": 0, "cloud diff": 0, "record check": 0}
    for line, code in lines.items():  # the process may not read modules later
        user(line, code)
    for file in open_folder.iterdir():
        file.chmod(0o644)
    open_folder.chmod(0o755)
    os.chown(open_folder, 0, 0)
    count = len(read_entries(f"{user.path}.record"))
    with unprivileged():
        for line, code in lines.items():
            user(line, code)
        assert "record cannot be opened: Permission denied" in user("unlock web1", 9).stderr
    assert len(read_entries(f"{user.path}.record")) == count


def test_record_that_was_removed_meanwhile(tmp_path):
    record = FileRecord(str(tmp_path / "x.record"))
    assert record.count_bytes() == 0
    with pytest.raises(CloudFileError, match=r"x\.record cannot be changed: No such file"):
        record.stop()

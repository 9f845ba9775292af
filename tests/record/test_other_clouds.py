"""The record at a path whose cloud was deleted, replaced, or changed while no record was kept."""

from __future__ import annotations

import shutil

import pytest

from tests.record.conftest import Recorded

CREATE = "create web1 --flavor m1.tiny --image cirros"


@pytest.fixture
def anew(user) -> Recorded:
    """The cloud was deleted and created anew: the seed is the same, and so are all IDs."""
    user("lock web1")
    user.path.unlink()
    line = f"novasim: the record {user.record} of an earlier cloud begins again with this one.\n"
    assert user(CREATE).stderr.endswith(line)
    return user


def test_new_cloud_begins_the_record_again(anew):
    assert [entry.kind for entry in anew.entries()] == ["start", "request", "start", "request"]
    anew("record check")
    assert "reaches back to entry 3" in anew("--at 2 list", code=2).stderr
    assert anew("undo").stdout == f"Undone: {CREATE}\n"
    assert "no step of yours" in anew("undo", code=2).stderr
    anew("record check")


def test_history_has_no_entries_of_an_earlier_cloud(anew):
    assert [row["number"] for row in anew.json("history web1 --refusals")] == [4]
    path = anew("graph --server web1 --refusals").stdout.splitlines()
    assert [line[6:] for line in path if line[:4].strip().isdigit()] == ["create: (new) → BUILD"]


def test_cloud_init_begins_the_record_again(user):
    user.path.unlink()
    assert "begins again" in user("cloud init").stderr
    assert "begins again" not in user("cloud init --force").stderr
    user("undo")
    user("record check")


def test_unusable_record_prevents_a_new_cloud(user):
    user.path.unlink()
    user.record.write_text("mine")
    assert "was not written by novasim" in user(CREATE, code=9).stderr
    assert not user.path.exists()


def test_record_of_another_cloud_is_refused(user, tmp_path):
    before = tmp_path / "before.json"
    shutil.copy(user.path, before)
    user.path.unlink()
    user(CREATE)
    shutil.copy(before, user.path)
    content = user.path.read_bytes()
    for line in ("undo", "redo", "record check", "--at 2 list", "cloud diff", "cloud diff 1", "log"):
        done = user(line, code=9)
        assert done.stderr.count("\n") == 1
        assert "belongs to another cloud" in done.stderr
    assert user.path.read_bytes() == content
    user("record start")
    user("lock web1")
    assert user("undo").stdout == "Undone: lock web1\n"
    user("record check")


def test_cloud_with_another_key_after_an_import_has_the_same_record(user, tmp_path):
    user(f"cloud export {tmp_path / 'exported.json'}")
    user(f"cloud import {tmp_path / 'exported.json'}")
    user("lock web1")
    user("record check")
    user("undo 2")
    user("record check")
    user("redo 2")
    user("record check")


def test_past_of_a_stopped_record_is_known_until_the_cloud_changes(user):
    user("lock web1")
    user("record stop")
    assert user.json("--at 1 show web1")["locked"] is False
    user("unlock web1")
    for line in ("--at 1 show web1", "cloud diff 1"):
        assert "changed since its record was stopped" in user(line, code=2).stderr

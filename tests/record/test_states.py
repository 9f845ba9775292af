"""`cloud diff`, `cloud fork` and `--at`."""

from __future__ import annotations

import json

import pytest

from tests import each_case


@pytest.fixture
def resized(user):
    """web1 is resized: entry 2 is the request, and entry 3 the advance of the clock."""
    user("cloud save one")
    user("resize web1 --flavor m1.small")
    user("clock advance 30")
    return user


def test_differences_in_words(resized):
    lines = resized("cloud diff 1").stdout.splitlines()
    assert lines[0].startswith("web1: status ACTIVE -> VERIFY_RESIZE, flavor m1.tiny -> m1.small, host host")
    assert lines[0].endswith("; migration 1 created")
    assert lines[1:] == ["time 2026-01-01T00:00:30.000000Z -> 2026-01-01T00:01:00.000000Z"]
    assert resized("cloud diff one").stdout.splitlines() == lines
    assert resized("cloud diff 1 2").stdout == "web1: status ACTIVE -> RESIZE (resize_prep); migration 1 created\n"


def test_last_step(resized):
    resized("volume create data --size 1")
    assert resized("cloud diff").stdout == "volume data created\n"
    resized("undo")
    assert resized("cloud diff").stdout.startswith("web1: status RESIZE (resize_prep) -> VERIFY_RESIZE")


def test_nothing_differs(user):
    user("cloud save one")
    assert user("cloud diff one").stdout == ""
    assert user("cloud diff one -f json").stdout == "[]\n"


def test_differences_in_json(resized):
    items = resized.json("cloud diff 1 2")
    web1 = next(item for item in items if item["table"] == "servers")
    assert (web1["name"], web1["kind"]) == ("web1", "changed")
    assert web1["fields"]["task_state"] == [None, "resize_prep"]
    assert [item["kind"] for item in items if item["table"] == "migrations"] == ["created"]


def test_secrets_are_masked(user):
    user("--as admin user create bob --password one")
    user("--as admin user set bob --password two")
    for line in ("cloud diff", "cloud diff 1", "cloud diff 1 -f json"):
        shown = user(line).stdout
        hashes = [each["password_hash"] for each in json.loads(user.path.read_text())["users"].values()]
        assert [hash for hash in hashes if hash in shown] == []
    assert "password_hash *** -> ***" in user("cloud diff").stdout


@each_case(
    ("line", "code"),
    [
        ("cloud diff 99", 2),
        ("cloud diff 0", 2),
        ("cloud diff nothing", 2),
        ("--at 99 list", 2),
        ("--at 1 stop web1", 2),
        ("--at 1 cloud save x", 2),
        ("--at 1 clock advance 5", 2),
        ("--at x list", 2),
        ("--at 1 log", 2),
        ("--at 1 wait web1 --for SHUTOFF", 2),
        ("--at 1 watch", 2),
        ("--at 1 plan web1 SHUTOFF --run", 2),
        ("--at 1 stop web1 web2", 2),
        ("--at 1 record check", 2),
        ("--at 1 cloud diff 1", 2),
        ("--at 1 coverage report", 2),
    ],
)
def test_wrong_states(user, line, code):
    before = user.path.read_bytes()
    assert user(line, code).stderr.count("novasim: ") == 1
    assert user.path.read_bytes() == before


def test_reading_the_past(resized):
    assert json.loads(resized("--at 1 show web1 -f json").stdout)["status"] == "ACTIVE"
    assert json.loads(resized("--at 2 show web1 -f json").stdout)["status"] == "RESIZE"
    assert resized("--at 2 list -f value -c Status").stdout == "RESIZE\n"
    assert "novasim" not in resized("--at 2 graph --server web1").stderr
    assert json.loads(resized("--at 1 clock show -f json").stdout)["now"] == "2026-01-01T00:00:30.000000Z"
    assert len(json.loads(resized("--at 1 history web1 -f json").stdout)) == 1
    assert resized("--at 1 cloud export -").stdout != resized("cloud export -").stdout
    before = resized.record.read_bytes()
    resized("--as admin --at 1 diagnostics web1")
    assert resized.record.read_bytes() == before


def test_past_under_the_real_clock(user, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK")
    user("clock set real")
    user("clock speed 1000")
    user("stop web1 --wait")
    number = next(entry.number for entry in user.entries() if entry.action == "stop")
    assert json.loads(user(f"--at {number} show web1 -f json").stdout)["OS-EXT-STS:task_state"] == "powering-off"


def test_fork(resized):
    path = resized("--at 1 cloud fork past").stdout.strip()
    assert path == str(resized.path.with_name("past.json"))
    assert resized(f"--cloud {path} list -f value -c Status").stdout == "ACTIVE\n"
    resized(f"--cloud {path} lock web1")
    resized(f"--cloud {path} cloud check")
    assert resized("cloud diff 1 past.json", code=2).exit_code == 2
    assert resized(f"cloud diff 1 {path}").stdout == "web1: locked_by - -> owner\n"
    assert "exists" in resized("cloud fork past", code=2).stderr
    resized("cloud fork ../elsewhere", code=2)
    assert (resized.path.with_name("past.json").stat().st_mode & 0o777) == 0o600


def test_nothing_before_the_start_of_the_record(user):
    user("lock web1")
    user("record stop")
    user("unlock web1")
    user("record start")
    assert "reaches back to entry 4" in user("--at 2 list", code=2).stderr


def test_past_needs_a_record(user):
    user.record.unlink()
    for line in ("--at 1 list", "cloud diff", "cloud diff 1"):
        assert "record" in user(line, code=9).stderr


def test_record_is_no_output_file(user):
    user(f"cloud export {user.record} --force", code=2)
    user(f"graph -o {user.record} --force", code=2)
    user("record check")

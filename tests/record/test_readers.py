"""`history` and `graph --server` with a record are exact; without one they are as before."""

from __future__ import annotations

import pytest

from tests.record.conftest import Recorded


def history(user: Recorded, more: str = "") -> list[list[str]]:
    return [line.split(",") for line in user(f"history web1 {more} -f csv").stdout.replace('"', "").splitlines()[1:]]


@pytest.fixture
def web1(user):
    """A server that was stopped before the record began, and started and paused afterwards."""
    user("record stop")
    user("stop web1")
    user("clock advance 30")
    user("record start")
    user("start web1")
    user("clock advance 30")
    user("unpause web1", code=4)
    user("pause web1")
    user("clock advance 30")
    return user


def test_history_in_a_table(web1):
    text = web1("history web1").stdout
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")][1:]
    assert [row[3:5] for row in rows] == [
        ["create", ""],
        ["stop", ""],
        ["start web1", "SHUTOFF -> SHUTOFF (powering-on)"],
        ["start ended", "SHUTOFF (powering-on) -> ACTIVE"],
        ["pause web1", "ACTIVE -> ACTIVE (pausing)"],
        ["pause ended", "ACTIVE (pausing) -> PAUSED"],
    ]


def test_history_with_refusals(web1):
    rows = history(web1, "--refusals -c What -c State -c Result")
    assert ["unpause web1", "ACTIVE", "409 vm_state"] in rows
    assert {"unpause"} <= {entry["action"] for entry in web1.json("history web1 --refusals")}


def test_json_is_the_log_of_nova(web1):
    assert [entry["action"] for entry in web1.json("history web1")] == ["create", "stop", "start", "pause"]


def test_refusals_need_a_record(web1):
    for path in web1.path.parent.glob("*.record*"):
        path.unlink()
    for line in ("history web1 --refusals", "graph --server web1 --refusals"):
        assert "novasim record start" in web1(line, code=2).stderr


def test_graph_follows_the_record(web1):
    path = [line[6:] for line in web1("graph --server web1 --refusals").stdout.splitlines()[2:9]]
    assert path == [
        "create: (new) → BUILD",
        "create: BUILD → ACTIVE",
        "stop: ACTIVE → SHUTOFF",
        "start: SHUTOFF → ACTIVE",
        "unpause (failed): ACTIVE → ACTIVE",
        "pause: ACTIVE → PAUSED",
        "",
    ]
    assert "unpause (failed)" not in web1("graph --server web1").stdout


def test_graph_is_exact_where_the_log_is_not(user):
    """The log has no entry for a guest that stops by itself, nor where a reset of the state led."""
    user("--as admin reset-state web1 --state error")
    user("--as admin reset-state web1 --state active")
    user("suspend web1")
    user("clock advance 60")
    path = [line[6:] for line in user("graph --server web1").stdout.splitlines() if line[:4].strip().isdigit()]
    assert path[2:] == ["reset-state: ACTIVE → ERROR", "reset-state: ERROR → ACTIVE", "suspend: ACTIVE → SUSPENDED"]


def test_running_task(user):
    user("suspend web1")
    assert "suspend! (running)" in user("graph --server web1 --around SUSPENDED").stdout.replace(
        "suspend (", "suspend! ("
    )


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ("", 6),
        ("--server web1", 4),
        ("--refused", 1),
        ("--user admin", 1),
        ("--since 10m", 6),
        ("--since 2020-01-01", 6),
    ],
)
def test_log_selects(user, options, count):
    user("lock web1")
    user("unlock web1")
    user("unpause web1", code=4)
    user("--as admin host create host9")
    user("pause web1")
    assert len(user.log(options)) == count


def test_log_of_a_folder(user, tmp_path, monkeypatch):
    monkeypatch.setenv("NOVASIM_RECORD", f"{tmp_path}/records/")
    user("lock web1")
    user("unlock web1")
    monkeypatch.delenv("NOVASIM_RECORD")
    assert [entry["action"] for entry in user.log(f"--file {tmp_path}/records")] == ["lock", "unlock"]


def test_log_without_a_record(user):
    user.record.unlink()
    assert "novasim record start" in user("log", code=9).stderr

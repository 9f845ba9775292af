"""`watch`: progress that moves, the clock, filters, and more servers than the terminal has rows."""

from __future__ import annotations

import pytest

from tests.cli.test_terminal import ESCAPES, cloud, typed

NEW = "create web1 --flavor m1.tiny --image cirros -q"


@pytest.fixture
def manual(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user(NEW)
    return user


def cells(user, line: str) -> list[list[str]]:
    """The cells of the table, without its titles."""
    lines = [each for each in user(line).stdout.splitlines() if each.startswith("|")]
    return [[cell.strip() for cell in each.strip("|").split("|")] for each in lines[1:]]


def test_progress_moves(manual):
    seen = []
    for _ in range(3):
        seen.append(cells(manual, "watch --times 1")[0])
        manual("clock advance 0.9")
    assert [row[:2] for row in seen] == [["web1", "BUILD"]] * 3
    shares = [int(row[3].removesuffix("%")) for row in seen]
    assert shares[0] == 0 and shares[0] < shares[1] < shares[2] < 100
    manual("clock advance 10s")
    assert cells(manual, "watch --times 1") == [["web1", "ACTIVE", "", ""]]


def test_the_clock_is_shown_above_the_table(manual):
    manual("clock advance 75s")
    assert manual("watch --times 1").stdout.startswith("2026-01-01 00:01:15 (manual clock)\n+")
    for options in ("-f json", "-f csv", "-q", "-c name"):
        assert "manual clock" not in manual(f"watch --times 1 {options}").stdout


def test_administrators_see_project_and_host(manual):
    manual("--as admin create theirs --flavor m1.tiny --image cirros -q")
    manual("clock advance 10s")
    assert cells(manual, "watch --times 1") == [["web1", "ACTIVE", "", ""]]
    rows = cells(manual, "--as admin watch --times 1")
    assert sorted(row[:1] + row[4:] for row in rows) == [["theirs", "admin", "host2"], ["web1", "demo", "host1"]]


def test_filters_select_servers(manual):
    manual("clock advance 10s")
    manual("create db1 --flavor m1.tiny --image cirros -q")
    assert [row[0] for row in cells(manual, "watch --times 1")] == ["db1", "web1"]  # the busy one first
    assert [row[0] for row in cells(manual, "watch --times 1 --name ^web")] == ["web1"]
    assert [row[0] for row in cells(manual, "watch --times 1 --status BUILD")] == ["db1"]
    assert [row[0] for row in cells(manual, "watch --times 1 --status BUILD --status ACTIVE")] == ["db1", "web1"]
    assert [row[0] for row in cells(manual, "--as admin watch --times 1 --host host1")] == ["web1"]
    assert [row[0] for row in cells(manual, "--as admin watch --times 1 --project demo")] == ["db1", "web1"]
    assert [row[0] for row in cells(manual, "watch web1 --times 1")] == ["web1"]
    manual("watch web1 nope --times 1", 3)
    assert "Did you mean ACTIVE?" in manual("watch --times 1 --status ACTVE", 6).stderr


def test_a_terminal_shows_as_many_servers_as_it_has_rows(tmp_path):
    pytest.importorskip("pty")
    line = ["create", "web", "--count", "9", "--flavor", "m1.tiny", "--image", "cirros", "-q"]
    typed([*cloud(tmp_path), *line], NOVASIM_CLOCK="instant")
    shown = ESCAPES.sub("", typed([*cloud(tmp_path), "watch", "--times", "1"], LINES="12", NOVASIM_CLOCK="instant")[0])
    lines = shown.replace("\r", "").splitlines()
    assert len(lines) <= 12 and shown.count("ACTIVE") == 5
    assert lines[-1] == "... and 4 more servers; to see all: novasim list"
    everything, _ = typed([*cloud(tmp_path), "watch", "--times", "1"], LINES="50", NOVASIM_CLOCK="instant")
    assert everything.count("ACTIVE") == 9 and "more servers" not in everything

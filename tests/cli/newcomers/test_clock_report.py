"""`clock advance` says what happened to the caller's servers, and when."""

from __future__ import annotations

import re

import pytest

NEW = "create web1 --flavor m1.tiny --image cirros -q"


@pytest.fixture
def manual(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user(NEW)
    return user


def events(user, line: str, code: int = 0) -> list[str]:
    """The lines on stderr, without their times."""
    lines = user(line, code).stderr.splitlines()
    assert all(re.match(r"\d\d:\d\d\.\d ", each) for each in lines if not each.startswith("novasim: "))
    return [each.partition(" ")[2] for each in lines if not each.startswith("novasim: ")]


def test_changes_of_a_status_are_reported_with_their_time(manual):
    done = manual("clock advance 10s")
    assert re.fullmatch(r"00:03\.\d web1 BUILD -> ACTIVE\n", done.stderr)
    assert done.stdout == "2026-01-01T00:00:10.000000Z\n"  # as before, for scripts


def test_times_are_those_since_the_command_began(manual):
    manual("clock advance 10s")
    manual("stop web1")
    assert re.match(r"00:00\.[5-9]|00:01", manual("clock advance --until web1=SHUTOFF").stderr)
    manual("config set reclaim_instance_interval 4000")
    manual("delete web1")
    assert re.search(r"^66:40\.\d web1 SOFT_DELETED -> DELETED$", manual("clock advance 2h").stderr, re.MULTILINE)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("resize web1 --flavor m1.small", ["web1 RESIZE -> VERIFY_RESIZE"]),
        ("reboot web1", ["web1 REBOOT -> ACTIVE"]),
        ("shelve web1", ["web1 ACTIVE -> SHELVED", "web1 SHELVED -> SHELVED_OFFLOADED"]),
        ("create-image web1 copy -q", ["web1 ACTIVE: create-image has ended"]),
        ("delete web1", ["web1 ACTIVE -> DELETED"]),
        ("show web1 -q", []),
    ],
)
def test_what_each_action_reports(manual, line, expected):
    manual("clock advance 10s")
    manual(line)
    assert events(manual, "clock advance 10s") == expected


def test_a_failed_build_is_reported(manual):
    manual("clock advance 10s")
    manual("fault add spawn --times 3")
    manual("create web2 --flavor m1.tiny --image cirros -q")
    assert events(manual, "clock advance 20s") == ["web2 BUILD -> ERROR"]


def test_what_happened_is_reported_even_if_the_goal_is_not_reached(manual):
    assert events(manual, "clock advance --until web1=PAUSED", 7) == ["web1 BUILD -> ACTIVE"]


def test_servers_of_other_projects_are_reported_to_administrators_only(manual):
    manual("--as admin create theirs --flavor m1.tiny --image cirros -q")
    kept = manual.path.read_bytes()
    assert events(manual, "clock advance 10s") == ["web1 BUILD -> ACTIVE"]
    manual.path.write_bytes(kept)
    assert sorted(events(manual, "--as admin clock advance 10s")) == ["theirs BUILD -> ACTIVE", "web1 BUILD -> ACTIVE"]


def test_long_reports_are_cut(manual):
    manual("--as admin quota set demo --instances 50 --cores 100")
    manual("create more --count 30 --flavor m1.tiny --image cirros -q")
    lines = manual("clock advance 20s").stderr.splitlines()
    assert len(lines) == 21 and lines[-1] == "... and 11 more events"


def test_a_report_changes_no_result(manual):
    """Advancing at once and in steps leaves the same cloud, whether or not something is reported."""
    kept = manual.path.read_bytes()
    manual("clock advance 10s")
    at_once = manual.json("show web1")
    manual.path.write_bytes(kept)
    manual("clock advance --until web1=ACTIVE")
    assert manual.json("show web1")["OS-SRV-USG:launched_at"] == at_once["OS-SRV-USG:launched_at"]

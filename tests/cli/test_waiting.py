"""--wait, wait, and the clocks: what is waited for comes, or it is said why it will not."""

from __future__ import annotations

import json
import time

import pytest

from novasim.simulation.time import clock

NEW = "create web1 --flavor m1.tiny --image cirros"


@pytest.fixture
def manual(user, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    return user


@pytest.fixture
def real(user, monkeypatch):
    """A real clock a hundred times as fast, so that a build takes 30 ms."""
    monkeypatch.delenv("NOVASIM_CLOCK")
    monkeypatch.delenv("NOVASIM_SEED")
    user("clock set real --speed 100")
    return user


def status(user, name="web1"):
    return json.loads(user(f"show {name} -f json").stdout)["status"]


def test_a_command_that_waits_returns_when_it_is_done(real):
    assert json.loads(real(f"{NEW} --wait -f json").stdout)["status"] == "ACTIVE"
    for line, then in (
        ("stop web1", "SHUTOFF"),
        ("start web1", "ACTIVE"),
        ("resize web1 --flavor m1.small", "VERIFY_RESIZE"),
        ("confirm-resize web1", "ACTIVE"),
        ("shelve web1", "SHELVED_OFFLOADED"),
        ("unshelve web1", "ACTIVE"),
        ("rebuild web1 -q", "ACTIVE"),
    ):
        real(f"{line} --wait")
        assert status(real) == then
    real("delete web1 --wait")
    real("show web1", 3)


def test_a_command_that_does_not_wait_returns_at_once(real, monkeypatch):
    monkeypatch.setattr(clock, "sleep", lambda seconds: pytest.fail("nobody asked to wait"))
    real(NEW)
    real("delete web1")


def test_waiting_for_several_is_waiting_for_all(real):
    real("create a b c --flavor m1.tiny --image cirros")
    real("wait a b c --for active")
    assert [status(real, name) for name in "abc"] == ["ACTIVE"] * 3
    told = real("stop a b missing c --wait", 3).stderr
    assert told.count("novasim: ") == 1
    assert [status(real, name) for name in "abc"] == ["SHUTOFF"] * 3


def test_a_wait_ends_when_its_time_is_over(real):
    real(f"{NEW} --wait -q")
    begun = time.monotonic()
    told = real("wait web1 --for SHUTOFF --timeout 20", 7).stderr
    assert told == "novasim: Timed out after 20 s: web1 is still ACTIVE, not SHUTOFF.\n"
    assert time.monotonic() - begun < 5  # 20 s of the cloud's time


def test_each_server_that_is_not_there_is_named(real):
    real("create a b --flavor m1.tiny --image cirros --wait -q")
    real("stop a --wait")
    told = real("wait a b --for SHUTOFF --timeout 5", 7).stderr
    assert told == "novasim: Timed out after 5 s: b is still ACTIVE, not SHUTOFF.\n"


def test_a_manual_clock_is_not_waited_for(manual):
    told = manual(f"{NEW} --password told --wait", 7)
    advice = "and the clock is manual. Advance it: novasim clock advance 30s"
    assert told.stderr == f"novasim: create of web1 is still running, {advice}\n" and "told" in told.stdout
    assert manual("wait web1", 7).stderr == f"novasim: web1 is still BUILD, not ACTIVE, {advice}\n"
    assert manual("wait web1 --for task", 7).stderr == f"novasim: web1 is still busy (scheduling), {advice}\n"
    assert manual("wait web1 --for deleted", 7).stderr == f"novasim: web1 is still BUILD, not deleted, {advice}\n"
    assert manual("clock advance --until web1=ACTIVE").stdout.startswith("2026-01-01T00:00:0")
    manual("wait web1 --for ACTIVE")
    manual("wait web1 --for task")
    manual("stop web1")
    manual("wait web1 --for task", 7)
    manual("clock advance 1m")
    manual("wait web1 --for task")
    assert status(manual) == "SHUTOFF"


def test_what_will_never_come_is_not_waited_for(user):
    user(NEW)
    refused = user("wait web1 --for SHUTOFF", 7).stderr
    assert refused == "novasim: web1 is still ACTIVE, not SHUTOFF, and no task is running that could change that.\n"
    user("wait web1 --for NONSENSE", 2)
    user("wait missing --for ACTIVE", 3)


def test_waiting_for_the_end_of_a_server(user):
    id = user.create("web1")["id"]
    user("wait web1 --for deleted", 7)
    user("delete web1")
    user("wait web1 --for deleted")
    user(f"wait {id} --for deleted")
    user("wait missing --for deleted", 3)
    user("wait 00000000-0000-4000-8000-000000000000 --for deleted", 3)
    user("--as admin wait web1 --for deleted", 3)  # it was never in that project


def test_a_failure_ends_the_wait_and_says_why(user):
    for number in (1, 2, 3):
        user(f"--as admin service set host{number} --down")
    done = user(f"{NEW} --wait", 8)
    assert done.stderr.startswith("novasim: web1 went to ERROR: No valid host was found.")
    assert "ERROR" in done.stdout
    user("wait web1 --for ACTIVE", 8)
    user("wait web1 --for ERROR")


def test_an_action_that_fails_and_leaves_the_server_as_it_was_is_told(user):
    user("--as admin cloud init --hosts 1 --force --seed 1")
    user(NEW)
    told = user("resize web1 --flavor m1.small --wait", 8).stderr
    assert "resize of web1 failed" in told and "novasim history web1" in told
    assert status(user) == "ACTIVE"


def test_a_failed_action_of_before_is_not_blamed_on_the_next(user):
    user("--as admin cloud init --hosts 1 --force --seed 1")
    user(NEW)
    user("resize web1 --flavor m1.small")
    user("stop web1 --wait")
    user("lock web1")
    user("unlock web1 --wait")


def test_a_soft_deleted_server_counts_as_deleted_by_the_command_and_is_still_found(user):
    user("config set reclaim_instance_interval 3600")
    user(NEW)
    user("delete web1 --wait")
    user("wait web1 --for SOFT_DELETED")
    user("restore web1 --wait")
    user("wait web1 --for ACTIVE")


def test_until_is_refused_where_nothing_leads_there(manual):
    manual(NEW)
    manual("clock advance --until web1=SHUTOFF", 7)
    manual("clock advance --until web1=NONSENSE", 2)
    manual("clock advance --until web1", 2)
    manual("clock advance", 2)
    manual("clock advance 1s --until web1=ACTIVE", 2)

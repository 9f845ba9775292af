"""The option --wait, the command wait, and `clock advance --until`."""

from __future__ import annotations

import json
import time

import pytest

from novasim.control.worlds import open_cloud
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


def test_wait_option_returns_after_the_action(real):
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


def test_wait_option_of_each_volume_waits_for_that_volume(real):
    """Volumes are attached at the same time. Both can be detached as soon as the commands have waited."""
    real(f"{NEW} --wait")
    for volume in ("data", "logs"):
        real(f"volume create {volume} --size 1")
    real("attach-volume web1 data --wait")
    real("detach-volume web1 data --wait")
    real("attach-volume web1 data")
    real("attach-volume web1 logs --wait")
    assert json.loads(real("volume show logs -f json").stdout)["status"] == "in-use"
    real("detach-volume web1 logs --wait")
    assert json.loads(real("volume show logs -f json").stdout)["status"] == "available"


def test_waiting_for_a_volume_is_not_ended_by_another(manual):
    """Under a manual clock, a wait that has not ended says so."""
    manual(f"{NEW} --wait", 7)
    manual("clock advance 60")
    for volume in ("data", "logs"):
        manual(f"volume create {volume} --size 1")
    manual("attach-volume web1 data")
    assert "web1 is still ACTIVE; attach-volume has not finished" in manual("attach-volume web1 logs --wait", 7).stderr


def test_command_without_wait_returns_at_once(real, monkeypatch):
    monkeypatch.setattr(clock, "sleep", lambda seconds: pytest.fail("nobody asked to wait"))
    real(NEW)
    real("delete web1")


def test_wait_ends_when_all_servers_are_ready(real):
    real("create a b c --flavor m1.tiny --image cirros")
    real("wait a b c --for active")
    assert [status(real, name) for name in "abc"] == ["ACTIVE"] * 3
    output = real("stop a b missing c --wait", 3).stderr
    assert output.count("novasim: ") == 1
    assert [status(real, name) for name in "abc"] == ["SHUTOFF"] * 3


def test_wait_times_out(real):
    real(f"{NEW} --wait -q")
    begun = time.monotonic()
    output = real("wait web1 --for SHUTOFF --timeout 20", 7).stderr
    assert output == "novasim: Timed out after 20 s: web1 is still ACTIVE, not SHUTOFF.\n"
    assert time.monotonic() - begun < 15  # 20 s of the cloud's time


def test_timeout_names_each_server(real):
    real("create a b --flavor m1.tiny --image cirros --wait -q")
    real("stop a --wait")
    output = real("wait a b --for SHUTOFF --timeout 5", 7).stderr
    assert output == "novasim: Timed out after 5 s: b is still ACTIVE, not SHUTOFF.\n"


def test_wait_ends_at_once_with_a_manual_clock(manual):
    output = manual(f"{NEW} --password told --wait", 7)
    advice = "and the clock is manual. Advance it: novasim clock advance 30s"
    building = "web1 is still BUILD (scheduling); create has not finished"
    assert output.stderr == f"novasim: {building}, {advice}\n" and "told" in output.stdout
    assert manual("wait web1", 7).stderr == f"novasim: web1 is still BUILD, not ACTIVE, {advice}\n"
    assert manual("wait web1 --for idle", 7).stderr == f"novasim: web1 is still busy (scheduling), {advice}\n"
    assert manual("wait web1 --for deleted", 7).stderr == f"novasim: web1 is still BUILD, not deleted, {advice}\n"
    assert manual("clock advance --until web1=ACTIVE").stdout.startswith("2026-01-01T00:00:0")
    manual("wait web1 --for ACTIVE")
    manual("wait web1 --for idle")
    manual("stop web1")
    manual("wait web1 --for idle", 7)
    manual("clock advance 1m")
    manual("wait web1 --for idle")
    assert status(manual) == "SHUTOFF"


def test_wait_ends_if_no_task_is_running(user):
    user(NEW)
    refused = user("wait web1 --for SHUTOFF", 7).stderr
    assert refused == "novasim: web1 is still ACTIVE, not SHUTOFF, and no task is running that would change it.\n"
    user("wait web1 --for NONSENSE", 2)
    assert "Did you mean idle?" in user("wait web1 --for task", 2).stderr
    user("wait missing --for ACTIVE", 3)


def test_wait_for_deleted(user):
    id = user.create("web1")["id"]
    user("wait web1 --for deleted", 7)
    user("delete web1")
    user("wait web1 --for deleted")
    user(f"wait {id} --for deleted")
    user("wait missing --for deleted", 3)
    user("wait 00000000-0000-4000-8000-000000000000 --for deleted", 3)
    user("--as admin wait web1 --for deleted", 3)  # it was never in that project


def test_failure_ends_the_wait_with_its_reason(user):
    for number in (1, 2, 3):
        user(f"--as admin service set host{number} --down")
    done = user(f"{NEW} --wait", 8)
    assert done.stderr.startswith("novasim: web1 went to ERROR: No valid host was found.")
    assert "ERROR" in done.stdout
    user("wait web1 --for ACTIVE", 8)
    user("wait web1 --for ERROR")


def test_failed_action_without_error_status_is_reported(user):
    user("--as admin cloud init --hosts 1 --force --seed 1")
    user(NEW)
    output = user("resize web1 --flavor m1.small --wait", 8).stderr
    assert "resize of web1 failed" in output and "novasim history web1" in output
    assert status(user) == "ACTIVE"


def test_earlier_failure_does_not_end_a_wait(user):
    user("--as admin cloud init --hosts 1 --force --seed 1")
    user(NEW)
    user("resize web1 --flavor m1.small")
    user("stop web1 --wait")
    user("lock web1")
    user("unlock web1 --wait")


def test_soft_deleted_server_is_found_by_name(user):
    user("config set reclaim_instance_interval 3600")
    user(NEW)
    user("delete web1 --wait")
    user("wait web1 --for SOFT_DELETED")
    user("restore web1 --wait")
    user("wait web1 --for ACTIVE")


def test_advance_until_an_unreachable_status_is_refused(manual):
    manual(NEW)
    manual("clock advance --until web1=SHUTOFF", 7)
    manual("clock advance --until web1=NONSENSE", 2)
    manual("clock advance --until web1", 2)
    manual("clock advance", 2)
    manual("clock advance 1s --until web1=ACTIVE", 2)


def test_waiting_with_a_manual_clock(user, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK")
    user("clock set manual")
    user("create web1 --flavor m1.tiny --image cirros")
    assert status(user) == "BUILD"
    user("wait web1 --timeout 5", 7)
    user("clock advance --until web1=ACTIVE")
    assert status(user) == "ACTIVE"
    user("stop web1")
    user("clock advance 30s")
    assert status(user) == "SHUTOFF"
    assert user.json("clock show")["mode"] == "manual"


def test_variable_that_overrides_the_clock_is_named(user, monkeypatch):
    note = "novasim: NOVASIM_CLOCK=instant overrides the cloud's clock"
    assert user("clock set manual").stderr.startswith(note)
    assert user("clock show").stderr.startswith(note)
    assert "unset that variable, or set it to manual" in user("clock advance 1m", 2).stderr
    monkeypatch.delenv("NOVASIM_CLOCK")
    assert user("clock show").stderr == user("clock advance 1m").stderr == ""
    user("clock run")
    assert "novasim clock set manual." in user("clock advance 1m", 2).stderr


def test_a_seeded_cloud_runs_when_it_is_told_to(user, monkeypatch):
    monkeypatch.delenv("NOVASIM_CLOCK")
    user("cloud init --force --seed 7")
    user("clock set manual")
    user("keypair create k")
    user("clock run")
    with open_cloud(user.path).reading() as world:
        assert world.settings.wall_anchor is not None


def test_timeout_without_wait_is_refused(user):
    for line in (f"{NEW} --timeout 3", "stop web1 --timeout 3", "delete web1 --timeout 600"):
        assert user(line, 2).stderr == "novasim: --timeout limits --wait, and --wait is missing.\n"
    assert user.json("list") == []


@pytest.mark.parametrize("line", ["start web1 --wait", "wait web1"])
def test_wait_names_the_fault_that_holds_the_task(web1, line):
    web1("stop web1")
    web1("fault add --action start --stuck")
    if line == "wait web1":
        web1("start web1")
    assert web1(line, 7).stderr.endswith(
        ". An injected fault holds it in powering-on. To release it: novasim fault remove 1\n"
    )


def test_wait_says_that_the_message_of_a_task_was_lost(web1):
    web1("fault add lost --action stop --lose --times 1")
    reset = "--as admin reset-state web1 --state active"
    assert web1("stop web1 --wait", 7).stderr == (
        "novasim: web1 is still ACTIVE (powering-off); stop has not finished. It stays powering-off, because the "
        "message to its host was lost. "
        f"As administrator: novasim {reset}\n"
    )
    web1(reset)
    web1("stop web1 --wait")


def test_wait_names_the_host_that_is_down(real):
    real(f"{NEW} --wait")
    host = real.json("--as admin show web1")["OS-EXT-SRV-ATTR:host"]
    real(f"--as admin host set {host} --down")
    error = real("stop web1 --wait --timeout 5", 7).stderr
    assert error == (
        "novasim: Timed out after 5 s: web1 is still ACTIVE (powering-off); stop has not finished. "
        f"Its host {host} is down. To bring it up: novasim --as admin host set {host} --up\n"
    )


def test_client_says_that_its_wait_cannot_end(manual):
    error = manual("openstack server create --flavor m1.tiny --image cirros --wait o1", 1).stderr
    assert error == (
        "Error creating server: o1. The wait cannot end: the clock is manual. Advance it: novasim clock advance 30s\n"
    )

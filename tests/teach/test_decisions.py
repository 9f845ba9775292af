"""Advice for servers that wait for a decision or are being deleted, and commands in advice at 80 columns."""

from __future__ import annotations

import json
import shlex

import pytest

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import find_alternative

NEW = "create web1 --flavor m1.tiny --image cirros -q"
OR = "Or go back to the old flavor or host: novasim revert-resize web1 --wait"


def test_confirm_and_revert_are_the_only_decision():
    assert {name: other.name for name in ACTIONS if (other := find_alternative(ACTIONS[name]))} == {
        "confirm-resize": "revert-resize",
        "revert-resize": "confirm-resize",
    }


@pytest.fixture
def resized(user):
    user(NEW)
    user("resize web1 --flavor m1.small")
    return user


def test_refusal_names_both_ways(resized):
    told = resized("pause web1", 4).stderr
    assert f"  Try: novasim confirm-resize web1 --wait\n  {OR}\n" in told


@pytest.mark.parametrize("action", ["pause", "resize", "start", "suspend"])
def test_both_ways_lead_to_the_goal(resized, action):
    page = json.loads(resized(f"why web1 {action} -f json", 4).stdout)
    kept = resized.path.read_bytes()
    for commands in (page["commands"], page["alternative"]["commands"]):
        resized.path.write_bytes(kept)
        for command in commands:
            resized(command.removeprefix("novasim "))
        verdict = json.loads(resized.run(f"why web1 {action} -f json").stdout)
        assert verdict["accepted"] or "nothing to do" in verdict["reasons"][0]["means"]


def test_plan_names_both_ways(resized):
    assert resized("plan web1 SHUTOFF").stdout == (
        f"novasim confirm-resize web1 --wait\nnovasim stop web1 --wait\n# {OR} && novasim stop web1 --wait\n"
    )


def test_other_plans_have_no_alternative(user):
    user(NEW)
    user("pause web1")
    assert json.loads(user("why web1 stop -f json", 4).stdout)["alternative"] is None
    assert "The server comes first: novasim why web1 stop\n" in user("why stop web1", 2).stderr
    assert "Or " not in user("stop web1", 4).stderr + user("plan web1 SHUTOFF").stdout


@pytest.mark.parametrize("clock", ["real", "manual"])
@pytest.mark.parametrize("goal", ["ACTIVE", "SHUTOFF", "ERROR", "SOFT_DELETED", "SHELVED"])
@pytest.mark.parametrize("caller", ["", "--as admin"])
def test_a_deletion_ends_only_in_deleted(user, monkeypatch, clock, goal, caller):
    user(NEW)
    monkeypatch.setenv("NOVASIM_CLOCK", clock)
    user("clock freeze" if clock == "real" else "clock show")
    user("delete web1")
    told = user(f"{caller} plan web1 {goal}", 4).stderr
    assert told == "novasim: web1 is being deleted. There is nothing to do but wait until it is gone.\n"


def test_plan_waits_until_the_server_is_gone(user, monkeypatch):
    user(NEW)
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("delete web1")
    assert user("plan web1 DELETED").stdout == "novasim clock advance --until web1=deleted\n"
    user("plan web1 DELETED --run")
    user("show web1", 3)


def test_plan_of_a_soft_deletion_restores(user, monkeypatch):
    user(NEW)
    user("config set reclaim_instance_interval 60")
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user("delete web1")
    user("plan web1 ACTIVE --run")
    assert user.status() == "ACTIVE"


def test_plan_of_a_stuck_deletion_resets_the_state(user, monkeypatch):
    user(NEW)
    user("fault add --action delete --stuck")
    user("delete web1")
    told = user("plan web1 ACTIVE").stdout
    assert "holds it in deleting" in told
    for line in told.splitlines():
        if not line.startswith("#"):
            user(line.removeprefix("novasim "))
    assert user.status() == "ACTIVE"


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("server", ["web1", "a-server-with-a-long-name", "my. (own) server"])
def test_no_command_is_broken(user, monkeypatch, columns, server):
    monkeypatch.setenv("COLUMNS", str(columns))
    name = shlex.quote(server)
    user(f"create {name} --flavor m1.tiny --image cirros -q")
    user(f"lock {name} --reason 'maintenance of the database until Monday morning'")
    told = user(f"why {name} evacuate", 5).stdout
    assert f"novasim --as admin migrate {name}\n" in told
    assert "novasim --as admin host set --down host1\n" in told
    assert f"novasim unlock {name}\n" in user(f"why {name} resize", 4).stdout
    assert all(len(line) <= columns for line in told.splitlines() if "novasim" not in line)


def test_joined_commands_break_between_them(user, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    user(NEW)
    user("resize web1 --flavor m1.small")
    user("lock web1")
    told = user("why web1 pause", 4).stdout
    first, _, second = told.rpartition("  Or go back")
    assert first.endswith("  Try: novasim unlock web1 &&\n    novasim confirm-resize web1 --wait\n")
    assert second.endswith("    novasim unlock web1 &&\n    novasim revert-resize web1 --wait\n")


def test_no_command_of_a_page_is_broken(user, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    text = user("explain start").stdout + user("explain 409").stdout + user("explain unshelve").stdout
    for command in (
        "novasim --as admin reset-state SERVER --state active",
        "novasim why SERVER ACTION",
        "novasim plan SERVER STATUS",
        "novasim --as admin host explain SERVER",
    ):
        assert command in text


def test_control_characters_are_escaped(user):
    user(NEW)
    user("lock web1 --reason 'a\x1eb'")
    assert "locked (a\\x1eb);" in user("why web1 stop", 4).stdout

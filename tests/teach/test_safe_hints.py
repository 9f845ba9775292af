"""No hint deletes, rebuilds, or resets a state without a warning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from novasim.cli.learning.situations import open_situation
from novasim.cli.session import Session
from novasim.lifecycle.actions import ACTIONS
from novasim.teach.commands import COMMANDS
from novasim.teach.hints import list_hints
from tests.cli.conftest import User
from tests.teach.test_hints import NEW, STATES, command_line

# Commands that bring a server into a state that time ends, or in which it stays without a host or a guest.
BUSY = {
    "BUILD": [],
    "REBOOT": ["clock advance 10s", "reboot web1"],
    "HARD_REBOOT": ["clock advance 10s", "reboot web1 --hard"],
    "RESIZE": ["clock advance 10s", "resize web1 --flavor m1.small", "clock advance 1s"],
    "REVERT_RESIZE": ["clock advance 10s", "resize web1 --flavor m1.small", "clock advance 10s", "revert-resize web1"],
    "MIGRATING": ["clock advance 10s", "--as admin live-migrate web1"],
    "PASSWORD": ["clock advance 10s", "change-password web1 --password x"],
    "REBUILD": ["clock advance 10s", "rebuild web1"],
    "a stop on a host that is down": ["clock advance 10s", "--as admin host set host1 --down", "stop web1"],
}
FAILED = {
    "ERROR without a host": [*(f"--as admin host set host{number} --down" for number in (1, 2, 3)), f"{NEW} -q"],
    "ACTIVE without a host": [NEW, "shelve web1", "--as admin reset-state web1 --state active"],
    "a host that is down": [NEW, "--as admin host set host1 --down"],
}
ASKED = {"delete", "force-delete", "rebuild", "reset-state"}  # the caller requests exactly this
BANNED = re.compile(r"(?<![\w-])(delete|force-delete|rebuild)(?![\w-])")
NAMES = sorted(name for name in ACTIONS if COMMANDS.get(name, name) and name != "create")


def refusals(user: User) -> Iterator[tuple[str, str, str]]:
    """Yield (action, command line, hint) of each action that is refused now, to demo and to the administrator."""
    for who, caller in (("demo", ""), ("admin", "--as admin ")):
        with open_situation(Session(str(user.path), who, None, False), "web1") as situation:
            for name in NAMES:
                for fault in situation.refusals(ACTIONS[name])[:1]:
                    hint = "\n".join(list_hints(situation, ACTIONS[name], fault))
                    yield name, caller + command_line(name), hint


def assert_safe(user: User) -> None:
    for name, line, hint in refusals(user):
        assert name in ASKED or not BANNED.search(hint), (line, hint)
        assert name in ASKED or "reset-state" not in hint or "is lost" in hint, (line, hint)


def state_of(user: User) -> tuple[object, ...]:
    done = user.run("--as admin show web1 -f json")
    if done.exit_code == 3:
        return ("DELETED",)
    page = json.loads(done.stdout)
    return (page["status"], page["locked"], page["OS-EXT-STS:task_state"], page["OS-EXT-SRV-ATTR:host"])


@pytest.mark.parametrize("state", STATES)
def test_hints_are_safe(user, state):
    user(NEW)
    for command in STATES[state]:
        user(command)
    assert_safe(user)


@pytest.mark.parametrize("state", BUSY)
def test_hints_for_a_busy_server_are_safe(user, state, monkeypatch):
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    user(NEW)
    for command in BUSY[state]:
        user(command)
    assert_safe(user)


@pytest.mark.parametrize("state", FAILED)
def test_hints_for_a_server_that_cannot_run_are_safe(user, state):
    for command in FAILED[state]:
        user(command)
    assert_safe(user)

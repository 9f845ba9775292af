"""Every command in a hint is accepted in the state in which the hint is given: for all states, roles and actions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from novasim.cli.learning.situations import open_situation
from novasim.cli.session import Session
from novasim.lifecycle.actions import ACTIONS
from novasim.teach.commands import COMMANDS
from novasim.teach.hints import list_hints
from tests import part
from tests.cli.conftest import User, copy_cloud
from tests.teach.test_hints import NEW, NOTHING_TO_DO, STATES, command_line
from tests.teach.test_safe_hints import BUSY, FAILED, state_of

READER = "rita@demo"
ROLES = {"demo": "", "admin": "--as admin ", READER: f"--as {READER} "}
RESOURCES = [
    "--as admin user create rita --project demo --role reader",
    "volume create free --size 1",
    "volume create data --size 1",
    "port create nic --network private",
    "floating-ip create public -q",
    "floating-ip create public -q",
    "create other --flavor m1.tiny --image cirros -q",
]
OF_WEB1 = ["attach-volume web1 data", "attach-port web1 --port nic", "set web1 --property role=web --tag blue"]
SPECIAL = {
    "a host that is forced down": [NEW, "--as admin host set host1 --forced-down"],
    "a stopped server of a host that is down": [NEW, "stop web1", "--as admin host set host1 --down"],
    "a paused server of a host that is down": [NEW, "pause web1", "--as admin host set host1 --down"],
    "a cell that is down": [NEW, "--as admin host set host1 --cell-down"],
    "a resize that is being confirmed": [
        NEW,
        "resize web1 --flavor m1.small",
        "clock set manual",
        "confirm-resize web1",
    ],
}
ALL_STATES = STATES | BUSY | FAILED | SPECIAL
COMMAND = re.compile(r"novasim (?:[^()]*[^().])")
ACCEPTED = {0, 7, 8}  # a task may wait for a host that is down, or fail later


class World(NamedTuple):
    """The values for the operands in capitals."""

    volumes: dict[str, str]
    addresses: dict[str, str]
    group: str

    def complete(self, line: str) -> str:
        """A command line with values in place of operands."""
        verb = next((word for word in line.split() if word in ACTIONS), "")
        values = {
            "FLAVOR": "m1.medium",
            "NAME": "copy",
            "NETWORK": "private",
            "GROUP": self.group,
            "KEY=VALUE": "role=web",
            "KEY": "role",
            "TAG": "blue",
            "PORT": "nic",
            "VOLUME": self.volumes.get(verb, ""),
            "ADDRESS": self.addresses.get(verb, ""),
        }
        for operand, value in values.items():
            line = re.sub(rf"(?<![\w-]){operand}(?![\w=-])", value, line)
        return line + (" --password x" if verb == "change-password" and "--password" not in line else "")


def prepare(user: User) -> World:
    """Create what the actions need, and a reader."""
    copy_cloud(user, *RESOURCES)
    group = user.json("security-group list")[0]["id"]
    free, taken = (item["floating_ip_address"] for item in user.json("floating-ip list"))
    fixed = user.json("show other")["addresses"]["private"][0]["addr"]
    return World(
        {"attach-volume": "free", "detach-volume": "data"},
        {"add-floating-ip": free, "remove-floating-ip": taken, "remove-fixed-ip": fixed},
        group,
    )


def hints(user: User, who: str) -> Iterator[tuple[str, str]]:
    """Yield (action, line of a hint) of each action that is refused now to a caller."""
    with open_situation(Session(str(user.path), who, None, False), "web1") as situation:
        for name in sorted(set(ACTIONS) - {"create"}):
            for fault in situation.refusals(ACTIONS[name])[:1]:
                yield from ((name, line) for line in list_hints(situation, ACTIONS[name], fault))


def assert_accepted(user: User, world: World) -> None:
    """Run each command that hints name, and after those behind "Try:" the action that had been refused."""
    start, kept = state_of(user), user.path.read_bytes()
    given = ((COMMAND.search(line), who, name, line) for who in ROLES for name, line in hints(user, who))
    for chain, (who, name, line) in {match[0]: rest for match, *rest in given if match}.items():
        user.path.write_bytes(kept)
        for command in chain.split(" && "):
            done = user.run(world.complete(command.removeprefix("novasim ")))
            assert done.exit_code in ACCEPTED, (who, name, line, done.stderr)
            assert not line.startswith("Try: ") or state_of(user) != start, (who, name, line)
        if line.startswith("Try: ") and who != READER and COMMANDS.get(name, name):
            assert_helped(user, world, ROLES[who] + command_line(name))


def assert_helped(user: User, world: World, line: str) -> None:
    """The action is accepted now, has nothing to do, or has another problem than the state of the server."""
    done = user.run(world.complete(line))
    assert done.exit_code in (0, 3, 5, 6) or NOTHING_TO_DO.search(done.stderr), (line, done.stderr)


@pytest.mark.parametrize("state", part(ALL_STATES, 4))
def test_commands_in_hints_are_accepted(user, state, monkeypatch):
    world = prepare(user)
    if state in STATES or state in BUSY:
        user(NEW)
    for line in OF_WEB1 if state in STATES else ():
        user(line)
    if state in BUSY:
        user("clock set manual")
    monkeypatch.delenv("NOVASIM_CLOCK")
    if state not in BUSY:
        user("clock set instant")
    for command in ALL_STATES[state]:
        user(command)
    assert_accepted(user, world)

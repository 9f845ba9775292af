"""The hints under a refusal lead to acceptance, or say that nothing is left to do: in every state, for every action."""

from __future__ import annotations

import re
import shlex

import pytest

from novasim.lifecycle.actions import ACTIONS
from novasim.teach.commands import COMMANDS
from tests import part
from tests.cli.conftest import User

NEW = "create web1 --flavor m1.tiny --image cirros --security-group default -q"
# the commands that bring a server into a state, from the API's documents
STATES = {
    "ACTIVE": [],
    "SHUTOFF": ["stop web1"],
    "PAUSED": ["pause web1"],
    "SUSPENDED": ["suspend web1"],
    "RESCUE": ["rescue web1"],
    "VERIFY_RESIZE": ["resize web1 --flavor m1.small"],
    "VERIFY_RESIZE of a stopped one": ["stop web1", "resize web1 --flavor m1.small"],
    "SHELVED": ["config set shelved_offload_time 3600", "shelve web1"],
    "SHELVED_OFFLOADED": ["shelve web1"],
    "SOFT_DELETED": ["config set reclaim_instance_interval 3600", "delete web1"],
    "ERROR": ["--as admin reset-state web1 --state error"],
    "a lock": ["lock web1"],
    "an administrator's lock": ["stop web1", "--as admin lock web1"],
}
OPERANDS = {
    "FLAVOR": "m1.medium",
    "IMAGE": "cirros",
    "NAME": "other",
    "NETWORK": "private",
    "GROUP": "default",
    "KEY=VALUE": "role=web",
    "KEY": "role",
    "TAG": "blue",
}
WITHOUT_COMMAND = {name for name, words in COMMANDS.items() if not words}
# They need other resources of the server, and are refused without them in every state.
NEED_RESOURCES = {
    "add-floating-ip",
    "remove-floating-ip",
    "remove-fixed-ip",
    "attach-volume",
    "detach-volume",
    "detach-port",
    "metadata-delete-item",
    "tag-delete",
    "console-url-spice",
    "console-url-rdp",
    "console-url-serial",
}
NEVER_ACCEPTED = {"create", "reset-network"}  # not an action on a server; removed from Nova
NOTHING_TO_DO = re.compile(r"^  web1 .*; (there is )?nothing to (do|restore)\.$", re.MULTILINE)
NAMES = sorted(set(ACTIONS) - WITHOUT_COMMAND - NEED_RESOURCES - NEVER_ACCEPTED)


def command_line(name: str) -> str:
    words = COMMANDS.get(name, f"{name} {{}}").format("web1")
    for operand, value in OPERANDS.items():
        words = re.sub(rf"\b{operand}\b", value, words)
    return words + (" --password x" if name == "change-password" else "")


def read_hint(told: str) -> list[str]:
    """The commands in the last line with commands."""
    lines = [line for line in told.splitlines() if "novasim " in line.removeprefix("novasim: ")]
    assert lines, told
    line = "novasim " + lines[-1].rpartition(": novasim ")[2]
    return [command.removeprefix("novasim ") for command in line.split(" && ")]


def follow(shell: User, line: str) -> int:
    """Follow the hints until a command is accepted or has nothing to do, and return how often that was needed."""
    for count in range(5):
        done = shell.run(line)
        if done.exit_code == 0:
            return count
        print(line, "->", done.stderr)
        if NOTHING_TO_DO.search(done.stderr):
            return count
        hints = read_hint(done.stderr)
        if hints[0].startswith(f"--as admin {' '.join(line.split()[:2])}"):
            line = f"--as admin {line}"  # the same command as administrator
            continue
        for command in hints:
            shell(command)
    raise AssertionError(f"{line}: still refused: {done.stderr}")


@pytest.mark.parametrize("state", part(STATES, 4))
def test_hints_lead_to_acceptance(user, state):
    user(NEW)
    for command in STATES[state]:
        user(command)
    kept = user.path.read_bytes()
    for name in NAMES:
        user.path.write_bytes(kept)
        assert follow(user, command_line(name)) < 5, name


def test_every_command_line_is_complete():
    for name in NAMES:
        shlex.split(command_line(name))
    assert set(COMMANDS) <= set(ACTIONS)

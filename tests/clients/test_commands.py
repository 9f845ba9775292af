"""Every command of python-openstackclient that concerns servers, one after the other, against one server process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import NamedTuple

FOLDER = Path(__file__).with_name("commands")


class TourCommand(NamedTuple):
    """
    A command of a tour.

    Args:
        name: Of the value that later commands use, or "".
        is_refused, is_admin: Whether it is refused, and whether it needs an administrator.
        is_foreign: Whether only the real client has it, and not `novasim openstack`.
    """

    name: str
    is_refused: bool
    is_foreign: bool
    is_admin: bool
    command: str


def read_commands(folder: Path = FOLDER) -> Iterator[TourCommand]:
    """
    Yield the commands of all files in a folder, in an order in which each can be executed.

    Each line is a command. "! " before it: it is refused. "~ ": only the real client has it. "@ ": as administrator.
    "NAME=": the first line of its output is the value of $NAME in later commands. $FILE is an existing file.
    """
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            match = re.fullmatch(r"(?:(\w+)=)?(! ?)?(~ )?(@ )?(.*)", line)
            assert match, line
            name, refused, foreign, admin, command = match.groups()
            yield TourCommand(name or "", bool(refused), bool(foreign), bool(admin), command)


def test_commands_succeed_or_are_refused_as_on_a_real_cloud(cli, tmp_path):
    values = {"FILE": str(tmp_path / "file")}
    Path(values["FILE"]).write_text("some data")
    wrong = []
    for name, refused, _, admin, command in read_commands():
        try:
            who = "admin" if admin else "demo"
            output = cli(Template(command).substitute(values), who=who, refused="" if refused else None)
        except AssertionError as error:
            wrong.append(f"{command}: {error}")
            continue
        if name:
            values[name] = output.splitlines()[0]
    assert not wrong, "\n".join(wrong)


def test_all_commands_are_read():
    assert len(list(read_commands())) > 250

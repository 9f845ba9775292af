"""Every command of the real client that concerns servers, one after the other, against one server."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

COMMANDS = Path(__file__).with_name("commands.txt")


def test_every_command_is_carried_out_or_refused_as_on_a_real_cloud(cli, tmp_path):
    values = {"FILE": str(tmp_path / "file")}
    Path(values["FILE"]).write_text("some data")
    wrong = []
    for line in COMMANDS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, refused, admin, command = re.fullmatch(r"(?:(\w+)=)?(! ?)?(@ )?(.*)", line).groups()  # type: ignore[union-attr]
        try:
            who = "admin" if admin else "demo"
            printed = cli(Template(command).substitute(values), who=who, refused="" if refused else None)
        except AssertionError as error:
            wrong.append(f"{line}: {error}")
            continue
        if name:
            values[name] = printed.splitlines()[0]
    assert not wrong, "\n".join(wrong)

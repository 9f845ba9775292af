"""Whole tours of commands of OpenStack's client, run by `novasim openstack` without the real client."""

from __future__ import annotations

import shlex
from pathlib import Path
from string import Template

import pytest
from click.testing import CliRunner

from novasim.cli.main import cli
from novasim.cli.openstack.table import find_row, list_rows
from tests.clients.test_commands import FOLDER, read_commands

MORE = Path(__file__).parent  # with a file of commands that the tour of tests/clients leaves out
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEYsbkY/PcyKXQsSdTUgyFieLVzdwmDblnLUmweysmm ann@example.com"
REFUSED = (1, 2)  # exit codes


def run_tour(path, folder, commands):
    """Run commands one after the other; return what was wrong. Commands that only the real client has are refused."""
    values = {"FILE": str(folder / "file")}
    (folder / "file").write_text("some data")
    (folder / "file.pub").write_text(KEY)
    wrong = []
    for name, refused, foreign, admin, command in commands:
        words = shlex.split(Template(command).safe_substitute(values))
        options = ["--cloud", str(path), "--as", "admin" if admin else "demo", "openstack"]
        done = CliRunner().invoke(cli, [*options, *words])
        if done.exit_code not in (REFUSED if refused or foreign else (0,)) or "Traceback" in done.output:
            wrong.append(f"{command}: {done.exit_code} {done.stderr}")
        if name:
            values[name] = (done.stdout.splitlines() or [""])[0]
    return wrong


@pytest.mark.parametrize("folder", [FOLDER, MORE], ids=["clients", "more"])
def test_commands_are_accepted_or_refused_as_by_the_real_client(user, tmp_path, folder):
    wrong = run_tour(user.path, tmp_path, read_commands(folder))
    assert not wrong, "\n".join(wrong)


def test_each_row_is_part_of_a_tour():
    commands = [command for folder in (FOLDER, MORE) for *_, command in read_commands(folder)]
    found = [find_row(shlex.split(command)) for command in commands]
    missing = {row.words for row in list_rows()} - {each[0].words for each in found if each}
    assert missing == set()

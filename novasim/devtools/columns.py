"""
The columns of commands, for their completion: novasim/cli/shell/columns.txt.

The keys of the API are known only from its answers, so the commands are run on a sample cloud. A line has the words of
a command and its columns: the titles of its table first.
"""

from __future__ import annotations

import csv
import json
import shlex
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from click.testing import CliRunner

from novasim.api.resources import RESOURCES
from novasim.cli.catalog import CATALOG
from novasim.cli.main import cli

PATH = "novasim/cli/shell/columns.txt"
SAMPLE = """
    record start
    keypair create mine
    volume create data --size 1
    volume create more --size 1
    volume-snapshot create copy --volume data
    server-group create group --policy affinity
    router create gate
    floating-ip create public
    create web1 --flavor m1.tiny --image cirros --key-name mine --property role=web
    attach-volume web1 data
    resize web1 --flavor m1.small
    confirm-resize web1
    aggregate create rack
    fault add spawn
    cloud save kept
    classroom init FOLDER/room --students FOLDER/roster.txt --lesson power
"""
COMMANDS = """
    list --all-projects --long
    show web1
    history web1
    watch --times 1
    can web1
    why web1 stop
    plan web1 SHUTOFF
    explain
    attach-volume web1 more
    attach-port web1 --network private
    create-image web1 image
    create-backup web1 nightly
    console-url web1
    diagnostics web1
    metadata web1
    config list
    cloud diff 1
    cloud purge
    cloud saves
    clock show
    console-log web1
    fault list
    fault show spawn
    host list
    host show host1
    host explain web1
    lesson list
    log
    record status
    role create watcher
    service list
    service set host1 --enable
    availability-zone list
    classroom status
    classroom students
    classroom words ann
    migration list
    quota show
    limits show
    usage list
    usage show admin
    policy list
    policy check stop
    role assignments
    rescue web1
"""  # besides list and show of each resource


class Sample:
    """A cloud with a resource of each kind, in a temporary folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        Path(folder, "roster.txt").write_text("Ann", "utf-8")
        self._env = {
            "NOVASIM_CLASSROOM": str(Path(folder, "room")),
            "NOVASIM_CLOUD": str(Path(folder, "cloud.json")),
            "NOVASIM_CLOCK": "instant",
            "NOVASIM_AS": "admin",
        }
        for line in ("cloud init --seed 1", *SAMPLE.strip().splitlines()):
            self.run(line)

    def run(self, line: str) -> str:
        """The output of a command line. RuntimeError if it fails."""
        done = CliRunner(env=self._env).invoke(
            cli, shlex.split(line.replace("FOLDER", self._folder)), catch_exceptions=False
        )
        if done.exit_code:
            raise RuntimeError(f"{line}: {done.stderr}")
        return done.stdout

    def read_json(self, line: str) -> Any:
        """What a command line prints in JSON."""
        return json.loads(self.run(f"{line} -f json"))

    def list_columns(self, line: str) -> list[str]:
        """The titles of a command's table, and the keys of its data that no title has."""
        data = self.read_json(line)
        is_table = isinstance(data, list) or line in ("config list", "watch --times 1")
        titles = next(csv.reader(StringIO(self.run(f"{line} -f csv")))) if is_table else []
        items = data if isinstance(data, list) else [data]
        known = {title.lower() for title in titles}
        keys = dict.fromkeys(key for item in items for key in item if key != "links")
        return [*titles, *(key for key in keys if key.lower() not in known)]


def render_columns() -> dict[str, str]:
    """The file, by its path from the project's root."""
    with TemporaryDirectory() as folder:
        sample = Sample(folder)
        lines = [*COMMANDS.strip().splitlines(), *_resource_lines(sample)]
        columns = {" ".join(_command_words(line)): sample.list_columns(line.strip()) for line in lines}
    text = "".join(f"{command}: {', '.join(names)}\n" for command, names in sorted(columns.items()))
    return {PATH: f"# The columns of commands. Generated from what they print; see devtools/columns.py.\n{text}"}


def _resource_lines(sample: Sample) -> Iterator[str]:
    known = {" ".join(_command_words(line)) for line in COMMANDS.strip().splitlines()}
    for noun in sorted(name for _, commands in CATALOG for name in commands if name in RESOURCES):
        group = cli.get_command(click.Context(cli), noun)
        commands = group.commands if isinstance(group, click.Group) else {}
        if "list" in commands and f"{noun} list" not in known:
            yield f"{noun} list"
        if "show" in commands and f"{noun} show" not in known:
            yield f"{noun} show {sample.read_json(f'{noun} list')[0][RESOURCES[noun].id_key]}"


def _command_words(line: str) -> list[str]:
    words = line.split()
    return words[: 2 if isinstance(cli.get_command(click.Context(cli), words[0]), click.Group) else 1]

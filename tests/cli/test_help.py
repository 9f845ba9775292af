"""Help: an example for every command, a text for every option, and suggestions for mistyped words."""

from __future__ import annotations

import inspect
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from novasim.cli.catalog import CATALOG
from novasim.cli.main import cli
from tests import each_case
from tests.cli.conftest import copy_cloud
from tests.processes import novasim_command

NAMES = [name for _, commands in CATALOG for name in commands]
EXAMPLE = re.compile(r"^Example: (novasim .*)$", re.MULTILINE)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SOURCES = Path(__file__).parents[2] / "novasim"


def commands() -> Iterator[tuple[str, click.Command]]:
    """All commands and subcommands, by the words that call them."""
    for name in NAMES:
        command = cli.get_command(click.Context(cli), name)
        yield name, command
        if isinstance(command, click.Group):
            ctx = click.Context(command)
            yield from ((f"{name} {each}", command.get_command(ctx, each)) for each in command.list_commands(ctx))


COMMANDS = dict(commands())


def examples(command: click.Command) -> list[str]:
    return EXAMPLE.findall(inspect.cleandoc(command.help or "").replace("\b\n", ""))


def parsed(words: list[str], ctx: click.Context) -> list[str]:
    """The names of the command and subcommand in a command line; the same errors as in the command line."""
    if not isinstance(ctx.command, click.Group) or not words:
        return []
    name, command, rest = ctx.command.resolve_command(ctx, words)
    with command.make_context(name, list(rest), parent=ctx) as inner:
        return [name, *parsed([*inner._protected_args, *inner.args], inner)]


def leads_to(line: str) -> str:
    words = shlex.split(line.partition(" > ")[0])
    assert words.pop(0) == "novasim"
    with cli.make_context("novasim", list(map(os.path.expanduser, words))) as ctx:
        return " ".join(parsed([*ctx._protected_args, *ctx.args], ctx))


@each_case("words", COMMANDS)
def test_command_has_a_valid_example(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO("a password\n"))
    found = examples(COMMANDS[words])
    assert found, "say it in the help text: a paragraph 'Example: novasim ...'"
    for line in found:
        for word in re.findall(r"[~.\w/-]+\.(?:json|yaml|pub|qcow2)\b", line):
            path = Path(word).expanduser()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        led = leads_to(line)
        assert led == words or led.startswith(f"{words} ")


def test_every_option_is_explained():
    params = [(words, param) for words, each in COMMANDS.items() for param in each.get_params(click.Context(each))]
    assert [(words, param.name) for words, param in params if isinstance(param, click.Option) and not param.help] == []


def test_examples_fit_on_one_line():
    """Only an example with an id may be longer."""
    helps = {each: each.get_help(click.Context(each, terminal_width=80)) for each in COMMANDS.values()}
    lines = [(shown, line) for each, shown in helps.items() for line in examples(each) if not UUID.search(line)]
    assert [line for shown, line in lines if f"Example: {line}\n" not in f"{shown}\n"] == []


def test_invalid_example_is_detected():
    assert leads_to("novasim --as admin host list -f json") == "host list"
    for line in ("novasim list --statsu ACTIVE", "novasim shwo web1", "novasim clock set sideways"):
        with pytest.raises(click.UsageError):
            leads_to(line)


def test_help_names_every_group_and_every_variable_of_the_environment(user):
    shown = user("--help").stdout
    assert all(f"\n{title}:\n" in shown for title, _ in CATALOG)
    read = {
        name for file in SOURCES.rglob("*.py") for name in re.findall(r"\bNOVASIM_[A-Z_]+\b", file.read_text("utf-8"))
    }
    assert read == set(re.findall(r"^  (NOVASIM_[A-Z_]+) ", shown, re.MULTILINE))
    assert {"NO_COLOR", "COLUMNS"} <= set(re.findall(r"^  ([A-Z_]+) ", shown, re.MULTILINE))


def test_help_has_the_width_of_columns():
    def widest(columns: str) -> int:
        done = subprocess.run(
            [*novasim_command(), "--help"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "COLUMNS": columns},
        )
        return max(map(len, done.stdout.splitlines()))

    assert widest("60") <= 60 < widest("120") <= 120


MISTYPED = {
    "shwo web1": "Did you mean show?",
    "flavor lsit": "There is no command 'flavor lsit'. Did you mean list?",
    "list --statsu ACTIVE": "Did you mean --status?",
    "list -f jsn": "Did you mean json?",
    "list --status ACTIV": "Did you mean ACTIVE?",
    "wait web1 --for SHUTOF": "Did you mean SHUTOFF?",
    "clock advance --until web1=ACTIV": "Did you mean ACTIVE?",
    "show wbe1": "Did you mean web1?",
    "set wbe1 --name web2": "Did you mean web1?",
    "create web2 --flavor m1.tny --image cirros": "m1.tiny",
    "create web2 --flavor m1.tiny --image ciros": "cirros",
    "create web2 --flavor m1.tiny --image cirros --network privat": "private",
    "create web2 --flavor m1.tiny --image cirros --key-name mne": "Did you mean mine?",
    "create web2 --flavor m1.tiny --image cirros --availability-zone novva": "Did you mean nova?",
    "add-security-group web1 defalt": "Did you mean default?",
    "keypair show myne": "Did you mean mine?",
    "--as admin migrate web1 --host hots2": "Did you mean host2",
    "--as admin host show hots2": "Did you mean host2",
    "--as amdin list": "Did you mean admin?",
    "config get reclaim_instance_intervall": "Did you mean reclaim_instance_interval?",
    "config get banana": "There is no option 'banana'. Choose from: allow_resize_to_same_host, ",
    "config set banana 1": "There is no option 'banana'. Choose from: allow_resize_to_same_host, ",
    "fault add spwan": "Did you mean spawn?",
    "policy check migrat": "Did you mean migrate",
    "clock set manul": "Did you mean manual?",
}


@pytest.mark.parametrize("line", MISTYPED)
def test_mistyped_word_gets_a_suggestion(new_user, line):
    done = copy_cloud(new_user, "create web1 --flavor m1.tiny --image cirros", "keypair create mine -q").run(line)
    assert done.exit_code in (2, 3, 6), done.stderr
    assert MISTYPED[line] in done.stderr


def test_names_of_other_projects_are_not_suggested(user):
    user("--as admin keypair create secret-key -q")
    assert "Did you mean" not in user("keypair show secret-kye", code=3).stderr


def test_every_command_has_help(user):
    assert [name for name in NAMES if "Usage: " not in user(f"{name} --help").stdout] == []


@pytest.mark.parametrize("group", ["lesson", "role", "host", "cloud", "record", "clock", "coverage"])
def test_help_of_a_group_cuts_no_summary(user, monkeypatch, group):
    monkeypatch.setenv("COLUMNS", "80")
    lines = user(f"{group} --help").stdout.splitlines()
    assert [line for line in lines if line.endswith("...") and "Usage:" not in line] == []

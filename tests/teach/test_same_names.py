"""explain, the manual pages, the completions, the graph and --help have the same actions as the table."""

from __future__ import annotations

import re
from pathlib import Path

import click

from novasim.cli.catalog import CATALOG
from novasim.cli.main import cli
from novasim.cli.shell.candidates import TABLES
from novasim.lifecycle.actions import ACTIONS
from novasim.teach import action_pages
from novasim.teach.commands import COMMANDS
from novasim.teach.graph.edges import all_edges

MAN = Path(__file__).parents[2] / "man"


def command_of(name: str) -> str:
    """The command that requests an action; "" if only the API has it."""
    words = COMMANDS.get(name, name).split()
    words = words[2:] if words[:1] == ["--api-version"] else words
    return words[0] if words else ""


def test_explain_lists_all_actions():
    assert [row["action"] for row in action_pages.list_actions()] == list(ACTIONS)


def test_the_lifecycle_manual_page_has_all_actions():
    page = (MAN / "novasim-lifecycle.7").read_text("utf-8")
    assert set(re.findall(r'^\.It Ic "?([\w-]+)"?$', page, re.MULTILINE)) == set(ACTIONS)


def test_completion_has_all_actions():
    context = click.Context(cli)
    assert set(TABLES["action"](context)) == set(ACTIONS)
    assert set(ACTIONS) <= set(TABLES["word"](context))


def test_every_action_with_a_command_is_in_the_help_and_has_a_page():
    listed = {name for _, commands in CATALOG for name in commands}
    commands = {command_of(name) for name in ACTIONS} - {""}
    assert commands <= listed
    assert all((MAN / f"novasim-{name}.1").exists() for name in commands)
    told = cli.get_help(click.Context(cli))
    assert all(re.search(rf"^ +{name} ", told, re.MULTILINE) for name in commands)


def test_the_graph_has_all_actions():
    assert {edge.action for edge in all_edges()} == set(ACTIONS)

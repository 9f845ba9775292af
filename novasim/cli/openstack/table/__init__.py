"""The table of commands: which modules have the rows whose words begin with which word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module

from novasim.cli.openstack.rows import Row

MODULES: dict[str, tuple[str, ...]] = {
    "console": ("consoles",),
    "server": (
        "servers",
        "server_actions",
        "server_creation",
        "server_changes",
        "server_devices",
        "server_history",
    ),
}
"""The modules of this package that have the commands, by the first word; the most used ones first."""


def read_rows(word: str) -> Iterator[dict[str, Row]]:
    """For each module with commands whose first word is *word*: its rows by their words."""
    for name in MODULES.get(word, ()):
        module = import_module(f"novasim.cli.openstack.table.{name}")
        yield {row.words: row for row in module.ROWS}


def list_rows() -> list[Row]:
    """All commands."""
    names = dict.fromkeys(name for names in MODULES.values() for name in names)
    modules = [import_module(f"novasim.cli.openstack.table.{name}") for name in names]
    return [row for module in modules for row in module.ROWS]


def find_row(words: Sequence[str]) -> tuple[Row, list[str]] | None:
    """
    The command that the words begin with, and the arguments after it.

    Only the modules up to that of the command are imported. A command whose words begin with those of another command
    is in the same module.
    """
    for rows in read_rows(words[0]) if words else ():
        for count in range(len(words), 0, -1):
            row = rows.get(" ".join(words[:count]))
            if row is not None:
                return row, list(words[count:])
    return None

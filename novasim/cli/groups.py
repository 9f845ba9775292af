"""Groups whose subcommands are imported when they are used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from novasim.cli.catalog import Entry


class EntryGroup(click.Group):
    """
    A group with subcommands in modules of their own.

    Args:
        entries: The subcommands by name, in the order of the help.
    """

    def __init__(self, *arguments: Any, entries: Mapping[str, Entry], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self._entries.get(cmd_name)
        return entry.load(cmd_name) if entry else None

"""The command group `coverage`. Each of its subcommands is imported when it is used."""

from __future__ import annotations

from importlib import import_module

import click

SUBCOMMANDS = {"report": "report:report", "suggest": "suggest:suggest"}


class CoverageGroup(click.Group):
    """The subcommands of `coverage`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        module, _, name = SUBCOMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"novasim.cli.coverage.{module}"), name)
        return command


@click.group(cls=CoverageGroup)
def coverage() -> None:
    """
    Show which actions, moves and refusals of the lifecycle a script has met.

    It reads the record of the script's requests: 'novasim record start' begins one beside the cloud, and NOVASIM_RECORD
    one for every process. 'novasim manual coverage' describes the figures.

    Example: novasim coverage report
    """

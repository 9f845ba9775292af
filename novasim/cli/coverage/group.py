"""The command group `coverage`."""

from __future__ import annotations

import click

from novasim.cli.coverage.combining import combine, diff
from novasim.cli.coverage.report import report
from novasim.cli.coverage.suggest import suggest


@click.group()
def coverage() -> None:
    """
    Show which actions, moves and refusals of the lifecycle a script has met.

    It reads the record of the script's requests: 'novasim record start' begins one beside the cloud, and NOVASIM_RECORD
    one for every process. 'novasim manual coverage' describes the figures.

    Example: novasim coverage report
    """


for command in (report, suggest, combine, diff):
    coverage.add_command(command)

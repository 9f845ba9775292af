"""The command `coverage report`."""

from __future__ import annotations

import io
import sys

import click

from novasim.cli.coverage.records import find_records
from novasim.cli.errors.goal import GoalNotMet
from novasim.cli.files import FORCE, STDOUT, check_is_not_cloud, write_output
from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.teach.coverage.formats import FORMATS, choose_format
from novasim.teach.coverage.summary import Coverage, find_shortfalls, parse_thresholds


@click.command()
@click.argument("records", metavar="[RECORD]...", nargs=-1, type=click.Path())
@click.option(
    "-f", "--format", "fmt", type=click.Choice(list(FORMATS)), help="Format (default: from the file name, or table)."
)
@click.option("-o", "--output", "file", metavar="FILE", help="Write to a new file instead of stdout.")
@FORCE
@click.option(
    "--fail-under",
    metavar="FIGURE=PERCENT,...",
    help="Exit with 11 if a figure is lower, such as moves=80,refusals.used=60.",
)
@pass_session
def report(
    session: Session, records: tuple[str, ...], fmt: str | None, file: str | None, force: bool, fail_under: str | None
) -> None:
    """
    Show what was met of the lifecycle, and what was not.

    RECORD is a file, or a folder of files that NOVASIM_RECORD has filled; by default it is the record beside the cloud.
    Figures: actions, moves, stays, failures, refusals and its parts (refusals.state, ...). With .used they are those of
    what the script uses: only actions that it requests, in statuses that its servers had, and in reach of its callers.

    HTML shows the picture of the lifecycle, with the command of each arrow.

    Example: novasim coverage report -o coverage.html

    Example: novasim coverage report --fail-under actions=1,moves.used=10
    """
    if file == "":
        raise UsageError("--output needs the name of a file.")
    fmt = fmt or choose_format(file or "")
    thresholds = parse_thresholds(fail_under) if fail_under is not None else {}
    coverage = Coverage(find_records(session, records))
    if file is None or file in STDOUT:
        FORMATS[fmt](coverage, sys.stdout)
    else:
        check_is_not_cloud(file, session.path)
        text = io.StringIO()
        FORMATS[fmt](coverage, text)
        write_output(file, text.getvalue().encode(), force=force, like=file)
    if shortfalls := find_shortfalls(coverage, thresholds):
        raise GoalNotMet(f"Coverage is too low: {'; '.join(shortfalls)}.")

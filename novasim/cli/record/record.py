"""The command group `record`: keep a record of every request, and check it."""

from __future__ import annotations

import click

from novasim.cli.errors.goal import GoalNotMet
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.render.output import print_line, print_message


@click.group()
def record() -> None:
    """
    Keep a record of every request, with the state of its server before and after; by default no record is kept.

    The record is the file lab.json.record beside the cloud file lab.json. 'novasim log' prints it. It holds refusals
    and what happens by itself, too. The environment variable NOVASIM_RECORD names a further file, or a folder in which
    every process has a file. 'novasim manual record' describes an entry.

    Example: novasim record start
    """


@record.command()
@pass_session
def start(session: Session) -> None:
    """
    Begin the record, or continue it after a stop.

    Example: novasim record start
    """
    from novasim.control.past import get_record
    from novasim.control.record import start_record

    if not session.control(start_record):
        print_message("novasim: the record is kept already.")
    print_line(get_record(session.cloud.store).name)


@record.command()
@pass_session
def stop(session: Session) -> None:
    """
    End the record. The file stays, read-only.

    Example: novasim record stop
    """
    from novasim.control.record import stop_record

    if not session.control(stop_record):
        print_message("novasim: no record is kept.")


@record.command()
@output_options
@pass_session
def status(session: Session) -> None:
    """
    Show whether a record is kept, and how large it is.

    Example: novasim record status
    """
    from novasim.control.record import describe_record

    session.show(session.control(describe_record))


@record.command()
@pass_session
def check(session: Session) -> None:
    """
    Check that the record is complete: that its changes lead from its start to the present state of the cloud.

    The exit code is 11 if something is missing.

    Example: novasim record check
    """
    from novasim.control.past import get_record
    from novasim.control.record import find_gaps

    gaps, name = session.control(find_gaps), get_record(session.cloud.store).name
    for gap in gaps:
        print_line(gap)
    if gaps:
        raise GoalNotMet(f"The record {name} is incomplete (gaps: {len(gaps)}).")
    print_line(f"{name}: complete.")

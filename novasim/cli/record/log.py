"""The command `log`: the entries of the record."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import click

from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.records.entry import Entry, State
from novasim.render.view import View
from novasim.store.files import RECORD

COLUMNS = {
    "Number": "number",
    "Time": "time",
    "User": "user",
    "What": "command",
    "Server": "name",
    "State": "after",
    "Result": "code",
}
"""The titles of columns, and the fields of entries that say the most about them."""
EVENTS = {
    "phase": "{0.action}: {0.phase} ended",
    "end": "{0.action} ended",
    "failure": "{0.action} failed",
    "timer": "timer: {0.action}",
    "host-crash": "{0.action}: the host crashed in {0.phase}",
    "fault": "an injected fault was triggered",
    "purge": "purge",
}


@click.command()
@click.option("--server", metavar="SERVER", help="Only entries about this server (name or ID).")
@click.option("--user", metavar="USER", help="Only requests of this user.")
@click.option("--refused", is_flag=True, help="Only requests that were refused.")
@click.option("--since", metavar="TIME", help="Only entries since 2026-01-31, 2026-01-31T12:00, or 2h (ago).")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True),
    help="Another record: a file, or a folder of files that NOVASIM_RECORD has filled.",
)
@output_options
@pass_session
def log(
    session: Session, server: str | None, user: str | None, refused: bool, since: str | None, path: str | None
) -> None:
    """
    Print the record: requests, refusals and what happened by itself, oldest first.

    'novasim record start' begins a record. -f json prints entries in full, as 'novasim manual record' describes them.

    Example: novasim log --server web1 --refused
    """
    entries = read_records(path) if path else read_own_record(session)
    if server is not None:
        entries = [entry for entry in entries if server in (entry.server, entry.name)]
    if user is not None:
        entries = [entry for entry in entries if entry.user and user in (entry.user["user"], entry.user["user_id"])]
    if refused:
        entries = [entry for entry in entries if entry.is_refusal]
    if since is not None:
        moment = _parse_since(session, since)
        entries = [entry for entry in entries if entry.time >= moment]
    session.write(view_entries(entries))


def _parse_since(session: Session, text: str) -> str:
    from novasim.control.clock import describe_clock, parse_moment
    from novasim.simulation.time.clock import format_time, parse_time

    return format_time(parse_moment(text, parse_time(describe_clock(session.cloud)["now"])))


def read_own_record(session: Session) -> list[Entry]:
    """The record beside the cloud file. Raises CloudFileError: there is no record, or it is damaged."""
    from novasim.control.past import list_own_entries

    return list_own_entries(session.cloud.store)


def read_records(path: str) -> list[Entry]:
    """The entries of a file, or of all files of a folder, in the order of their wall times."""
    from novasim.store.record_file import read_entries

    if not os.path.isdir(path):
        return read_entries(path)
    files = sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith(RECORD))
    entries = sorted((entry for file in files for entry in read_entries(file)), key=lambda entry: entry.wall)
    return [entry._replace(number=number) for number, entry in enumerate(entries, 1)]


def view_entries(entries: Iterable[Entry], columns: Iterable[str] = COLUMNS) -> View:
    """Entries as a table, and in full as JSON."""
    entries, columns = list(entries), list(columns)
    rows = [[row[column] for column in columns] for row in map(_describe_row, entries)]
    keys = [COLUMNS[column] for column in columns]
    return View(
        columns, rows, [entry._asdict() for entry in entries], [str(entry.number) for entry in entries], keys=keys
    )


def _describe_row(entry: Entry) -> dict[str, Any]:
    """What the columns show."""
    return {
        "Number": entry.number,
        "Time": entry.time[:19],
        "User": entry.user["user"] or entry.user["user_id"] if entry.user else "",
        "What": describe(entry),
        "Server": entry.name or entry.server,
        "State": describe_move(entry),
        "Result": result_of(entry),
    }


def describe_move(entry: Entry) -> str:
    """The states of a server before and after; one of them if they are the same."""
    states = [describe_state(state) for state in (entry.before, entry.after) if state]
    return " -> ".join(dict.fromkeys(states))


def describe(entry: Entry) -> str:
    """What an entry is about, in a few words."""
    if entry.kind == "event":
        return EVENTS.get(entry.event, "{0.event}").format(entry)
    if entry.kind in ("start", "stop"):
        return f"record {entry.kind}"
    return entry.command or entry.action or f"{entry.method} {entry.path}".strip()


def describe_state(state: State | None) -> str:
    """A state of a server: its status, and its task_state and lock if it has them."""
    if state is None:
        return ""
    notes = [state["task_state"] or "", "locked" if state["locked"] else ""]
    words = ", ".join(filter(None, notes))
    return f"{state['status']} ({words})" if words else str(state["status"])


def result_of(entry: Entry) -> str:
    """The code of a response with the check that failed, or why a task failed."""
    if entry.code:
        return f"{entry.code} {entry.check}".strip()
    return entry.message

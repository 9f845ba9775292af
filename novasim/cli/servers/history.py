"""The command history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from novasim.api.action_log import read_action_log
from novasim.cli.options import output_options_with, pass_session, server_argument
from novasim.cli.servers.plot import SVG, print_lane
from novasim.cli.servers.requests import request_to
from novasim.cli.session import Session
from novasim.errors import UsageError
from novasim.render.view import View
from novasim.simulation.time import clock

if TYPE_CHECKING:
    from novasim.store.base import RecordLog

EVENTS = {
    "Start": "start_time",
    "Action": "action",
    "Request": "request_id",
    "Event": "events",
    "Result": "events",
    "Seconds": "events",
}


@click.command()
@server_argument
@click.option("--refusals", is_flag=True, help="Show refused requests, too (needs a record).")
@click.option("--plot", is_flag=True, help="Draw the actions as bars over time, without long idle gaps.")
@output_options_with(SVG)
@pass_session
def history(session: Session, server: str, refusals: bool, plot: bool) -> None:
    """
    Show the log of actions on a server, oldest first, with their events and results.

    If there is a record ('novasim record'), the table shows who did what, and the states of the server before and
    after. -f json is Nova's own log; with --refusals it has the entries of the record.

    Example: novasim history web1

    Example: novasim history web1 --plot

    Example: novasim history web1 --plot -f svg
    """
    record = session.cloud.store.record
    if plot:
        if session.fmt not in ("table", SVG) or session.columns or session.quiet:
            raise UsageError("--plot draws text or, with -f svg, a picture. It excludes other formats, -c and -q.")
        with session.transaction(writes=False), request_to(session, server, "history") as id:
            name = session.get(f"/servers/{id}")["server"]["name"] if session.fmt == SVG else ""
            print_lane(_view(session, id).data, record, id, refusals, name)
        return
    if session.fmt == SVG:
        raise UsageError("-f svg needs --plot.")
    with session.transaction(writes=False), request_to(session, server, "history") as id:
        log = _view(session, id)
        session.write(_view_record(log, record, id, refusals) if refusals or session.fmt == "table" else log)


def _view_record(log: View, record: RecordLog | None, id: str, refusals: bool) -> View:
    """The entries of the record after those of the log from before it; the log alone if there is no record."""
    from novasim.cli.record.of_server import find_entries

    recorded = find_entries(record, id, refusals)
    if recorded is None:
        return log
    from novasim.cli.record.log import COLUMNS, view_entries

    view = view_entries(recorded.entries, [column for column in COLUMNS if column != "Server"])
    earlier = [
        ["", each["start_time"][:19], "", each["action"], "", each["message"] or ""]
        for each in recorded.select_earlier(log.data)
    ]
    return view._replace(rows=[*earlier, *view.rows], sources=[])


def _view(session: Session, id: str) -> View:
    entries = read_action_log(session.get, id)
    rows = [(index, row) for index, entry in enumerate(entries) for row in _rows(entry)]
    return View(
        list(EVENTS),
        [row for _, row in rows],
        entries,
        [entry["request_id"] for entry in entries],
        keys=list(EVENTS.values()),
        sources=[index for index, _ in rows],
    )


def _rows(entry: dict[str, Any]) -> list[list[Any]]:
    head = [entry["start_time"][:19], entry["action"], entry["request_id"][:12]]
    events = list(reversed(entry.get("events", ())))
    if not events:
        return [[*head, "", entry["message"] or "", ""]]
    return [
        [*(head if number == 0 else ("", "", "")), event["event"], event["result"] or "running", _seconds(event)]
        for number, event in enumerate(events)
    ]


def _seconds(event: dict[str, Any]) -> str:
    if not event["finish_time"]:
        return ""
    return f"{clock.parse_time(event['finish_time'] + 'Z') - clock.parse_time(event['start_time'] + 'Z'):.1f}"

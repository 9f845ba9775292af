"""The command history."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.options import output_options, pass_session, server_argument
from novasim.cli.servers.requests import request_to
from novasim.cli.session import Session
from novasim.render.view import View
from novasim.simulation.time import clock

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
@output_options
@pass_session
def history(session: Session, server: str) -> None:
    """
    Show the log of actions on a server, oldest first, with their events and results.

    Example: novasim history web1
    """
    with session.transaction(writes=False), request_to(session, server, "history") as id:
        session.write(_view(session, id))


def _view(session: Session, id: str) -> View:
    path = f"/servers/{id}/os-instance-actions"
    log = list(reversed(session.get(path)["instanceActions"]))
    entries = [session.get(f"{path}/{entry['request_id']}")["instanceAction"] for entry in log]
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

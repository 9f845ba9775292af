"""The lane of `history --plot`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from novasim.simulation.time import clock

if TYPE_CHECKING:
    from novasim.teach.lane import Span

MIN_WIDTH, MAX_WIDTH = 60, 120  # columns


def print_lane(log: Sequence[dict[str, Any]], record: str, id: str, refusals: bool) -> None:
    """
    Draw the actions of a server.

    Args:
        log: The entries of the instance-action log, oldest first.
        record: The record, for refusals.

    Raises:
        UsageError: refusals are wanted, and there is no record. CloudFileError: the record is damaged.
    """
    from novasim.render.output import is_unicode, print_text
    from novasim.teach.lane import IN_ASCII, draw_lane

    spans = [_span(entry) for entry in log]
    if refusals:
        spans += _list_refusals(record, id)
    columns = shutil.get_terminal_size((80, 24)).columns
    text = draw_lane(sorted(spans, key=lambda span: span.start), min(max(columns, MIN_WIDTH), MAX_WIDTH))
    print_text(text if is_unicode(sys.stdout) else text.translate(IN_ASCII))


def _span(entry: dict[str, Any]) -> Span:
    from novasim.teach.lane import Span

    start, events = _seconds(entry["start_time"]), entry.get("events", ())
    ends = [_seconds(event["finish_time"]) for event in events if event["finish_time"]]
    is_running = any(not event["finish_time"] for event in events)
    failed = bool(entry["message"]) or any(event["result"] == "Error" for event in events)
    result = "running" if is_running else "failed" if failed else ""
    return Span(entry["action"], start, max(ends, default=start), entry["start_time"][11:19], result, failed)


def _seconds(time: str) -> float:
    return clock.parse_time(time + "Z")


def _list_refusals(record: str, id: str) -> Iterator[Span]:
    from novasim.cli.record.of_server import find_entries
    from novasim.teach.lane import Span

    found = find_entries(record, id, True)
    for entry in found.entries if found else ():
        if entry.is_refusal and entry.time:
            moment = clock.parse_time(entry.time)
            yield Span(entry.action or entry.method, moment, moment, entry.time[11:19], str(entry.code), True)

"""The actions of a server as spans of time, and a time axis without long idle gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from novasim.records.entry import Entry
from novasim.simulation.time.clock import parse_time

MAX_IDLE = 0.08  # of the duration of all bars: the length of a longer idle gap on the axis
SHORTEST_IDLE = 0.1  # seconds; a shorter idle gap stays as it is


class Phase(NamedTuple):
    """A part of an action, from start to end in seconds since the epoch."""

    name: str
    start: float
    end: float


class Span(NamedTuple):
    """
    One action of a server.

    Args:
        start, end: In seconds since the epoch; equal for what takes no time.
        time: Of its start, as HH:MM:SS.
        result: Shown after the bar, such as "409" or "running"; "" for the duration.
        failed: Whether it failed or was refused.
        phases: Its parts, in the order of their starts.
        status: The status in which it left the server; "" if that is unknown or unchanged.
        text: Why it failed or was refused.
    """

    action: str
    start: float
    end: float
    time: str
    result: str = ""
    failed: bool = False
    phases: tuple[Phase, ...] = ()
    status: str = ""
    text: str = ""

    @property
    def is_bar(self) -> bool:
        """Whether it takes time."""
        return self.end > self.start


class Axis(NamedTuple):
    """
    Places of spans on an axis without long idle gaps, in seconds from the first start.

    Args:
        places: Start and end of each span.
        breaks: Where an idle gap was shortened, and by how many seconds.
        length: Of the axis.
    """

    places: list[tuple[float, float]]
    breaks: list[tuple[float, float]]
    length: float


def build_axis(spans: Iterable[Span]) -> Axis:
    """Place spans, which must be in the order of their starts."""
    spans = list(spans)
    longest = max(sum(span.end - span.start for span in spans) * MAX_IDLE, SHORTEST_IDLE)
    places: list[tuple[float, float]] = []
    breaks: list[tuple[float, float]] = []
    skipped, busy_until = (spans[0].start, spans[0].start) if spans else (0.0, 0.0)
    for span in spans:
        if (excess := span.start - busy_until - longest) > 0:
            breaks.append((busy_until - skipped + longest / 2, excess))
            skipped += excess
        busy_until = max(busy_until, span.end)
        places.append((span.start - skipped, span.end - skipped))
    return Axis(places, breaks, max((end for _, end in places), default=0.0))


def span_of_action(entry: Mapping[str, Any]) -> Span:
    """The span of an entry of the instance-action log: `action`, `start_time`, `message` and `events` of the API."""
    start, events = _seconds(entry["start_time"]), entry.get("events", ())
    ends = [_seconds(event["finish_time"]) for event in events if event["finish_time"]]
    is_running = any(not event["finish_time"] for event in events)
    failed = bool(entry["message"]) or any(event["result"] == "Error" for event in events)
    result = "running" if is_running else "failed" if failed else ""
    end, time, text = max(ends, default=start), entry["start_time"][11:19], entry["message"] or ""
    return Span(entry["action"], start, end, time, result, failed, _list_phases(events), "", text)


def _list_phases(events: Sequence[Mapping[str, Any]]) -> tuple[Phase, ...]:
    """The events that have ended, in the order of their starts. Of two at the same time, the last one stays."""
    ended = [event for event in events if event["finish_time"]]
    phases = (
        Phase(event["event"].replace("__", "_"), _seconds(event["start_time"]), _seconds(event["finish_time"]))
        for event in ended
    )
    return tuple(sorted({(phase.start, phase.end): phase for phase in phases}.values(), key=lambda phase: phase[1:]))


def span_of_refusal(entry: Entry) -> Span:
    """The span of a refused request in the record. It takes no time."""
    moment = parse_time(entry.time)
    action = entry.action or entry.method
    return Span(action, moment, moment, entry.time[11:19], str(entry.code), True, text=entry.message)


def _seconds(time: str) -> float:
    """The log of the API has times without "Z", that in the store with it."""
    return parse_time(time.removesuffix("Z") + "Z")


def format_duration(seconds: float) -> str:
    """A duration in words, such as "2.5 s" or "3 h"."""
    if seconds < 100:
        return f"{seconds} s" if isinstance(seconds, int) else f"{seconds:.1f} s"
    units = ((86400, "d"), (3600, "h"), (60, "min"))
    return next((f"{seconds / size:.0f} {unit}" for size, unit in units if seconds >= 1.5 * size), f"{seconds:.0f} s")

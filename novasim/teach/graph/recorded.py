"""The exact path of a server, from the entries of the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from novasim.lifecycle.actions import ACTIONS
from novasim.records.entry import Entry, State
from novasim.teach.graph.chart import Journey, Step
from novasim.teach.graph.edges import FIRST_STATUS, NOWHERE, find_edge, resting_status
from novasim.teach.graph.journey import CurrentState, LogEntry, trace_journey

ENDS = ("end", "failure")


def trace_recorded_journey(
    server: str, log: Sequence[LogEntry], entries: Sequence[Entry], now: CurrentState, refusals: bool = False
) -> Journey:
    """
    The path of a server.

    Args:
        log: The entries of the instance-action log from before the record began, oldest first.
        entries: The entries of the record about the server, oldest first.
        refusals: Whether refused requests are steps, too.
    """
    first = next((entry.before for entry in entries if entry.before), None) if log else None
    start = CurrentState(first["vm_state"], first["task_state"], first["status"]) if first else now
    earlier = trace_journey(server, log, start).steps if log else ()
    steps = (*earlier, *_trace(entries, refusals))
    return Journey(server, steps, resting_status(now.vm_state), now.description, _find_running(entries))


def _find_running(entries: Iterable[Entry]) -> str:
    """The action of the task that runs at the end; "" if no task runs."""
    running = ""
    for entry in entries:
        if not entry.is_refusal and entry.after:
            running = entry.action if entry.leaves_task else ""
    return running if running in ACTIONS else ""


def _trace(entries: Iterable[Entry], refusals: bool) -> Iterator[Step]:
    sources: dict[str, str] = {}  # by running action: the status in which it was accepted
    for entry in entries:
        if entry.is_refusal:
            if refusals and entry.before:
                status = _rest(entry.before)
                yield Step(entry.action, status, status, None, True)
        elif entry.kind == "event":
            yield from _trace_event(entry, sources)
        elif entry.after and entry.action in ACTIONS:
            yield from _trace_request(entry, sources)
        elif entry.before and entry.after and _rest(entry.before) != _rest(entry.after):
            yield Step(entry.action or entry.kind, _rest(entry.before), _rest(entry.after))


def _trace_request(entry: Entry, sources: dict[str, str]) -> Iterator[Step]:
    if entry.before is None:
        yield _step(entry.action, NOWHERE, FIRST_STATUS)
    before, after = _rest(entry.before) if entry.before else FIRST_STATUS, _rest(entry.after)
    sources[entry.action] = before
    row = ACTIONS[entry.action]
    if not entry.starts_task and (row.log_name or before != after):
        yield _step(entry.action, before, after)


def _trace_event(entry: Entry, sources: dict[str, str]) -> Iterator[Step]:
    if entry.before is None or entry.after is None:
        return
    before, after = sources.get(entry.action, _rest(entry.before)), _rest(entry.after)
    if entry.event == "failure":
        yield Step(entry.action, before, after, None, True)
    elif entry.event == "end":
        yield _step(entry.action, before, after)
    elif entry.event == "timer" and _rest(entry.before) != after:
        yield Step(entry.action, _rest(entry.before), after)
    if entry.event in ENDS:
        sources.pop(entry.action, None)


def _step(action: str, source: str, target: str) -> Step:
    return Step(action, source, target, find_edge(action, source, target))


def _rest(state: State | None) -> str:
    return resting_status(state["vm_state"]) if state else NOWHERE

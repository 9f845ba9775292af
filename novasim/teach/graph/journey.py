"""Reconstructs the path of a server from its instance-action log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import ERROR
from novasim.teach.graph.chart import Journey, Step
from novasim.teach.graph.edges import ANY, FIRST_STATUS, NOWHERE, Edge, all_edges, resting_status

UNEXPLAINED = 1000  # the cost of a change without an entry in the log: more than all other costs together

Path = tuple[int, tuple[Step, ...]]  # cost and steps


class LogEntry(NamedTuple):
    """
    An entry of the log: the name of the action there, and whether it failed.

    Args:
        interrupted: Whether a deletion ended it, so that the status did not change.
    """

    action: str
    failed: bool = False
    interrupted: bool = False


class CurrentState(NamedTuple):
    """The states of a server now."""

    vm_state: str
    task_state: str | None
    status: str

    @property
    def description(self) -> str:
        """The status, with the task_state if there is one."""
        task = self.task_state
        return f"{self.status} ({task})" if task else self.status


def trace_journey(server: str, log: Sequence[LogEntry], now: CurrentState) -> Journey:
    """
    Find the most likely path that agrees with the log and ends where the server is.

    The log has no states, and a name in it can mean several actions. The path with the fewest unexplained changes is
    the most likely one. A guest that stopped by itself is such a change, because it is not in the log.

    Args:
        log: The entries, oldest first.
    """
    status = resting_status(now.vm_state)
    running = _running_entry(log, now)
    done = [entry for number, entry in enumerate(log) if number != running]
    steps = _most_likely_steps(done, status)
    action = ""
    if running is not None:
        entry = log[running]
        steps = (*_first_steps(entry), *steps)
        action = _running_action(entry, now, status)
    return Journey(server, steps, status, now.description, action)


def _running_entry(log: Sequence[LogEntry], now: CurrentState) -> int | None:
    """The index of the entry whose task is running: the last one with such a phase."""
    numbers = [number for number, entry in enumerate(log) if _actions_showing(entry, now)]
    return numbers[-1] if numbers else None


def _actions_showing(entry: LogEntry, now: CurrentState) -> list[str]:
    """The actions with this name in the log that show the task_state of the server."""
    task_state = now.task_state
    return [name for name, row in ACTIONS.items() if row.log_name == entry.action and row.may_show(task_state)]


def _running_action(entry: LogEntry, now: CurrentState, status: str) -> str:
    names = _actions_showing(entry, now)
    from_here = [edge.action for edge in all_edges() if edge.action in names and edge.source in (status, ANY)]
    return (from_here or names)[0]


def _edges_of(entry: LogEntry) -> list[Edge]:
    return [edge for edge in all_edges() if ACTIONS[edge.action].log_name == entry.action]


def _first_steps(entry: LogEntry) -> tuple[Step, ...]:
    """The step that creates a server; empty if the entry does not."""
    return tuple(Step(edge.action, NOWHERE, edge.target, edge) for edge in _edges_of(entry) if edge.source == NOWHERE)


def _most_likely_steps(log: Sequence[LogEntry], status: str) -> tuple[Step, ...]:
    """The cheapest path to a status, extended entry by entry from the cheapest path to each status."""
    paths: dict[str, Path] = {NOWHERE: (0, ())}
    for entry in log:
        paths = _extend(paths, entry) or paths
    best = min(paths, key=lambda end: paths[end][0] + (0 if end == status else UNEXPLAINED))
    return paths[best][1]


def _extend(paths: dict[str, Path], entry: LogEntry) -> dict[str, Path]:
    """The cheapest path to each status after one more entry."""
    extended: dict[str, Path] = {}
    for status, (cost, steps) in paths.items():
        for more, new in _moves(entry, status):
            end = new[-1].target
            if end not in extended or cost + more < extended[end][0]:
                extended[end] = (cost + more, (*steps, *new))
    return extended


def _moves(entry: LogEntry, status: str) -> Iterator[Path]:
    """The possible effects of an entry on a server in a status, the usual effect first."""
    first = _first_steps(entry) if status == NOWHERE else ()
    if first and entry.interrupted:
        yield 0, first
        return
    for cost, steps in _moves_of_server(entry, FIRST_STATUS if first else status):
        yield cost, (*first, *steps)


def _moves_of_server(entry: LogEntry, status: str) -> Iterator[Path]:
    edges = _edges_of(entry)
    from_here = [edge for edge in edges if edge.source in (status, ANY)]
    for cost, edge in enumerate(from_here or edges, 0 if from_here else UNEXPLAINED):
        source = status if from_here else edge.source
        if not entry.failed:
            yield cost, (Step(edge.action, source, source if edge.keeps_status else edge.target, edge),)
        else:
            yield cost + 1, (Step(edge.action, source, source, None, True),)
        if edge.may_fail and (entry.failed or ACTIONS[edge.action].hides_failures):
            yield cost + (not entry.failed), (Step(edge.action, source, resting_status(ERROR), None, True),)

"""The way that a server came, told from its instance-action log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import ERROR
from novasim.teach.graph.chart import Journey, Step
from novasim.teach.graph.edges import ANY, BORN, NOWHERE, edges, resting

UNEXPLAINED = 1000  # what a change costs that no entry of the log tells: more than any guess that explains all


class Entry(NamedTuple):
    """An entry of the log: the name under which an action is recorded, and whether it failed."""

    recorded: str
    failed: bool = False


class Now(NamedTuple):
    """What a server is in."""

    vm_state: str
    task_state: str | None
    status: str


def journey(server: str, log: Sequence[Entry], now: Now) -> Journey:
    """
    The likeliest way through the lifecycle that agrees with the log, oldest entry first, and ends where the server is.

    The log has no states, and one name can mean several actions, so the way is sought that leaves the fewest changes
    unexplained. A guest that stopped by itself is such a change, for no request stands in the log.
    """
    here = resting(now.vm_state)
    busy = _under_way(log, now)
    done = [entry for number, entry in enumerate(log) if number != busy]
    steps = _likeliest(done, here)
    if busy is not None and log[busy].recorded in _recorded(NOWHERE):
        steps = (*_born(log[busy]), *steps)
    action = _action_under_way(log[busy].recorded, now, here) if busy is not None else ""
    shown = " ".join(filter(None, (now.status, now.task_state and f"({now.task_state})")))
    return Journey(server, steps, here, shown, action)


def _under_way(log: Sequence[Entry], now: Now) -> int | None:
    """The place of the entry that the server is busy with: the last one that has such a phase."""
    task = now.task_state
    fitting = [number for number, entry in enumerate(log) if _rows_with(entry.recorded, task)]
    return fitting[-1] if fitting else None


def _rows_with(recorded: str, task: str | None) -> list[str]:
    """The actions of that name in the log which show a task_state."""
    return [name for name, row in ACTIONS.items() if row.log_name == recorded and row.may_show(task)]


def _action_under_way(recorded: str, now: Now, here: str) -> str:
    rows = _rows_with(recorded, now.task_state)
    fitting = [edge.action for edge in edges() if edge.action in rows and edge.source in (here, ANY)]
    return (fitting or rows)[0]


def _recorded(source: str) -> set[str]:
    return {ACTIONS[edge.action].log_name for edge in edges() if edge.source == source}


def _born(entry: Entry) -> tuple[Step, ...]:
    return tuple(
        Step(edge.action, NOWHERE, edge.target, edge)
        for edge in edges()
        if edge.source == NOWHERE and ACTIONS[edge.action].log_name == entry.recorded
    )


def _likeliest(log: Sequence[Entry], here: str) -> tuple[Step, ...]:
    """The cheapest way, found entry by entry: for each status the best way that leads there so far."""
    ways: dict[str, tuple[int, tuple[Step, ...]]] = {NOWHERE: (0, ())}
    for entry in log:
        following: dict[str, tuple[int, tuple[Step, ...]]] = {}
        for status, (cost, steps) in ways.items():
            for more, new in _moves(entry, status):
                end = new[-1].target
                if end not in following or cost + more < following[end][0]:
                    following[end] = (cost + more, (*steps, *new))
        ways = following or ways
    best = min(ways, key=lambda status: ways[status][0] + (0 if status == here else UNEXPLAINED))
    return ways[best][1]


def _moves(entry: Entry, status: str) -> Iterator[tuple[int, tuple[Step, ...]]]:
    """What an entry may have done to a server in a status, the usual cheapest."""
    if entry.recorded in _recorded(NOWHERE) and status == NOWHERE:
        born = _born(entry)
        for cost, steps in _from(entry, BORN):
            yield cost, (*born, *steps)
        return
    yield from _from(entry, status)


def _from(entry: Entry, status: str) -> Iterator[tuple[int, tuple[Step, ...]]]:
    found = [edge for edge in edges() if ACTIONS[edge.action].log_name == entry.recorded]
    fitting = [edge for edge in found if edge.source in (status, ANY)]
    jump = 0 if fitting else UNEXPLAINED
    for cost, edge in enumerate(fitting or found, jump):
        source = status if fitting else edge.source
        target = source if edge.stays else edge.target
        if not entry.failed:
            yield cost, (Step(edge.action, source, target, edge),)
            continue
        yield cost + 1, (Step(edge.action, source, source, None, True),)
        if edge.fails:
            yield cost, (Step(edge.action, source, resting(ERROR), None, True),)

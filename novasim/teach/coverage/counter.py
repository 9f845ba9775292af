"""Counts what the entries of records have met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.recorded import final_refusal
from novasim.lifecycle.states import DELETED
from novasim.records.entry import Entry, State
from novasim.teach.coverage.items import (
    ACTION,
    CHECK,
    FAILURE,
    LOCK,
    MICROVERSION,
    ROLE,
    STATE,
    TASK,
    Item,
    edge_item,
    known_items,
)
from novasim.teach.graph.edges import ANY, FIRST_STATUS, NOWHERE, find_edge, resting_status

DIMENSION_OF_CHECK = {"vm_state": STATE, "task_state": TASK, "lock": LOCK, "policy": ROLE, "microversion": MICROVERSION}
"""By `records.entry.Entry.check`; all others are checks of the action table."""


@dataclass
class Evidence:
    """
    What entries show.

    Attributes:
        counts: How often each item was met.
        actions: The actions that were requested. statuses: the statuses without a task in which servers were.
        roles: The roles that each caller had. minors: the compute microversions 2.N of requests, as N.
        options: The options that were set.
    """

    counts: dict[Item, int] = field(default_factory=dict)
    actions: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)
    roles: set[frozenset[str]] = field(default_factory=set)
    minors: set[int] = field(default_factory=set)
    options: set[str] = field(default_factory=set)

    def count(self, items: Iterable[Item]) -> None:
        """Count items; those that the action table does not have are left out."""
        for item in items:
            if item in known_items():
                self.counts[item] = self.counts.get(item, 0) + 1


def count_entries(records: Iterable[Iterable[Entry]]) -> Evidence:
    """
    What several records have met together.

    Args:
        records: The entries of each, oldest first. Servers in different records are different ones.
    """
    evidence = Evidence()
    for entries in records:
        sources: dict[tuple[str, str], str] = {}  # by server and running action: the status in which it was accepted
        for entry in entries:
            if entry.kind == "start":  # other servers may have the same IDs in a record that was combined
                sources.clear()
            _note_circumstances(evidence, entry)
            evidence.count(_find_items(entry, sources))
    return evidence


def _note_circumstances(evidence: Evidence, entry: Entry) -> None:
    evidence.statuses.update(_rest(state) for state in (entry.before, entry.after) if state)
    if entry.user:
        evidence.roles.add(frozenset(entry.user["roles"]))
    if entry.kind == "request" and entry.action in ACTIONS:
        evidence.actions.add(entry.action)
        if entry.microversion.startswith("2."):
            evidence.minors.add(int(entry.microversion.removeprefix("2.")))
    for change in entry.changes:
        if change["table"] == "settings":
            evidence.options.update((change["after"] or {}).get("options", {}))


def _find_items(entry: Entry, sources: dict[tuple[str, str], str]) -> Iterator[Item]:
    if entry.action not in ACTIONS:
        return
    if entry.is_refusal:
        yield from _find_refusal(entry)
    elif entry.kind == "request":
        yield from _find_success(entry, sources)
    elif entry.event in ("end", "failure"):
        yield from _find_end(entry, sources)


def _find_refusal(entry: Entry) -> Iterator[Item]:
    if not entry.check and entry.code == final_refusal(ACTIONS[entry.action]):
        yield Item(ACTION, entry.action)
        yield from _find_edge(entry.action, _rest(entry.before), _rest(entry.before))
    dimension = DIMENSION_OF_CHECK.get(entry.check, CHECK)
    if dimension == STATE and entry.before:
        yield Item(STATE, entry.action, _rest(entry.before))
    elif dimension == MICROVERSION:
        yield Item(MICROVERSION, entry.action, detail=_find_bound(entry))
    else:
        yield Item(dimension, entry.action, detail=entry.check if dimension == CHECK else "")


def _find_bound(entry: Entry) -> str:
    row, minor = ACTIONS[entry.action], int(entry.microversion.partition(".")[2] or 0)
    return f"before 2.{row.since}" if minor < row.since else f"after 2.{row.until}"


def _find_success(entry: Entry, sources: dict[tuple[str, str], str]) -> Iterator[Item]:
    yield Item(ACTION, entry.action)
    if not ACTIONS[entry.action].acts_on_server:
        yield from _find_edge(entry.action, NOWHERE, FIRST_STATUS)
        return
    source = _rest(entry.before)
    sources[entry.server, entry.action] = source
    if not entry.starts_task:
        yield from _find_edge(entry.action, source, _rest(entry.after))


def _find_end(entry: Entry, sources: dict[tuple[str, str], str]) -> Iterator[Item]:
    source = sources.pop((entry.server, entry.action), _rest(entry.before))
    if entry.event == "failure":
        yield from (Item(FAILURE, entry.action, each) for each in (source, ANY))
    else:
        yield from _find_edge(entry.action, source, _rest(entry.after))


def _find_edge(action: str, source: str, target: str) -> Iterator[Item]:
    if edge := find_edge(action, source, target):
        yield edge_item(edge)


def _rest(state: State | None) -> str:
    return resting_status(state["vm_state"] if state else DELETED)

"""What can be met of the lifecycle, computed from the action table: the denominators of coverage."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import (
    is_refused_when_busy,
    list_bounds,
    list_failing_checks,
    list_refused_vm_states,
)
from novasim.teach.graph.edges import Edge, edges_of_action, resting_status
from novasim.teach.rights import ROLES, lowest_role

ACTION, MOVE, STAY, FAILURE = "actions", "moves", "stays", "failures"
STATE, TASK, LOCK, ROLE, MICROVERSION, CHECK = (
    "refusals.state",
    "refusals.task",
    "refusals.lock",
    "refusals.role",
    "refusals.microversion",
    "refusals.check",
)
TITLES = {
    ACTION: "Actions",
    MOVE: "Moves from status to status",
    STAY: "Actions that keep the status",
    FAILURE: "Failures on the way",
    STATE: "Refusals by state",
    TASK: "Refusals by a running task",
    LOCK: "Refusals by a lock",
    ROLE: "Refusals by role",
    MICROVERSION: "Refusals by microversion",
    CHECK: "Refusals by check",
}
"""The dimensions, in the order of reports."""


class Item(NamedTuple):
    """
    Something that a script can meet.

    Args:
        dimension: A key of TITLES.
        source, target: Statuses as in `graph.edges.Edge`. Of a refusal by state, source is the status; of other
            refusals, both are "".
        detail: The name of a check, or "before 2.N" or "after 2.N" for a microversion.
    """

    dimension: str
    action: str
    source: str = ""
    target: str = ""
    detail: str = ""

    def __str__(self) -> str:
        return _WORDS[self.dimension].format(self)


_WORDS = {
    ACTION: "{0.action}",
    MOVE: "{0.action} from {0.source} to {0.target}",
    STAY: "{0.action} in {0.source}",
    FAILURE: "{0.action} that fails, from {0.source}",
    STATE: "{0.action} in {0.source}",
    TASK: "{0.action} while a task is running",
    LOCK: "{0.action} of a locked server",
    ROLE: "{0.action} without the role for it",
    MICROVERSION: "{0.action} {0.detail}",
    CHECK: "{0.action}: {0.detail}",
}


def edge_item(edge: Edge) -> Item:
    """The item of an edge of the lifecycle graph."""
    return Item(STAY if edge.keeps_status else MOVE, edge.action, edge.source, edge.target)


@lru_cache(maxsize=1)
def all_items() -> tuple[Item, ...]:
    """All items, in the order of TITLES and then of the action table. No item is there twice."""
    items = dict.fromkeys(item for action in ACTIONS.values() for item in _list_items(action))
    return tuple(sorted(items, key=lambda item: list(TITLES).index(item.dimension)))


@lru_cache(maxsize=1)
def known_items() -> frozenset[Item]:
    """The same as a set."""
    return frozenset(all_items())


def _list_items(action: Action) -> Iterator[Item]:
    name, edges = action.name, list(edges_of_action(action))
    yield Item(ACTION, name)
    yield from map(edge_item, edges)
    yield from (Item(FAILURE, name, edge.source) for edge in edges if edge.may_fail)
    yield from (Item(STATE, name, resting_status(vm_state)) for vm_state in list_refused_vm_states(action))
    if is_refused_when_busy(action):
        yield Item(TASK, name)
    if action.lock:
        yield Item(LOCK, name)
    if lowest_role(action) in ROLES[1:]:
        yield Item(ROLE, name)
    yield from (Item(MICROVERSION, name, detail=bound) for bound in list_bounds(action))
    yield from (Item(CHECK, name, detail=check) for check in list_failing_checks(action))

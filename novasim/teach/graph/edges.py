"""The edges of the lifecycle graph, computed from the action table, the default policy and the status map."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import VM_STATES
from novasim.lifecycle.status import STATUSES, status_of
from novasim.records import Server
from novasim.teach.rights import lowest_role

NOWHERE = "-"  # the source of new servers
ANY = "any status"
FIRST_STATUS = status_of(Server.vm_state, None)
PRIVILEGED_ROLES = ("manager", "admin")


class Edge(NamedTuple):
    """
    One action from one status to another.

    Args:
        source, target: Statuses without a task, NOWHERE or ANY. If they are equal, the action keeps the status.
        through: The transitional statuses shown on the way, in order.
        role: The role that the action requires beyond member: "", "manager" or "admin".
        may_fail: Whether a failure ends in ERROR.
        is_removed: Whether Nova refuses every request.
        is_instant: Whether the action is complete when the API answers.
    """

    action: str
    source: str
    target: str
    through: tuple[str, ...] = ()
    role: str = ""
    may_fail: bool = False
    is_removed: bool = False
    is_instant: bool = False

    @property
    def keeps_status(self) -> bool:
        """Whether the status is the same afterwards."""
        return self.source == self.target


def resting_status(vm_state: str) -> str:
    """The status of a server in a vm_state without a task."""
    return status_of(vm_state, None)


def resting_statuses() -> tuple[str, ...]:
    """The statuses of servers without a task: the nodes of the graph."""
    return tuple(sorted(map(resting_status, VM_STATES)))


def transitional_statuses() -> tuple[str, ...]:
    """The statuses that servers show only during a task."""
    return tuple(sorted(STATUSES - set(resting_statuses())))


@lru_cache(maxsize=1)
def all_edges() -> tuple[Edge, ...]:
    """All edges, in the order of the action table."""
    return tuple(edge for action in ACTIONS.values() for edge in edges_of_action(action))


def find_edge(action: str, source: str, target: str) -> Edge | None:
    """The edge that an action has followed from one status to another; None if the table does not have it."""
    edges = (edge for edge in all_edges() if edge.action == action and edge.source in (source, ANY))
    return next((edge for edge in edges if edge.target == target or (edge.keeps_status and source == target)), None)


def edges_of_action(action: Action) -> Iterator[Edge]:
    """Yield the edges of one action, from each status that accepts it."""
    if not action.acts_on_server:
        assert action.ends
        yield _edge(action, "", NOWHERE, FIRST_STATUS)
        yield _edge(action, Server.vm_state, FIRST_STATUS, resting_status(action.ends))
    elif action.vm_states is None:
        for end in action.end_states(""):
            yield _edge(action, "", ANY, resting_status(end) if end else ANY)
    else:
        for vm_state in sorted(action.vm_states):
            for end in action.end_states(vm_state):
                yield _edge(action, vm_state, resting_status(vm_state), resting_status(end))


def _edge(action: Action, vm_state: str, source: str, target: str) -> Edge:
    return Edge(
        action.name,
        source,
        target,
        tuple(_statuses_between(action, vm_state, source)) if vm_state else (),
        privileged_role(action),
        may_fail=action.may_fail and source != NOWHERE,
        is_removed=action.is_removed,
        is_instant=action.is_instant,
    )


def _statuses_between(action: Action, vm_state: str, source: str) -> Iterator[str]:
    seen = {source}
    for phase in action.phases:
        status = status_of(vm_state, phase.task_state)
        if status not in seen:
            seen.add(status)
            yield status


def privileged_role(action: Action) -> str:
    """The role that an action requires beyond member; "" if a member may request it, or no role may."""
    role = lowest_role(action)
    return role if role in PRIVILEGED_ROLES else ""

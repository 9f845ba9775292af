"""Nodes and edges of the lifecycle. Everything here follows from the action table, the policy and the status map."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import VM_STATES
from novasim.lifecycle.status import STATUSES, shown_status
from novasim.records import Server
from novasim.teach.rights import lowest_role

NOWHERE = "-"  # where a server comes from that is created
ANY = "any status"
BORN = shown_status(Server.vm_state, None)
REFUSED_FOR_EVER = 410
BEYOND_MEMBERS = ("manager", "admin")


class Edge(NamedTuple):
    """
    One action from one status to one other.

    Args:
        source, target: Statuses of servers at rest, NOWHERE or ANY. An edge from a status to itself keeps it.
        through: The statuses that are shown on the way, in order.
        role: The role that one needs beyond that of a member: "", "manager" or "admin".
        fails: Whether a failure on the way ends in ERROR. gone: whether Nova refuses it for ever. at_once: whether it
            is done when it is answered; everything else goes on behind the answer.
    """

    action: str
    source: str
    target: str
    through: tuple[str, ...] = ()
    role: str = ""
    fails: bool = False
    gone: bool = False
    at_once: bool = False

    @property
    def stays(self) -> bool:
        """Whether the status is the same afterwards."""
        return self.source == self.target


def resting(vm_state: str) -> str:
    """The status of an idle server in a vm_state."""
    return shown_status(vm_state, None)


def nodes() -> tuple[str, ...]:
    """The statuses of servers at rest."""
    return tuple(sorted(map(resting, VM_STATES)))


def passing() -> tuple[str, ...]:
    """The statuses that are shown only while something is under way."""
    return tuple(sorted(STATUSES - set(nodes())))


@lru_cache(maxsize=1)
def edges() -> tuple[Edge, ...]:
    """All edges, in the order of the table."""
    return tuple(edge for action in ACTIONS.values() for edge in edges_of(action))


def edges_of(action: Action) -> Iterator[Edge]:
    """The edges of one action, from each status that accepts it."""
    if not action.path.startswith("/servers/{server_id}"):
        assert action.ends
        yield _edge(action, "", NOWHERE, BORN)
        yield _edge(action, Server.vm_state, BORN, resting(action.ends))
    elif action.vm_states is None:
        for end in action.end_states(""):
            yield _edge(action, "", ANY, resting(end) if end else ANY)
    else:
        for vm_state in sorted(action.vm_states):
            for end in action.end_states(vm_state):
                yield _edge(action, vm_state, resting(vm_state), resting(end))


def _edge(action: Action, vm_state: str, source: str, target: str) -> Edge:
    through = tuple(_statuses_on_the_way(action, vm_state, source)) if vm_state else ()
    fails = action.may_fail and source != NOWHERE
    gone, at_once = action.code == REFUSED_FOR_EVER, not sum(phase.seconds for phase in action.phases)
    return Edge(action.name, source, target, through, role_for(action), fails, gone, at_once)


def _statuses_on_the_way(action: Action, vm_state: str, source: str) -> Iterator[str]:
    seen = {source}
    for phase in action.phases:
        status = shown_status(vm_state, phase.task_state)
        if status not in seen:
            seen.add(status)
            yield status


def role_for(action: Action) -> str:
    """The role that an action asks for beyond that of a member; "" if a member may, or nobody does."""
    role = lowest_role(action)
    return role if role in BEYOND_MEMBERS else ""

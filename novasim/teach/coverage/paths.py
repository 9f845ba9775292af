"""Paths of a server to where an item of the lifecycle is met; the planner finds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from novasim.lifecycle.action import Action
from novasim.lifecycle.plan import PlanContext, PlanState, Step, end_states, is_accepted, is_idle_in, shortest_path
from novasim.lifecycle.states import ACTIVE
from novasim.lifecycle.status import stable_state_of
from novasim.teach.coverage.items import STATE, Item
from novasim.teach.coverage.scripts import Request, Script
from novasim.teach.graph.edges import ANY

OFFLOAD, RECLAIM = ("shelved_offload_time", "3600"), ("reclaim_instance_interval", "3600")
CONTEXTS = (
    ((), PlanContext(lambda action: True)),
    ((OFFLOAD,), PlanContext(lambda action: True, offloads=False)),
    ((RECLAIM,), PlanContext(lambda action: True, soft_deletes=True)),
)
"""Options to set, and the context of the plan with them; the first one that has a path is used."""


def find_path(item: Item, row: Action) -> Script | None:
    """The path to the source of an item, and the request there."""
    source = ACTIVE if item.source == ANY else stable_state_of(item.source)
    target = source if item.target in (ANY, item.source) else stable_state_of(item.target)
    for options, context in CONTEXTS:
        goal = _Goal(row, source or "", target or "", context, item.dimension == STATE)
        path = shortest_path(PlanState(ACTIVE), goal.is_met_by, context)
        if path is not None:
            return Script(item, options, _list_requests(path), Request(row.name, target or ""), item.dimension == STATE)
    return None


def find_path_to(item: Item, row: Action, vm_state: str) -> Script | None:
    """The path to a vm_state, and a request that is refused there for another reason."""
    for options, context in CONTEXTS:
        path = shortest_path(PlanState(ACTIVE), lambda state: is_idle_in(state, vm_state), context)
        if path is not None:
            return Script(item, options, _list_requests(path), Request(row.name, vm_state), refused=True)
    return None


def _list_requests(path: Iterable[Step]) -> tuple[Request, ...]:
    return tuple(Request(step.action.name, step.end) for step in path if step.action)


class _Goal(NamedTuple):
    """Whether a state is where an action leads to the target, or is refused."""

    action: Action
    source: str
    target: str
    context: PlanContext
    refused: bool

    def is_met_by(self, state: PlanState) -> bool:
        """Whether a state is the goal."""
        if not is_idle_in(state, self.source):
            return False
        state = state._replace(host_down=self.action.restores_host)
        ends = end_states(self.action, state, self.context) or (self.source,)
        return self.refused or (is_accepted(self.action, state) and self.target in ends)

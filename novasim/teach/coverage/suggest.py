"""Ways to meet what coverage is missing; the planner finds the path to each status."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import PlanContext, PlanState, Step, end_states, is_accepted, is_idle_in, shortest_path
from novasim.lifecycle.recorded import final_refusal
from novasim.lifecycle.states import ACTIVE
from novasim.lifecycle.status import stable_state_of
from novasim.teach.coverage.items import ACTION, MOVE, STATE, STAY, Item, edge_item
from novasim.teach.graph.edges import ANY, NOWHERE, edges_of_action, privileged_role

SUGGESTED = (ACTION, MOVE, STAY, STATE)
"""The dimensions that suggestions exist for."""
NOT_SUGGESTED = {Item(STATE, "evacuate", "SHELVED_OFFLOADED")}
"""Refusals that another check hides unless the request names a host."""
OFFLOAD, RECLAIM = ("shelved_offload_time", "3600"), ("reclaim_instance_interval", "3600")
CONTEXTS = (
    ((), PlanContext(lambda action: True)),
    ((OFFLOAD,), PlanContext(lambda action: True, offloads=False)),
    ((RECLAIM,), PlanContext(lambda action: True, soft_deletes=True)),
)
"""Options to set, and the context of the plan with them; the first one that has a path is used."""


class Request(NamedTuple):
    """
    A request of a suggestion.

    Args:
        name: The action. end: the vm_state that it reaches.
    """

    name: str
    end: str

    @property
    def is_privileged(self) -> bool:
        """Whether an administrator has to send it."""
        return bool(privileged_role(ACTIONS[self.name]))

    @property
    def names_end(self) -> bool:
        """Whether it names the vm_state to reach."""
        return bool(ACTIONS[self.name].end_argument)


class Script(NamedTuple):
    """
    A way to meet an item.

    Args:
        options: Options to set first. path: the requests from ACTIVE to where the item is met.
        last: The request that meets it; None if the server has only to be created.
        refused: Whether the last one is refused.
    """

    item: Item
    options: tuple[tuple[str, str], ...]
    path: tuple[Request, ...]
    last: Request | None
    refused: bool = False

    @property
    def is_prepared_first(self) -> bool:
        """Whether what the last request names is created in ACTIVE. A refused evacuation needs nothing."""
        return self.refused and not (self.last and ACTIONS[self.last.name].restores_host)


def find_script(item: Item) -> Script | None:
    """A way to meet an item; None if no suggestion exists."""
    row = ACTIONS[item.action]
    if item.dimension == ACTION:
        scripts = (find_script(edge_item(edge)) for edge in edges_of_action(row))
        return next((script._replace(item=item) for script in scripts if script), None)
    if item.source == NOWHERE or not row.acts_on_server:
        return Script(item, (), (), None)
    if item.dimension not in SUGGESTED or item in NOT_SUGGESTED:
        return None
    if final_refusal(row):
        return Script(item, (), (), Request(row.name, ACTIVE), refused=True)
    return _find_path(item, row)


def _find_path(item: Item, row: Action) -> Script | None:
    source = ACTIVE if item.source == ANY else stable_state_of(item.source)
    target = source if item.target in (ANY, item.source) else stable_state_of(item.target)
    for options, context in CONTEXTS:
        goal = _Goal(row, source or "", target or "", context, item.dimension == STATE)
        path = shortest_path(PlanState(ACTIVE), goal.is_met_by, context)
        if path is not None:
            return Script(item, options, _list_requests(path), Request(row.name, target or ""), item.dimension == STATE)
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


def list_scripts(items: Iterable[Item]) -> list[Script]:
    """The ways to meet items; the way of a move stands for its action, too."""
    items = list(items)
    edges = {item.action for item in items if item.dimension in (MOVE, STAY)}
    wanted = [item for item in items if item.dimension != ACTION or item.action not in edges]
    return [script for item in wanted if (script := find_script(item))]

"""Ways to meet what coverage is missing; the planner finds the path to each status."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.recorded import final_refusal
from novasim.lifecycle.states import ACTIVE
from novasim.lifecycle.status import stable_state_of
from novasim.teach.coverage import refusals
from novasim.teach.coverage.items import (
    ACTION,
    CHECK,
    FAILURE,
    LOCK,
    MICROVERSION,
    MOVE,
    ROLE,
    STATE,
    STAY,
    TASK,
    Item,
    edge_item,
)
from novasim.teach.coverage.paths import find_path, find_path_to
from novasim.teach.coverage.scripts import Lines, Request, Script
from novasim.teach.graph.edges import ANY, NOWHERE, edges_of_action

NOT_SUGGESTED = {Item(STATE, "evacuate", "SHELVED_OFFLOADED")}
"""Refusals that another check hides unless the request names a host."""


def find_script(item: Item) -> Script | None:
    """A way to meet an item; None if no suggestion exists."""
    row = ACTIONS[item.action]
    if item.dimension == ACTION:
        scripts = (find_script(edge_item(edge)) for edge in edges_of_action(row))
        return next((script._replace(item=item) for script in scripts if script), None)
    if item in NOT_SUGGESTED:
        return None
    if item.dimension in FINDERS:
        return FINDERS[item.dimension](item, row)
    if item.source == NOWHERE or not row.acts_on_server:
        return Script(item)
    if final_refusal(row):
        return Script(item, last=Request(row.name, ACTIVE), refused=True)
    return find_path(item, row)


def _find_failure(item: Item, row: Action) -> Script | None:
    """The action is accepted, and an injected fault makes it fail."""
    fault = Lines(
        (f"novasim --as admin fault add --action {row.name} --fail broken",),
        (f'cloud.faults.add("broken", "fail", action="{row.name}")',),
    )
    if not row.acts_on_server:
        return Script(item, before_server=fault)
    found = find_path_to(item, row, ACTIVE if item.source == ANY else stable_state_of(item.source) or "")
    return found and found._replace(preparation=fault, refused=False)


FINDERS: dict[str, Callable[[Item, Action], Script | None]] = {
    FAILURE: _find_failure,
    TASK: refusals.find_busy,
    LOCK: refusals.find_locked,
    ROLE: refusals.find_forbidden,
    MICROVERSION: refusals.find_unversioned,
    CHECK: refusals.find_checked,
}


def list_unknown(items: Iterable[Item]) -> list[Item]:
    """The items for which there is no suggestion."""
    return [item for item in items if find_script(item) is None]


def list_scripts(items: Iterable[Item]) -> list[Script]:
    """The ways to meet items; the way of a move stands for its action, too."""
    items = list(items)
    edges = {item.action for item in items if item.dimension in (MOVE, STAY)}
    wanted = [item for item in items if item.dimension != ACTION or item.action not in edges]
    return [script for item in wanted if (script := find_script(item))]

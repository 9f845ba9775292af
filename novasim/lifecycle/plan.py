"""Ways from one state to another: the shortest sequence of actions, read from the action table."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import SHELVED, SOFT_DELETED

ADMIN_ONLY = frozenset({"shelve-offload", "migrate", "evacuate", "reset-state"})
LAST_RESORT = frozenset({"migrate", "evacuate", "rebuild", "delete", "revert-resize", "hard-reboot", "rescue"})


def way(
    vm_state: str, goals: Collection[str], admin: bool = False, shelving_offloads: bool = True
) -> list[Action] | None:
    """
    The shortest way from a vm_state into one of *goals*, gentle actions before rough ones.

    Args:
        shelving_offloads: Whether a shelved server leaves its host at once (option shelved_offload_time is 0).

    Returns:
        The actions in order; empty if a goal is reached already, None if there is no way.
    """
    queue: deque[tuple[str, list[Action]]] = deque([(vm_state, [])])
    seen = {vm_state}
    while queue:
        state, path = queue.popleft()
        if state in goals:
            return path
        for action in steps(state, admin):
            end = _end(action, shelving_offloads)
            if end and end not in seen:
                seen.add(end)
                queue.append((end, [*path, action]))
    return None


def steps(vm_state: str, admin: bool = False) -> list[Action]:
    """The actions that lead from a vm_state to another, gentle ones first."""
    possible = [
        action
        for action in ACTIONS.values()
        if action.vm_states
        and vm_state in action.vm_states
        and action.ends
        and (admin or action.name not in ADMIN_ONLY)
    ]
    possible.sort(key=lambda action: action.name in LAST_RESORT)
    return possible


def _end(action: Action, shelving_offloads: bool) -> str | None:
    """Where an action ends; shelving ends on the host or off it, deletion with time to think is not a goal here."""
    if action.name == "shelve" and not shelving_offloads:
        return SHELVED
    return None if action.ends == SOFT_DELETED else action.ends


def needs(action: Action) -> list[str]:
    """The vm_states from which an action is accepted, in a stable order."""
    return sorted(action.vm_states or ())

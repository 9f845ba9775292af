"""
Shortest paths from one state of a server to another, computed from the action table. Pure.

Dijkstra's algorithm is 15 lines here; networkx costs 227 ms to import and needs the whole graph in advance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from novasim.lifecycle.action import GENTLE, Action, Variant
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.checks import source_is_down, source_is_up
from novasim.lifecycle.preconditions import is_locked_for
from novasim.lifecycle.states import ACTIVE, DELETED, RESIZED, SHELVED_OFFLOADED, SHUTDOWN, STOPPED
from novasim.records import Caller, Server

SERVER_ACTIONS = tuple(action for action in ACTIONS.values() if action.acts_on_server and not action.is_removed)


class PlanState(NamedTuple):
    """
    The part of a server's state that decides which actions are accepted.

    Args:
        becomes: The vm_state in which the running task ends; None if it never ends.
        locked: Whether a lock stops this caller.
        off: Whether the guest is switched off, or was before a resize that waits for confirmation.
        host_down: Whether the compute service of its host is down.
        launched: Whether it has ever run.
    """

    vm_state: str
    task_state: str | None = None
    becomes: str | None = None
    locked: bool = False
    off: bool = False
    on_host: bool = True
    host_down: bool = False
    launched: bool = True


class Step(NamedTuple):
    """One step of a path: an action, or None to wait for the running task, and the vm_state that it reaches."""

    action: Action | None
    end: str


class PlanContext(NamedTuple):
    """
    The conditions of a plan besides the action table.

    Args:
        can_request: Tells whether the caller may request an action, and its arguments can be supplied.
        soft_deletes: Whether the option reclaim_instance_interval is set.
        offloads: Whether shelving frees the host at once: shelved_offload_time is 0, or the server boots from a volume.
    """

    can_request: Callable[[Action], bool]
    soft_deletes: bool = False
    offloads: bool = True


def plan_state(server: Server, caller: Caller, becomes: str | None = None, host_down: bool = False) -> PlanState:
    """The state of a server for a caller; *becomes* and *host_down* as in `PlanState`."""
    was_off = server.old_vm_state == STOPPED or server.power_state == SHUTDOWN
    return PlanState(
        server.vm_state,
        server.task_state,
        becomes,
        is_locked_for(server, caller),
        off=server.vm_state == STOPPED or (server.vm_state == RESIZED and was_off),
        on_host=server.host is not None,
        host_down=host_down,
        launched=server.launched_at is not None,
    )


def is_accepted(action: Action, state: PlanState) -> bool:
    """Whether lock, host and state allow an action."""
    return (
        (source_is_down not in action.checks or state.host_down)
        and (source_is_up not in action.checks or not state.host_down)
        and action.accepts("vm_state", state.vm_state)
        and action.accepts("task_state", state.task_state)
        and not (action.lock and state.locked)
        and (state.on_host or not action.needs_host)
        and (state.launched or not action.must_have_launched)
    )


def is_idle_in(state: PlanState, vm_state: str) -> bool:
    """Whether a server has a vm_state and no task."""
    return state.vm_state == vm_state and state.task_state is None


def is_done(action: Action, state: PlanState) -> bool:
    """Whether a server without a task already is where an action leads."""
    return state.task_state is None and state.launched and state.vm_state in action.done_states


def is_ruled_out(action: Action, state: PlanState) -> bool:
    """Whether a server has no task and a vm_state that does not allow an action."""
    return state.task_state is None and state.launched and not action.accepts("vm_state", state.vm_state)


def find_alternative(action: Action) -> Action | None:
    """The action that decides a state the other way, such as revert-resize for confirm-resize. May be None."""
    if action.ends is None or not action.checks or action.vm_states is None or len(action.vm_states) != 1:
        return None
    like = (action.vm_states, action.ends, action.checks[:1])
    others = (other for other in SERVER_ACTIONS if other is not action)
    return next((other for other in others if (other.vm_states, other.ends, other.checks[:1]) == like), None)


def shortest_path(start: PlanState, is_goal: Callable[[PlanState], bool], context: PlanContext) -> list[Step] | None:
    """
    Find the shortest path from a state to a goal; of equally short paths, that of the lowest cost.

    Returns:
        The steps in order; an empty list if the start is a goal, None if there is no path.
    """
    number, seen = count(), set()
    queue: list[tuple[int, int, PlanState, list[Step]]] = [(0, next(number), start, [])]
    while queue:
        cost, _, state, path = heappop(queue)
        if is_goal(state):
            return path
        if state in seen:
            continue
        seen.add(state)
        for step, following in _steps_from(state, context):
            total = cost + (step.action.cost if step.action else GENTLE)
            heappush(queue, (total, next(number), following, [*path, step]))
    return None


def _steps_from(state: PlanState, context: PlanContext) -> Iterator[tuple[Step, PlanState]]:
    """The possible steps from a state, with the state that each reaches."""
    if state.vm_state == DELETED:
        return
    is_confirmed = state.vm_state == RESIZED and state.becomes not in (None, RESIZED)
    if state.becomes is not None and (state.task_state is not None or is_confirmed):
        yield Step(None, state.becomes), _after_waiting(state, state.becomes)
        if state.becomes == DELETED:  # the host deletes the server even if its record changes
            return
        if is_confirmed and state.task_state is None:
            return
    for action in SERVER_ACTIONS:
        if not _never_ends(action, state) and is_accepted(action, state) and context.can_request(action):
            for end in end_states(action, state, context):
                yield Step(action, end), _after(action, state, end)


def _never_ends(action: Action, state: PlanState) -> bool:
    """Whether the task would wait for a host: the server's host is down, or it has no host."""
    return is_without_host(action, state) or (state.host_down and not action.host_may_be_down)


def is_without_host(action: Action, state: PlanState) -> bool:
    """Whether the host of the server executes an action, and it has none, so that the task never starts."""
    return action.runs_on_host and not state.on_host


def end_states(action: Action, state: PlanState, context: PlanContext) -> tuple[str, ...]:
    """The vm_states that an action can reach from a state; empty if it does not change the planned state."""
    if action.lifts_lock:
        return (state.vm_state,) if state.locked else ()
    if action.end_argument:
        return (*action.other_ends.values(), action.ends or state.vm_state)
    end = action.end_state(_variant(action, state, context))
    return (end,) if end else ()


def _variant(action: Action, state: PlanState, context: PlanContext) -> str:
    """The variant of an action that is requested with the newest microversion; "" if it is the usual one."""
    applies = {
        Variant.SOFT_DELETE: context.soft_deletes and state.launched and state.on_host and not state.host_down,
        Variant.KEEPS_HOST: not context.offloads,
        Variant.WAS_STOPPED: state.off,
        Variant.STAYS_OFF: state.vm_state == ACTIVE,
    }
    return next((variant for variant in action.other_ends if applies[Variant(variant)]), "")


def _after_waiting(state: PlanState, end: str) -> PlanState:
    """The state after the running task."""
    return state._replace(
        vm_state=end,
        task_state=None,
        becomes=None,
        off=_is_off(state, end),
        on_host=end != SHELVED_OFFLOADED,
        launched=True,
    )


def _after(action: Action, state: PlanState, end: str) -> PlanState:
    """The state after an action."""
    return PlanState(
        end,
        task_state=state.task_state if action.concurrent else None,
        becomes=state.becomes if action.concurrent else None,
        locked=state.locked and not action.lifts_lock,
        off=_is_off(state, end),
        on_host=end != SHELVED_OFFLOADED and (state.on_host or action.restores_host),
        host_down=state.host_down and not action.restores_host,
        launched=state.launched,
    )


def _is_off(state: PlanState, end: str) -> bool:
    return end == STOPPED or (end == RESIZED and state.off)


def actions_accepted_in(vm_state: str) -> list[Action]:
    """The actions that a vm_state allows on a server without a task."""
    return [action for action in SERVER_ACTIONS if action.accepts("vm_state", vm_state)]


def actions_accepted_during(task_state: str) -> list[Action]:
    """The actions that a task_state allows."""
    return [action for action in SERVER_ACTIONS if action.accepts("task_state", task_state)]


def accepted_vm_states(action: Action) -> list[str]:
    """The vm_states from which an action is accepted, sorted; empty if it does not depend on them."""
    return sorted(action.vm_states or ())

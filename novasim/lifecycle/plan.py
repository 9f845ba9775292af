"""Ways from one place to another: the shortest sequence of actions, read from the action table. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from novasim.lifecycle.action import Action, Variant
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.checks import source_is_down, source_is_up
from novasim.lifecycle.preconditions import is_locked_for
from novasim.lifecycle.states import ACTIVE, DELETED, RESIZED, SHELVED_OFFLOADED, SHUTDOWN, STOPPED
from novasim.records import Caller, Server

# What a step counts: the shortest way is the best, of equally short ones the gentlest, that of last resort the last.
GENTLE, ROUGH, DESTRUCTIVE, LAST_RESORT = 100, 101, 102, 1000
COST = {
    "migrate": ROUGH,
    "revert-resize": ROUGH,
    "hard-reboot": ROUGH,
    "rescue": ROUGH,
    "evacuate": ROUGH,
    "rebuild": DESTRUCTIVE,
    "delete": DESTRUCTIVE,
    "force-delete": DESTRUCTIVE,
    "reset-state": LAST_RESORT,
}
WITHOUT_HOST = frozenset({"delete", "force-delete", "reset-state", "evacuate"})  # what a dead host does not delay

# What can be done to a server that is there, and is not refused whatever its state.
DONE_TO_SERVERS = tuple(action for action in ACTIONS.values() if action.name != "create" and action.code < 400)


class Place(NamedTuple):
    """
    Where a server stands on a way, as far as rules ask for it.

    Args:
        becomes: The vm_state in which the running task ends; None if it never does. locked: against this caller.
        off: Whether the guest is switched off, also while a resize waits. host_down: its host does not answer.
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
    """One step of a way: an action and the vm_state it ends in; no action means to wait for the running task."""

    action: Action | None
    end: str


class Circumstances(NamedTuple):
    """
    What decides about a way beside the table.

    Args:
        may: Whether the caller may and can request an action. soft_deletes: reclaim_instance_interval is set.
        offloads: shelving frees the host at once (shelved_offload_time is 0, or the server has no disk of its own).
    """

    may: Callable[[Action], bool]
    soft_deletes: bool = False
    offloads: bool = True


def place_of(server: Server, caller: Caller, becomes: str | None = None, host_down: bool = False) -> Place:
    """Where a server stands for a caller; *becomes* as in `Place`."""
    was_off = server.old_vm_state == STOPPED or server.power_state == SHUTDOWN
    return Place(
        server.vm_state,
        server.task_state,
        becomes,
        is_locked_for(server, caller),
        off=server.vm_state == STOPPED or (server.vm_state == RESIZED and was_off),
        on_host=server.host is not None,
        host_down=host_down,
        launched=server.launched_at is not None,
    )


def accepted_at(action: Action, place: Place) -> bool:
    """Whether an action is accepted at a place, as far as lock, host and states tell."""
    return (
        (source_is_down not in action.checks or place.host_down)
        and (source_is_up not in action.checks or not place.host_down)
        and action.accepts("vm_state", place.vm_state)
        and action.accepts("task_state", place.task_state)
        and not (action.lock and place.locked)
        and (place.on_host or not action.needs_host)
        and (place.launched or not action.must_have_launched)
    )


def rests_in(place: Place, vm_state: str) -> bool:
    """Whether a server at a place has a vm_state and nothing to do."""
    return place.vm_state == vm_state and place.task_state is None


def way(start: Place, wanted: Callable[[Place], bool], circumstances: Circumstances) -> list[Step] | None:
    """
    The shortest way from a place to a wanted one; of equally short ones the gentlest.

    Returns:
        The steps in order; none if the place is wanted already, None if there is no way.
    """
    number, seen = count(), set()
    queue: list[tuple[int, int, Place, list[Step]]] = [(0, next(number), start, [])]
    while queue:
        cost, _, place, path = heappop(queue)
        if wanted(place):
            return path
        if place in seen:
            continue
        seen.add(place)
        for step, after in _steps(place, circumstances):
            further = cost + (COST.get(step.action.name, GENTLE) if step.action else GENTLE)
            heappush(queue, (further, next(number), after, [*path, step]))
    return None


def _steps(place: Place, circumstances: Circumstances) -> Iterator[tuple[Step, Place]]:
    """What can be done at a place, and where it leads."""
    if place.vm_state == DELETED:
        return
    if place.task_state is not None and place.becomes is not None:
        yield Step(None, place.becomes), _after(place, place.becomes)
    for action in DONE_TO_SERVERS:
        waits = place.host_down and action.name not in WITHOUT_HOST
        if not waits and accepted_at(action, place) and circumstances.may(action):
            for end in ends_at(action, place, circumstances):
                yield Step(action, end), _after(place, end, action)


def ends_at(action: Action, place: Place, circumstances: Circumstances) -> tuple[str, ...]:
    """The vm_states to which an action leads from a place; none for those that lead nowhere else."""
    if action.name == "unlock":
        return (place.vm_state,) if place.locked else ()
    if action.name == "reset-state":
        return (*action.other_ends.values(), action.ends or place.vm_state)
    end = action.end_state(_case(action, place, circumstances))
    return (end,) if end else ()


def _case(action: Action, place: Place, circumstances: Circumstances) -> str:
    """Which of an action's special cases a server at a place is."""
    holds = {
        Variant.SOFT_DELETE: circumstances.soft_deletes and place.launched and place.on_host and not place.host_down,
        Variant.KEEPS_HOST: not circumstances.offloads,
        Variant.WAS_STOPPED: place.off,
        Variant.STAYS_OFF: place.vm_state == ACTIVE,  # as asked for with the newest microversion
    }
    return next((case for case in action.other_ends if holds[Variant(case)]), "")


def _after(place: Place, end: str, action: Action | None = None) -> Place:
    """The place that is reached when a step has ended."""
    name = action.name if action else ""
    return Place(
        end,
        task_state=place.task_state if name == "unlock" else None,
        becomes=place.becomes if name == "unlock" else None,
        locked=place.locked and name != "unlock",
        off=end == STOPPED or (end == RESIZED and place.off),
        on_host=end != SHELVED_OFFLOADED and (place.on_host or name in ("", "unshelve")),
        host_down=place.host_down and name != "evacuate",
        launched=place.launched or not name,
    )


def accepted_in(vm_state: str) -> list[Action]:
    """The actions that are accepted on a server in a vm_state when it is busy with nothing, as far as that tells."""
    return [action for action in DONE_TO_SERVERS if action.accepts("vm_state", vm_state)]


def accepted_during(task_state: str) -> list[Action]:
    """The actions that are accepted while a task_state shows, as far as that tells."""
    return [action for action in DONE_TO_SERVERS if action.accepts("task_state", task_state)]


def needs(action: Action) -> list[str]:
    """The vm_states from which an action is accepted, in a stable order."""
    return sorted(action.vm_states or ())

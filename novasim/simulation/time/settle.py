"""Applies everything that is due, in time order over all servers. Pure: its result follows from world and time."""

from __future__ import annotations

from novasim.records import Task
from novasim.simulation.world import World

NEVER = 1e15  # seconds since the epoch: farther than any clock goes


def settle(world: World, until_idle: bool = False) -> float:
    """
    Bring the world up to its time. Where it is known that nothing is due yet, no task is looked at.

    Args:
        until_idle: Go on, moving the time, until no task is under way (the instant clock). Timers, which
            wait for hours that nobody asked to skip, stay.

    Returns:
        The time reached, in seconds since the epoch: the world's own, or later when it ran until idle.
    """
    reached = world.now
    if not until_idle and reached < world.settings.quiet_until:
        return reached
    tasks = world.tx.query(Task) if until_idle else world.tx.due_before(world.now)
    if any((until_idle and not task.timer) or task.ends[task.position] <= world.now for task in tasks):
        from novasim.simulation.time.agenda import apply_tasks

        reached = apply_tasks(world, tasks, until_idle)
    if not until_idle:
        world.settings.quiet_until = _find_earliest(world)
    return reached


def find_next_due(world: World) -> float | None:
    """
    A moment before which nothing happens of itself in a settled world; None if nothing does at all.

    Often it is the very moment at which something does, sometimes an earlier one, for the tasks need not be looked at.
    """
    quiet = world.settings.quiet_until
    moment = quiet if quiet > world.now else _find_earliest(world)
    return moment if moment < NEVER else None


def _find_earliest(world: World) -> float:
    """When the next task is due; what waits for its host has no time of its own."""
    moments = (task.ends[task.position] for task in world.tx.query(Task))
    return min((moment for moment in moments if moment > world.now), default=NEVER)

"""Settles a world: applies all due tasks and timers. The result depends only on the world and its time."""

from __future__ import annotations

from typing import NamedTuple

from novasim.records import Task
from novasim.simulation.world import World

NEVER = 1e15  # seconds since the epoch, later than any clock


class Horizon(NamedTuple):
    """
    How long a snapshot stays valid.

    Args:
        revision: Of the stored world, as `store.base.Store.revision` returns it.
        since: Wall time at which it was determined, in seconds since the epoch.
        until: Wall time at which the next task or timer is due.
        unsaved: Whether tasks have become due since the world was stored.
        step: Simulated time that the stepping clock has reached in memory; 0 under other clocks.
        moves: Whether the next request moves the stepping clock, so that a response to it must not be reused.
    """

    revision: object
    since: float
    until: float
    unsaved: bool
    step: float = 0.0
    moves: bool = False


def settle(world: World, until_idle: bool = False) -> float:
    """
    Apply everything that is due at the world's time. While nothing can be due, no task is read.

    Args:
        until_idle: Whether to apply future tasks as well, until none is left, as the instant clock does. Future timers
            stay, since they may wait for hours.

    Returns:
        The time of the settled world, in seconds since the epoch. It is later than before only with *until_idle*.
    """
    reached = world.now
    if not until_idle and reached < world.settings.next_due_at:
        return reached
    tasks = world.tx.query(Task) if until_idle else world.tx.due_before(world.now)
    if any((until_idle and not task.timer) or task.ends[task.position] <= world.now for task in tasks):
        from novasim.simulation.time.agenda import apply_tasks

        reached = apply_tasks(world, tasks, until_idle)
    if not until_idle:
        world.settings.next_due_at = _find_earliest(world)
    return reached


def find_next_due(world: World) -> float | None:
    """
    A time (seconds since the epoch) before which nothing is due in a settled world; None if no task or timer is left.

    It can be earlier than the next due task, since it is found without reading the tasks if possible.
    """
    stored = world.settings.next_due_at
    moment = stored if stored > world.now else _find_earliest(world)
    return moment if moment < NEVER else None


def _find_earliest(world: World) -> float:
    """The time at which the next task is due. Tasks that wait for their hosts have no due time."""
    moments = (task.ends[task.position] for task in world.tx.query(Task))
    return min((moment for moment in moments if moment > world.now), default=NEVER)

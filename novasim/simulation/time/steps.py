"""The steps of the stepping clock."""

from __future__ import annotations

from novasim.records import Task
from novasim.simulation.hosts.outages import is_waiting_for_host
from novasim.simulation.time.settle import NEVER
from novasim.simulation.world import World


def find_next_step(world: World) -> float | None:
    """
    The time to which the next request moves the stepping clock: the earliest end of a running task, with its last
    phase, in seconds since the epoch. None if no task is running.

    Timers do not count, since they may be due in hours; neither do tasks that are held or wait for their hosts.
    """
    if world.settings.next_due_at >= NEVER:
        return None
    running = (task for task in world.tx.query(Task) if not task.timer and not is_waiting_for_host(world, task))
    return min((task.ends[-1] for task in running if task.ends[-1] > world.now), default=None)

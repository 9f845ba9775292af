"""Applies everything that is due, in time order over all servers. Pure: its result follows from world and time."""

from __future__ import annotations

import heapq

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.checks import Facts
from novasim.lifecycle.preconditions import refusals
from novasim.records import Caller, Server, Task
from novasim.simulation.hosts import waits_for_its_host
from novasim.simulation.tasks import advance, begin
from novasim.simulation.timeouts import TIMEOUTS
from novasim.simulation.world import World

Due = list[tuple[float, str]]


def settle(world: World, until_idle: bool = False) -> float:
    """
    Bring the world up to its time.

    Args:
        until_idle: Go on, moving the time, until no task is under way (the instant clock). Timers, which
            wait for hours that nobody asked to skip, stay.

    Returns:
        The time reached, in seconds since the epoch: the world's own, or later when it ran until idle.
    """
    reached = world.now
    due = [(task.ends[task.position], task.id) for task in world.tx.all(Task)]
    heapq.heapify(due)
    while due:
        moment, task_id = heapq.heappop(due)
        task = world.tx.get(Task, task_id)
        if task is None or task.ends[task.position] != moment:
            continue
        if moment > world.now and (task.timer or not until_idle):
            continue
        if not task.timer and waits_for_its_host(world, task):
            continue
        reached = max(reached, moment)
        _step(world.at(moment, task.request_id, f"{task_id} {task.position}"), task, due)
    return reached


def _step(world: World, task: Task, due: Due) -> None:
    if task.timer:
        _ring(world, task)
        task_id = task.server_id
    else:
        advance(world, task)
        task_id = task.id
    for timer in world.cache.pop("timers", ()):
        heapq.heappush(due, timer)
    if (following := world.tx.get(Task, task_id)) is not None:
        heapq.heappush(due, (following.ends[following.position], task_id))


def _ring(world: World, timer: Task) -> None:
    """A timer's moment has come: request its action as the system, if it is still possible."""
    world.tx.delete(timer)
    server = world.tx.get(Server, timer.server_id)
    if server is None or server.deleted:
        return
    if timer.action in TIMEOUTS:
        TIMEOUTS[timer.action](world, server)
        return
    action = ACTIONS[timer.action]
    system = Caller(server.user_id, server.project_id, ("admin",))
    world.request_id = "req-" + world.ids.uuid()
    if not any(refusals(action, server, system, Facts())):
        begin(world, action, server, system, dict(timer.args))

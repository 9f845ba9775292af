"""Applies tasks in the order of their due times. Only `settle` imports this module, and only if something is due."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import refusals
from novasim.records import Caller, Server, Task
from novasim.simulation.hosts.outages import is_waiting_for_host
from novasim.simulation.time.tasks import advance_task, start_task
from novasim.simulation.time.timeouts import TIMEOUTS
from novasim.simulation.world import World


class Agenda:
    """
    Tasks and timers ordered by due time. Those due at the same time are ordered by their start.

    The order does not depend on ids, so the same requests have the same outcome in clouds with different seeds.
    """

    def __init__(self, tasks: list[Task]) -> None:
        self._ranks: dict[tuple[str, str], int] = {}
        self._heap: list[tuple[float, int, str]] = []
        for task in tasks:
            self.add(task)

    def add(self, task: Task) -> None:
        """Add the end of a task's present phase."""
        rank = self._ranks.setdefault((task.id, task.request_id), len(self._ranks))
        heapq.heappush(self._heap, (task.ends[task.position], rank, task.id))

    def __iter__(self) -> Iterator[tuple[float, str]]:
        """Yield due times and ids of tasks, including tasks that are added meanwhile."""
        while self._heap:
            moment, _, task_id = heapq.heappop(self._heap)
            yield moment, task_id


def apply_tasks(world: World, tasks: list[Task], until_idle: bool) -> float:
    """
    Apply due tasks, and tasks that these make due.

    Args:
        until_idle: Whether to apply future tasks as well. Future timers stay.

    Returns:
        The time of the last task applied, or the world's time if that is later, in seconds since the epoch.
    """
    reached = world.now
    world.lookups.related.clear()
    agenda = Agenda(tasks)
    for moment, task_id in agenda:
        task = world.tx.get(Task, task_id)
        if task is None or task.ends[task.position] != moment:
            continue
        if moment > world.now and (task.timer or not until_idle):
            continue
        if not task.timer and is_waiting_for_host(world, task):
            continue
        reached = max(reached, moment)
        world.applied_tasks += 1
        states = [recorder.find_state(world, task) for recorder in world.recorders]
        _apply(world.at(moment, task.request_id, f"{task_id} {_describe_progress(task)}"), task, agenda)
        for recorder, before in zip(world.recorders, states, strict=True):
            recorder.record(world, moment, task, before)
    return reached


def _describe_progress(task: Task) -> str:
    """The phase of a task, and its attempt after the first one, as a part of its generator's seed."""
    attempt = task.args.get("attempt")
    return f"{task.position} {attempt}" if attempt else str(task.position)


def _apply(world: World, task: Task, agenda: Agenda) -> None:
    if task.timer:
        _fire_timer(world, task)
        task_id = task.server_id
    else:
        advance_task(world, task)
        task_id = task.id
    for timer_id in world.new_timers:
        if timer := world.tx.get(Task, timer_id):
            agenda.add(timer)
    world.new_timers.clear()
    if (following := world.tx.get(Task, task_id)) is not None:
        agenda.add(following)


def _fire_timer(world: World, timer: Task) -> None:
    """Request the action of a due timer as the system, unless the action is no longer possible."""
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
        start_task(world, action, server, system, dict(timer.args))

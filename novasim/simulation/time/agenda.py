"""Tasks applied in the order of their times. Only `settle` imports this module, and only if something is due."""

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
    What is due, by time; of what is due at the same moment, what was begun first comes first.

    That does not hang on ids, so that the same requests in another cloud have the same outcome.
    """

    def __init__(self, tasks: list[Task]) -> None:
        self._ranks: dict[tuple[str, str], int] = {}
        self._heap: list[tuple[float, int, str]] = []
        for task in tasks:
            self.add(task)

    def add(self, task: Task) -> None:
        """Note when the task's present phase ends."""
        rank = self._ranks.setdefault((task.id, task.request_id), len(self._ranks))
        heapq.heappush(self._heap, (task.ends[task.position], rank, task.id))

    def __iter__(self) -> Iterator[tuple[float, str]]:
        """Moments and the ids of tasks; what is added meanwhile comes, too."""
        while self._heap:
            moment, _, task_id = heapq.heappop(self._heap)
            yield moment, task_id


def apply_tasks(world: World, tasks: list[Task], until_idle: bool) -> float:
    """
    Apply due tasks and what follows from them.

    Args:
        until_idle: Apply tasks of the future, too, and move the time. Timers of the future stay.

    Returns:
        The time reached, in seconds since the epoch.
    """
    reached = world.now
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
        _apply(world.at(moment, task.request_id, f"{task_id} {task.position}"), task, agenda)
    return reached


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
        start_task(world, action, server, system, dict(timer.args))

"""How far a learner is: the goals that are done, that wait for a task, and that are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from novasim.records import Server, Task
from novasim.simulation.world import World
from novasim.teach.lessons.checks import Never
from novasim.teach.lessons.evaluation import View, find_mismatch
from novasim.teach.lessons.lesson import Goal, Lesson
from novasim.teach.lessons.playground import Playground

DONE, NOT_YET, OPEN, BROKEN = "done", "not yet", "open", "broken"


class GoalStatus(NamedTuple):
    """A goal: done, not yet (a running task closes it), open, or broken; and the reason."""

    number: int
    goal: Goal
    state: str
    reason: str = ""


class BusyServer(NamedTuple):
    """A server with a running task: its name, the task_state ("" without one), and the seconds until the task ends."""

    name: str
    task: str
    seconds: float


def find_status(lesson: Lesson, view: View, later: Playground | None) -> list[GoalStatus]:
    """
    The status of each goal.

    Args:
        later: A copy in which all running tasks have ended; None if no task is running.
    """
    closed_later = frozenset[int]()
    if later is not None:
        closed_later = frozenset(later.done_goals(lesson))
    return [_status_of(number, goal, view, closed_later) for number, goal in enumerate(lesson.goals, 1)]


def _status_of(number: int, goal: Goal, view: View, closed_later: frozenset[int]) -> GoalStatus:
    reason = find_mismatch(goal.check, view)
    if not reason:
        return GoalStatus(number, goal, DONE)
    if isinstance(goal.check, Never):
        return GoalStatus(number, goal, BROKEN, reason)
    return GoalStatus(number, goal, NOT_YET if number in closed_later else OPEN, reason)


def find_busy_servers(world: World) -> list[BusyServer]:
    """The servers with a running task that will end, the one that ends last first."""
    found = []
    for task in world.tx.query(Task):
        server = world.tx.get(Server, task.server_id)
        if server and not task.timer and not task.hold_reason:
            found.append(BusyServer(server.name, server.task_state or "", max(0.0, task.ends[-1] - world.now)))
    return sorted(found, key=lambda each: -each.seconds)


def is_solved(statuses: Sequence[GoalStatus]) -> bool:
    """Whether all goals are done."""
    return all(each.state == DONE for each in statuses)

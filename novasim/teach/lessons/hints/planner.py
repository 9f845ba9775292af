"""The planner in a lesson: the first command of the shortest path to a state, or to where an action is accepted."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.api.callers import find_caller
from novasim.lifecycle.action import Action
from novasim.simulation.world import World
from novasim.teach.lessons.checks import Never
from novasim.teach.lessons.facts import find_servers
from novasim.teach.lessons.hints.proposals import Proposals, to_command
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.plans import Plan, plan_to_action, plan_to_state
from novasim.teach.situation import Situation
from novasim.teach.steps import ActionStep
from novasim.teach.viewer import Viewer


def forbidden_actions(lesson: Lesson, server: str) -> frozenset[str]:
    """The actions that the goals of a lesson forbid for a server."""
    checks = [goal.check for goal in lesson.goals]
    return frozenset(
        name for each in checks if isinstance(each, Never) and each.server == server for name in each.actions
    )


class LessonSituation(Situation):
    """A server in a lesson. Actions that a goal forbids are no part of a plan."""

    forbidden: frozenset[str] = frozenset()

    def can_request(self, action: Action) -> bool:
        return action.name not in self.forbidden and super().can_request(action)

    def for_administrator(self) -> Situation | None:
        found = super().for_administrator()
        if found is None:
            return None
        situation = LessonSituation(found.world, found.server, found.viewer, found.name)
        situation.forbidden = self.forbidden
        return situation


class Planner:
    """
    Plans for the servers of a lesson.

    Args:
        proposals: The arguments of actions, which are those that the goals want.
    """

    def __init__(self, lesson: Lesson, world: World, proposals: Proposals) -> None:
        self.lesson, self.world, self.proposals = lesson, world, proposals

    def _situations(self, name: str) -> Iterator[Situation]:
        """The server as its owner sees it, and as the administrator does, whom no lock stops."""
        if servers := find_servers(self.world, name):
            viewer = Viewer("demo", find_caller(self.world.tx, "demo"))
            situation = LessonSituation(self.world, servers[0], viewer, name)
            situation.forbidden = forbidden_actions(self.lesson, name)
            yield from filter(None, (situation, situation.for_administrator()))

    def steps_to(self, name: str, vm_state: str) -> Iterator[Command]:
        for situation in self._situations(name):
            yield from self._first_step(name, plan_to_state(situation, vm_state))

    def steps_to_action(self, name: str, action: Action) -> Iterator[Command]:
        for situation in self._situations(name) if action.acts_on_server else ():
            yield from self._first_step(name, plan_to_action(situation, action))

    def _first_step(self, name: str, plan: Plan | None) -> Iterator[Command]:
        """The first step of a plan. The arguments of an action are those that the goals want."""
        if plan is None or not plan.steps:
            return
        step = plan.steps[0]
        if isinstance(step, ActionStep) and step.action.plan_arguments:
            yield from self.proposals.for_action(step.action, name)
        prefix = () if step.viewer.is_default else ("--as", step.viewer.who)
        yield to_command((*prefix, *step.words(name)))

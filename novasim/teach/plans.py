"""Plans: the shortest path to a state of a server, as steps that a caller can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from novasim.lifecycle.action import DESTRUCTIVE, LAST_RESORT, Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.checks import source_is_down
from novasim.lifecycle.plan import (
    PlanContext,
    PlanState,
    Step,
    find_alternative,
    is_accepted,
    is_done,
    is_idle_in,
    shortest_path,
)
from novasim.lifecycle.states import DELETED
from novasim.lifecycle.status import status_of
from novasim.teach.arguments import find_arguments
from novasim.teach.situation import Situation
from novasim.teach.steps import ActionStep, ClockStep, HostStep, OptionStep, PlanStep, WaitStep, command_line

IsGoal = Callable[[PlanState], bool]
AN_HOUR = "3600"  # seconds
# The costs of actions that a plan may not contain.
KEEPS_SERVER = frozenset({DESTRUCTIVE})
KEEPS_STATE = frozenset({DESTRUCTIVE, LAST_RESORT})


class Plan(NamedTuple):
    """
    The steps to a goal.

    Args:
        steps: In order; empty if the server is already in that state.
        is_own: Whether the viewer can take all of them; otherwise an administrator is needed.
        reason: Why the simulation must be changed first; "" if that is not needed.
    """

    steps: list[PlanStep]
    is_own: bool = True
    reason: str = ""

    @property
    def resets_state(self) -> bool:
        """Whether an administrator overwrites the recorded state."""
        return any(isinstance(step, ActionStep) and step.action.cost == LAST_RESORT for step in self.steps)

    def command_lines(self, server: str) -> list[str]:
        """The command of each step."""
        return [command_line(step, server) for step in self.steps]


class _Prelude(NamedTuple):
    """A change of the simulation before a plan, and the state and context that it creates."""

    steps: list[PlanStep]
    reason: str
    state: PlanState
    context: PlanContext


def plan_to_state(situation: Situation, vm_state: str) -> Plan | None:
    """Plan how to bring the server into a vm_state without a task; None if that is impossible."""
    return _plan(situation, lambda state: is_idle_in(state, vm_state))


def plan_to_action(situation: Situation, action: Action) -> Plan | None:
    """
    Plan how to bring the server where an action is accepted, or where it would lead; None if that is impossible.

    No step deletes or rebuilds the server. An evacuation needs a host that is down. That is not a step of the plan; the
    refusal's remedy names it.
    """
    if source_is_down in action.checks:
        return _plan(situation, lambda state: is_accepted(action, state._replace(host_down=True)), KEEPS_SERVER)
    gentle = _plan(situation, partial(_is_possible_or_done, action), KEEPS_STATE)
    return gentle or _plan(situation, partial(is_accepted, action), KEEPS_SERVER)


def find_other_plan(situation: Situation, plan: Plan) -> tuple[Action, Plan] | None:
    """The action that decides a state on the way differently, such as revert-resize, and the plan with it."""
    for position, step in enumerate(plan.steps):
        if not isinstance(step, ActionStep) or (other := find_alternative(step.action)) is None:
            continue
        if step.viewer != situation.viewer or situation.can_request(other):
            steps = [*plan.steps[:position], step._replace(action=other), *plan.steps[position + 1 :]]
            return other, plan._replace(steps=steps)
    return None


def _is_possible_or_done(action: Action, state: PlanState) -> bool:
    return is_accepted(action, state) or is_done(action, state)


def _plan(situation: Situation, is_goal: IsGoal, excluded: frozenset[int] = frozenset()) -> Plan | None:
    """The viewer's own plan if there is one, else an administrator's; one without a prelude if possible."""
    admin = None if situation.viewer.caller.is_admin else situation.for_administrator()
    start = _Prelude([], "", situation.plan_state(), situation.plan_context())
    for find_preludes in (_no_prelude, _preludes):
        for who in (situation, admin):
            if who is None:
                continue
            here = start._replace(context=_exclude(who.plan_context(), excluded))
            if plan := _first_plan(who, find_preludes(who, here), is_goal):
                return plan._replace(is_own=all(step.viewer == situation.viewer for step in plan.steps))
    return None


def _exclude(context: PlanContext, costs: frozenset[int]) -> PlanContext:
    """The same context without the actions of these costs."""
    return context._replace(can_request=lambda action: action.cost not in costs and context.can_request(action))


def _first_plan(situation: Situation, preludes: Iterator[_Prelude], is_goal: IsGoal) -> Plan | None:
    for prelude in preludes:
        path = shortest_path(prelude.state, is_goal, prelude.context)
        if path is not None:
            steps = [each for step in path for each in _plan_steps(situation, step)]
            return Plan([*prelude.steps, *steps], reason=prelude.reason)
    return None


def _no_prelude(situation: Situation, here: _Prelude) -> Iterator[_Prelude]:
    yield here


def _preludes(situation: Situation, here: _Prelude) -> Iterator[_Prelude]:
    """Changes of the simulation that open more paths, if Nova's own requests are not enough."""
    if host := situation.dead_host():
        admin = (situation.for_administrator() or situation).viewer
        reason = f"Its host {host.name} is down. Requests are accepted, but their tasks wait until the host is up."
        step = HostStep(admin, host.name, forced_down=host.up)
        yield here._replace(steps=[step], reason=reason, state=here.state._replace(host_down=False))
    if not here.context.soft_deletes:
        reason = "Deleted servers are removed at once while the option reclaim_instance_interval is 0."
        option = OptionStep(situation.viewer, "reclaim_instance_interval", AN_HOUR)
        yield here._replace(steps=[option], reason=reason, context=here.context._replace(soft_deletes=True))
    if here.context.offloads and not situation.is_volume_backed:
        reason = "Shelved servers are offloaded at once while the option shelved_offload_time is 0."
        option = OptionStep(situation.viewer, "shelved_offload_time", AN_HOUR)
        yield here._replace(steps=[option], reason=reason, context=here.context._replace(offloads=False))


def _plan_steps(situation: Situation, step: Step) -> Iterator[PlanStep]:
    """Yield the step and, with a manual clock, a step that advances the clock until it has finished."""
    viewer, until = situation.viewer, _end_to_wait_for(situation, step)
    if step.action is None:
        yield ClockStep(viewer, until) if situation.has_manual_clock else WaitStep(viewer, until)
        return
    yield action_step(situation, step.action, step.end)
    if situation.has_manual_clock and not step.action.is_instant:
        yield ClockStep(viewer, until)


def _end_to_wait_for(situation: Situation, step: Step) -> str:
    """When the task of a step has ended: a status if the task has no task_state, such as that of confirm-resize."""
    if step.end == DELETED:
        return "deleted"
    action = step.action or (ACTIONS[situation.task.action] if situation.task else None)
    has_task_state = action is None or all(phase.task_state for phase in action.phases)
    return "idle" if has_task_state else status_of(step.end, None)


def action_step(situation: Situation, action: Action, end: str = "") -> ActionStep:
    """
    The step that requests an action.

    Args:
        end: The vm_state to reach, for actions that take it as an argument.
    """
    arguments = find_arguments(situation.context(action), action, situation.server, end)
    waits = not action.is_instant and not situation.has_manual_clock
    request, options = arguments or (None, {})
    return ActionStep(situation.viewer, action, request, options, waits)

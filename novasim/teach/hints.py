"""Hints under a refusal: the present state, the needed state and the next command."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import InvalidState, Locked, NovaFault, PolicyRefusal, WrongState
from novasim.lifecycle.action import Action
from novasim.teach.plans import Plan, plan_to_action
from novasim.teach.reasons import (
    AS_ADMINISTRATOR,
    RESET_LOSES,
    Reason,
    explain_dead_end,
    explain_done,
    explain_refusal,
    list_reasons,
)
from novasim.teach.situation import Situation
from novasim.teach.verdicts import describe_other_plan, explain_deletion, explain_stuck_task, explain_waiting_task


def list_hints(situation: Situation, action: Action, error: NovaFault, as_admin: str = "") -> Iterator[str]:
    """
    Yield lines that help against a refusal; the last one is a command to try, if there is one.

    Args:
        as_admin: The refused command line as an administrator would type it; "" if it is not known.
    """
    reason = _main_reason(situation, action, error)
    yield from reason.means.splitlines()
    if as_admin and reason.remedy.startswith(AS_ADMINISTRATOR):
        yield AS_ADMINISTRATOR + as_admin
    else:
        yield from reason.remedy.splitlines()
    if reason.is_about_state:
        yield from _plan_hints(situation, action, plan_to_action(situation, action))
    elif isinstance(error, PolicyRefusal) and not reason.remedy:
        yield from _administrator_hints(situation, action)


def _administrator_hints(situation: Situation, action: Action) -> Iterator[str]:
    """What blocks an action that the viewer is not allowed, for an administrator, too."""
    admin = None if situation.viewer.caller.is_admin else situation.for_administrator()
    blockers = admin.refusals(action) if admin else []
    if admin is None or not blockers:
        return
    reason = _main_reason(admin, action, blockers[0])
    yield from (*reason.means.splitlines(), *reason.remedy.splitlines())
    if reason.is_about_state:
        yield from _plan_hints(situation, action, plan_to_action(situation, action))


def _main_reason(situation: Situation, action: Action, error: NovaFault) -> Reason:
    """The reason to name: a running task first; the server's state before its host or the arguments."""
    reason = explain_refusal(situation, action, error)
    if isinstance(error, PolicyRefusal | Locked | InvalidState):
        return reason
    about_state = [
        each for each in list_reasons(situation, action) if isinstance(each.fault, WrongState | InvalidState)
    ]
    about_task = [each for each in about_state if isinstance(each.fault, WrongState) and each.fault.is_busy]
    return next(iter(about_task), reason if isinstance(error, WrongState) else next(iter(about_state), reason))


def _plan_hints(situation: Situation, action: Action, plan: Plan | None) -> Iterator[str]:
    if done := explain_done(situation, action):
        yield done
        return
    if held := explain_stuck_task(situation) or explain_deletion(situation):
        yield held
        return
    if plan is None:
        yield explain_dead_end(situation, action)
        return
    if reason := plan.reason or explain_waiting_task(situation):
        yield reason
    if not plan.is_own:
        yield "Only an administrator can change that."
    if plan.resets_state:
        yield RESET_LOSES
    if plan.steps:
        yield f"Try: {' && '.join(plan.command_lines(situation.name))}"
    if other := describe_other_plan(situation, plan):
        yield f"{other[0]} {' && '.join(other[1])}"

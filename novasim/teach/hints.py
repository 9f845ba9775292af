"""What stands under a refusal: the present state, what is needed, and the next command."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import InvalidState, Locked, NovaFault, PolicyRefusal, WrongState
from novasim.lifecycle.action import Action
from novasim.teach.planning import Plan, plan_to_do
from novasim.teach.reasons import ABOUT_THE_SERVER, Reason, no_way, reason, reasons
from novasim.teach.situation import Situation


def hint(situation: Situation, action: Action, error: NovaFault) -> Iterator[str]:
    """Lines that help against a refusal of an action on a server; the last one is a command to try, if there is one."""
    told = _foremost(situation, action, error)
    yield from (text for text in (told.means, told.remedy) if text)
    if isinstance(told.fault, ABOUT_THE_SERVER) and not told.remedy:
        yield from _way(situation, action, plan_to_do(situation, action))


def _foremost(situation: Situation, action: Action, error: NovaFault) -> Reason:
    """What to name first: what a server is busy with, then (where its host or an argument is at fault) its state."""
    told = reason(situation, action, error)
    if isinstance(error, PolicyRefusal | Locked | InvalidState):
        return told
    states = [each for each in reasons(situation, action) if isinstance(each.fault, WrongState | InvalidState)]
    busy = [each for each in states if isinstance(each.fault, WrongState) and each.fault.busy]
    return next(iter(busy), told if isinstance(error, WrongState) else next(iter(states), told))


def _way(situation: Situation, action: Action, plan: Plan | None) -> Iterator[str]:
    if hanging := situation.hanging():
        yield hanging
    if plan is None:
        yield no_way(situation, action)
        return
    if plan.changes:
        yield plan.changes
    if not plan.own:
        yield "Only an administrator can bring it there."
    if plan.commands:
        yield f"Try: {plan.line}"

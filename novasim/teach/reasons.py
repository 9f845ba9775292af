"""What one reason against an action means, in plain words, and what helps against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from novasim.errors import (
    Gone,
    InjectedRefusal,
    InvalidState,
    Locked,
    NoSuchRoute,
    NotReady,
    NovaFault,
    PolicyRefusal,
    QuotaExceeded,
    WrongState,
)
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import Step, needs
from novasim.lifecycle.status import shown_status
from novasim.teach.situation import Situation

ABOUT_THE_SERVER = (Locked, NotReady, WrongState, InvalidState)


class Reason(NamedTuple):
    """
    Something that stands against an action.

    Args:
        fault: The refusal. means: it in plain words. remedy: what helps against it; "" if the way there does.
    """

    fault: NovaFault
    means: str
    remedy: str = ""


def reasons(situation: Situation, action: Action) -> list[Reason]:
    """Everything that stands against an action now, each in plain words."""
    return [reason(situation, action, fault) for fault in situation.reasons(action)]


def reason(situation: Situation, action: Action, fault: NovaFault) -> Reason:
    """Explain one refusal. The remedy of the check that refused comes first."""
    explain = next((words for kind, words in WORDS.items() if isinstance(fault, kind)), _as_it_says)
    check = action.find_check(str(fault.facts.get("check", "")))
    if check is None:
        return explain(situation, action, fault)
    means = explain(situation, action, fault).means if isinstance(fault, PolicyRefusal) else ""
    return Reason(fault, means, _remedy(situation, check.remedy))


def _remedy(situation: Situation, words: str) -> str:
    boss = situation.as_administrator() or situation
    return words.format(
        novasim=situation.line(), admin=boss.line(), server=situation.called, host=situation.server.host or ""
    )


def stands_in_its_way(found: list[Reason]) -> bool:
    """Whether the server's own state is among the reasons, so that a way to another state would help."""
    return any(isinstance(each.fault, ABOUT_THE_SERVER) for each in found)


def no_way(situation: Situation, action: Action) -> str:
    """What to say of an action to which no commands lead."""
    called = situation.called
    if situation.server.launched_at is None:
        return f"{called} has never run; it can only be deleted: {situation.line('delete', called)}"
    status = shown_status(situation.server.vm_state, situation.server.task_state)
    return f"No request leads from {status} to where {action.name} is accepted."


def _as_it_says(situation: Situation, action: Action, fault: Any) -> Reason:
    return Reason(fault, "")


def _locked(situation: Situation, action: Action, fault: Any) -> Reason:
    server, called = situation.server, situation.called
    because = f" ({server.locked_reason})" if server.locked_reason else ""
    if situation.reasons(ACTIONS["unlock"]):
        return Reason(fault, f"An administrator has locked {called}{because}, and only one lifts that.")
    return Reason(fault, f"{called} is locked{because}; that stops everybody but administrators.")


def _in_a_state(situation: Situation, action: Action, fault: Any) -> Reason:
    called = situation.called
    if fault.busy:
        return Reason(fault, f"{called} is busy ({fault.facts['state']}); {action.name} needs it idle.")
    state = shown_status(str(fault.facts["state"]), None)
    wanted = ", ".join(shown_status(vm_state, None) for vm_state in needs(action))
    return Reason(fault, f"{called} is {state}; {action.name} needs {wanted}.")


def _invalid(situation: Situation, action: Action, fault: Any) -> Reason:
    if situation.server.launched_at is not None:
        return _locked(situation, action, fault)
    return Reason(fault, "", no_way(situation, action))


def _on_no_host(situation: Situation, action: Action, fault: Any) -> Reason:
    return Reason(fault, f"{situation.called} is on no host, and {action.name} needs one.")


def _not_allowed(situation: Situation, action: Action, fault: Any) -> Reason:
    asker, boss = situation.asker, situation.as_administrator()
    means = f"{asker.who} may not do that: the rule {fault.facts['rule']} does not allow it."
    if asker.caller.is_admin or boss is None or not boss.may(action):
        return Reason(fault, means)
    return Reason(fault, means, f"An administrator may: {boss.commands(Step(action, action.ends or ''))[0]}")


def _gone(situation: Situation, action: Action, fault: Any) -> Reason:
    return Reason(fault, f"Nova has removed {action.name}, and has nothing in its place.")


def _at_no_such_version(situation: Situation, action: Action, fault: Any) -> Reason:
    pinned = situation.asker.minor
    return Reason(
        fault,
        f"{action.name} exists from microversion 2.{action.since} to 2.{action.until}; 2.{pinned} was asked for.",
        f"Ask for one that has it: novasim --api-version 2.{action.since} ...",
    )


def _struck(situation: Situation, action: Action, fault: Any) -> Reason:
    means = "Nothing in Nova's rules stands against it: a fault of the simulation refused it."
    return Reason(fault, means, f"See: {situation.line('fault', 'list')}")


def _over_quota(situation: Situation, action: Action, fault: Any) -> Reason:
    return Reason(fault, "The project's quota is used up.", f"See: {situation.line('quota', 'show')}")


WORDS: dict[type[NovaFault], Callable[[Situation, Action, Any], Reason]] = {
    Locked: _locked,
    WrongState: _in_a_state,
    NotReady: _on_no_host,
    InvalidState: _invalid,
    PolicyRefusal: _not_allowed,
    Gone: _gone,
    NoSuchRoute: _at_no_such_version,
    QuotaExceeded: _over_quota,
    InjectedRefusal: _struck,
}

"""Explains each reason why an action is refused, with a remedy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from novasim.errors import (
    CellDown,
    Gone,
    InjectedRefusal,
    InvalidState,
    Locked,
    NoSuchRoute,
    NotReady,
    NovaFault,
    PolicyRefusal,
    WrongState,
)
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import accepted_vm_states, is_done, is_ruled_out
from novasim.lifecycle.status import status_of
from novasim.teach.commands import arrange_words, has_command
from novasim.teach.plans import action_step
from novasim.teach.remedies import format_remedy
from novasim.teach.situation import Situation
from novasim.teach.steps import command_line
from novasim.teach.words.actions import NOTHING_TO_UNDO

STATE_REFUSALS = (Locked, NotReady, WrongState, InvalidState)
CELL_DOWN = "The cell of {host_name} cannot be reached, so Nova knows little about the servers on that host."
CELL_UP = "Make it reachable again: {admin} host set --cell-up {host}"
AS_ADMINISTRATOR = "As administrator: "
INJECTED = "Nova's rules allow this; an injected fault refused it."
RESET_LOSES = "reset-state changes only the record: the work of a running task is lost, and the guest stays as it is."
UNLOCK = next(action for action in ACTIONS.values() if action.lifts_lock)


class Reason(NamedTuple):
    """
    A reason why an action is refused.

    Args:
        fault: The refusal. means: its meaning in plain words; "" if the message is clear.
        remedy: How to fix it; "" if changing the server's state is enough.
        is_done: Whether the server already is where the action leads.
    """

    fault: NovaFault
    means: str
    remedy: str = ""
    is_done: bool = False

    @property
    def is_about_state(self) -> bool:
        """Whether a change of the server's state helps."""
        return isinstance(self.fault, STATE_REFUSALS) and not self.remedy and not self.is_done


def list_reasons(situation: Situation, action: Action) -> list[Reason]:
    """Every reason why an action would be refused now."""
    return [explain_refusal(situation, action, fault) for fault in situation.refusals(action)]


def explain_refusal(situation: Situation, action: Action, fault: NovaFault) -> Reason:
    """Explain one refusal. The remedy of the check that refused, if one did, replaces the general one."""
    explain = next((words for kind, words in _EXPLANATIONS.items() if isinstance(fault, kind)), None)
    reason = explain(situation, action, fault) if explain else Reason(fault, "")
    check = action.find_check(str(fault.facts.get("check", "")))
    if check is None:
        return reason
    means = reason.means if isinstance(fault, PolicyRefusal) else ""
    return Reason(fault, means, format_remedy(_who_can_help(situation, action), check.remedy))


def _who_can_help(situation: Situation, action: Action) -> Situation:
    """The situation of the caller for whom remedies are: an administrator, if the viewer is not allowed the action."""
    return situation if situation.is_allowed(action) else situation.for_administrator() or situation


def explain_dead_end(situation: Situation, action: Action) -> str:
    """Explain that no sequence of requests makes an action possible."""
    if situation.server.launched_at is None:
        return explain_never_run(situation)
    return f"No sequence of requests leads from {situation.status} to a state that accepts {action.name}."


def explain_never_run(situation: Situation) -> str:
    """Explain that no action helps a server that has never run, and how to see why."""
    show = situation.viewer.command_line(*arrange_words(["show"], [situation.name], ["-c", "fault"]))
    return f"{situation.name} has never run, and no action starts it. To see what went wrong: {show}"


def explain_done(situation: Situation, action: Action) -> str:
    """Explain that an idle server already is where an action leads, or has nothing to undo; "" otherwise."""
    state, words = situation.plan_state(), NOTHING_TO_UNDO.get(action.name)
    if words and is_ruled_out(action, state):
        return words.format(server=situation.name)
    return f"{situation.name} is already {situation.status}; nothing to do." if is_done(action, state) else ""


def _explain_lock(situation: Situation, action: Action, fault: Any) -> Reason:
    server, name = situation.server, situation.name
    why = f" ({server.locked_reason})" if server.locked_reason else ""
    if situation.refusals(UNLOCK):
        return Reason(fault, f"An administrator has locked {name}{why}; only an administrator can unlock it.")
    return Reason(fault, f"{name} is locked{why}; a lock stops everyone except administrators.")


def _explain_state(situation: Situation, action: Action, fault: Any) -> Reason:
    if fault.is_busy:
        return Reason(fault, f"{situation.name} is busy ({fault.facts['state']}); {action.name} needs it idle.")
    if done := explain_done(situation, action):
        return Reason(fault, done, is_done=True)
    status = status_of(str(fault.facts["state"]), None)
    needed = ", ".join(status_of(vm_state, None) for vm_state in accepted_vm_states(action))
    return Reason(fault, f"{situation.name} is {status}; {action.name} needs {needed}.")


def _explain_invalid_state(situation: Situation, action: Action, fault: Any) -> Reason:
    if situation.server.launched_at is not None:
        return _explain_lock(situation, action, fault)
    return Reason(fault, "", explain_dead_end(situation, action))


def _explain_missing_host(situation: Situation, action: Action, fault: Any) -> Reason:
    return Reason(fault, f"{situation.name} has no host; {action.name} needs a host.")


def _explain_policy(situation: Situation, action: Action, fault: Any) -> Reason:
    viewer, admin = situation.viewer, situation.for_administrator()
    means = f"{viewer.who} is not allowed to do this (rule {fault.facts['rule']})."
    if viewer.caller.is_admin or admin is None or not has_command(action) or admin.refusals(action):
        return Reason(fault, means)
    command = command_line(action_step(admin, action, action.ends or ""), situation.name)
    return Reason(fault, means, f"{AS_ADMINISTRATOR}{command}")


def _explain_removal(situation: Situation, action: Action, fault: Any) -> Reason:
    return Reason(fault, f"Nova has removed {action.name} without replacement.")


def _explain_microversion(situation: Situation, action: Action, fault: Any) -> Reason:
    return Reason(
        fault,
        f"{action.name} exists in microversions 2.{action.since} to 2.{action.until}; "
        f"the request uses 2.{situation.viewer.minor}.",
        f"Use another microversion: novasim --api-version 2.{action.since} ...",
    )


def explain_cell_down(situation: Situation) -> str:
    """Explain that nothing can be done to a server whose cell cannot be reached."""
    return format_remedy(situation, f"{CELL_DOWN} {CELL_UP}")


def _explain_cell(situation: Situation, action: Action, fault: Any) -> Reason:
    return Reason(fault, format_remedy(situation, CELL_DOWN), format_remedy(situation, CELL_UP))


def _explain_fault(situation: Situation, action: Action, fault: Any) -> Reason:
    faults = situation.viewer.command_line("fault", "list")
    return Reason(fault, INJECTED, f"List the faults: {faults}")


_EXPLANATIONS: dict[type[NovaFault], Callable[[Situation, Action, Any], Reason]] = {
    Locked: _explain_lock,
    WrongState: _explain_state,
    NotReady: _explain_missing_host,
    InvalidState: _explain_invalid_state,
    PolicyRefusal: _explain_policy,
    Gone: _explain_removal,
    NoSuchRoute: _explain_microversion,
    InjectedRefusal: _explain_fault,
    CellDown: _explain_cell,
}

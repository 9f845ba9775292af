"""The preconditions of actions: lock, host, state and checks, in Nova's order."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import InvalidState, Locked, NotReady, NovaFault, WrongState
from novasim.lifecycle.action import ANY, Action
from novasim.lifecycle.check import LOCK, Facts
from novasim.lifecycle.microversions import NEWEST
from novasim.lifecycle.states import DELETED, SHELVED_OFFLOADED, VM_STATES
from novasim.records import Caller, Server


def refusals(action: Action, server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """
    Yield every reason why *action* is refused now, in the order in which Nova finds them.

    Pure: no clock, no store. A request raises the first; `why` prints them all.

    Args:
        facts: What the checks need besides the server (the new flavor, quotas), read beforehand.

    Yields:
        The refusals of the row's first checks, then Locked, NotReady, WrongState, InvalidState (409), then those of
        its checks.

    Source: the order of lock, host, state and argument errors, recorded from Nova in every state.
    """
    for check in action.first_checks:
        yield from check.refusals(server, caller, facts)
    yield from _lock_refusals(action, server, caller)
    if action.needs_host and server.host is None:
        yield NotReady(server=server.id)
    yield from _state_refusals(action, server)
    for check in action.checks:
        yield from check.refusals(server, caller, facts)


def raise_first_refusal(action: Action, server: Server, caller: Caller, facts: Facts) -> None:
    """
    Raise the first refusal of *action*, if there is one.

    Raises:
        NovaFault: The refusal. Its facts name the row, the server and the check, if a check refused.
    """
    for fault in refusals(action, server, caller, facts):
        fault.facts["row"] = action.name
        fault.facts.setdefault("server", server.id)
        raise fault


def is_locked_for(server: Server, caller: Caller) -> bool:
    """Whether a lock stops the caller; administrators are exempt from every lock."""
    return bool(server.locked_by) and not caller.is_admin


def _lock_refusals(action: Action, server: Server, caller: Caller) -> Iterator[NovaFault]:
    if action.lock and is_locked_for(server, caller):
        if action.lock == "invalid":
            yield InvalidState(server=server.id, action=action.name_in_refusals, check=LOCK)
        else:
            yield Locked(server=server.id)


def _state_refusals(action: Action, server: Server) -> Iterator[NovaFault]:
    refused = False
    for attr in ("vm_state", "task_state"):
        state = getattr(server, attr)
        if not action.accepts(attr, state):
            refused = True
            yield WrongState(action=action.name_in_refusals, server=server.id, attr=attr, state=state)
    if action.must_have_launched and not refused and server.launched_at is None:
        yield InvalidState(server=server.id, action=action.name_in_refusals)


def list_refused_vm_states(action: Action) -> list[str]:
    """
    The vm_states that refuse an action, sorted.

    A deleted server is not found, and the missing host of an offloaded one is found before its state.
    """
    if action.vm_states is None or not action.acts_on_server:
        return []
    skipped = {DELETED, SHELVED_OFFLOADED} if action.needs_host else {DELETED}
    return sorted(VM_STATES - action.vm_states - skipped)


def list_failing_checks(action: Action) -> list[str]:
    """The names of the checks that can refuse an action, in Nova's order; those of host and launch among them."""
    return [
        *(check.name for check in action.first_checks),
        *(["no_host"] if action.needs_host else []),
        *(["never_launched"] if action.must_have_launched else []),
        *(check.name for check in action.checks),
    ]


def is_refused_when_busy(action: Action) -> bool:
    """Whether a running task can refuse an action."""
    return action.task_states is not ANY


def is_blocked_by(action: Action, other: Action, vm_state: str) -> bool:
    """Whether *other* can begin in a vm_state, and its first phase takes time and refuses *action* meanwhile."""
    first = next(iter(other.phases), None)
    begins = other.vm_states is not None and other.accepts("vm_state", vm_state)
    return bool(first and first.seconds and begins and not action.accepts("task_state", first.task_state))


def list_bounds(action: Action) -> list[str]:
    """The microversions that do not have an action, in words; empty if all have it."""
    before = [f"before 2.{action.since}"] if action.since > 1 else []
    return before + ([f"after 2.{action.until}"] if action.until < NEWEST else [])

"""The judge: one pure function says why an action is refused now."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import InvalidState, Locked, NotReady, NovaFault, WrongState
from novasim.lifecycle.action import Action
from novasim.lifecycle.checks import Check, Facts, is_locked_for
from novasim.records import Caller, Server


def refusals(action: Action, server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """
    Yield every reason why *action* is refused now, in the order in which Nova finds them.

    Pure: no clock, no store. A request raises the first; `why` prints them all.

    Args:
        facts: What the checks need beside the server (the new flavor, quotas), read beforehand.

    Yields:
        The row's first checks, then Locked, NotReady, WrongState, InvalidState (409), then its checks.

    Source: the order of lock, host, state and argument errors in matrix_settled and matrix_task.
    """
    yield from _checked(action.first_checks, server, caller, facts)
    yield from _lock(action, server, caller)
    if action.needs_host and server.host is None:
        yield NotReady(server=server.id)
    yield from _state(action, server)
    yield from _checked(action.checks, server, caller, facts)


def require(action: Action, server: Server, caller: Caller, facts: Facts) -> None:
    """Raise the first refusal, if there is one; it knows its row and server, for whoever explains it."""
    for fault in refusals(action, server, caller, facts):
        fault.facts["row"] = action.name
        fault.facts.setdefault("server", server.id)
        raise fault


def _checked(checks: tuple[Check, ...], server: Server, caller: Caller, facts: Facts) -> Iterator[NovaFault]:
    """What the named checks refuse; each refusal knows its check, for whoever explains it."""
    for check in checks:
        for fault in check(server, caller, facts):
            fault.facts.setdefault("check", check.__name__)
            yield fault


def _lock(action: Action, server: Server, caller: Caller) -> Iterator[NovaFault]:
    if action.lock and is_locked_for(server, caller):
        if action.lock == "invalid":
            yield InvalidState(server=server.id, action=action.name_in_refusals)
        else:
            yield Locked(server=server.id)


def _state(action: Action, server: Server) -> Iterator[NovaFault]:
    refused = False
    for attr in ("vm_state", "task_state"):
        state = getattr(server, attr)
        if not action.accepts(attr, state):
            refused = True
            yield WrongState(action=action.name_in_refusals, server=server.id, attr=attr, state=state)
    if action.must_have_launched and not refused and server.launched_at is None:
        yield InvalidState(server=server.id, action=action.name_in_refusals)

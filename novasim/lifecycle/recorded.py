"""What entries of the record say about refusals and tasks, read from the action table."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Protocol

from novasim.errors import (
    InjectedRefusal,
    InvalidState,
    Locked,
    NoSuchPath,
    NoSuchRoute,
    NotReady,
    NovaFault,
    PolicyRefusal,
    QuotaExceeded,
)
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS, BY_API, find_action
from novasim.lifecycle.check import LOCK
from novasim.records import Task

CHECKS: dict[type[NovaFault], str] = {
    Locked: LOCK,
    InvalidState: "never_launched",
    NotReady: "no_host",
    PolicyRefusal: "policy",
    QuotaExceeded: "quota",
    NoSuchRoute: "microversion",
    InjectedRefusal: "injected",
}
"""What failed, by the kind of a refusal that carries no name of a check."""
ALWAYS_REFUSED = {"console-url-rdp": 400}  # Nova still has the action, but no console of this type


class SentRequest(Protocol):
    """The part of a request that names its action."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def body(self) -> Any: ...
    @property
    def service(self) -> str: ...


def failed_check(fault: NovaFault) -> str:
    """What failed, as `records.entry.Entry.check` has it."""
    if isinstance(fault, NoSuchPath):
        return ""
    named = fault.facts.get("check") or fault.facts.get("attr")
    return str(named) if named else next((name for kind, name in CHECKS.items() if isinstance(fault, kind)), "")


def final_refusal(action: Action) -> int:
    """The code with which every request of an action is refused; 0 if it can be accepted."""
    return action.success_code if action.is_removed else ALWAYS_REFUSED.get(action.name, 0)


def find_refused_action(request: SentRequest) -> str:
    """The name of the row that a request asks for; "" if it asks for none."""
    if request.service != "compute":
        return ""
    if request.path.endswith("/action") and isinstance(request.body, dict) and len(request.body) == 1:
        key, arguments = next(iter(request.body.items()))
        return find_action(key, arguments).name if key in BY_API else ""
    return next((name for name, method, path in _paths() if method == request.method and path(request.path)), "")


@cache
def _paths() -> list[tuple[str, str, Any]]:
    """Name, method and a matcher of the path, of rows with a path of their own."""
    rows = [row for row in ACTIONS.values() if row.path]
    return [(row.name, row.method, re.compile(re.sub(r"\{\w+\}", "[^/]+", row.path)).fullmatch) for row in rows]


def phase_name(task: Task) -> str:
    """The task_state of the present phase of a task; "" for a timer."""
    phases = () if task.timer else ACTIONS[task.action].phases_for(task.variant)
    return (phases[task.position].task_state or "") if task.position < len(phases) else ""

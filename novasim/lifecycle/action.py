"""What a row of the action table is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from novasim.lifecycle.states import ACTIVE, RESIZED, STOPPED

if TYPE_CHECKING:
    from novasim.lifecycle.checks import Check

NEWEST = 104
ANY: frozenset[str | None] | None = None
IDLE: frozenset[str | None] = frozenset({None})

# The vm_states in which a special case can be, if it is not possible in all of them.
CASES = {"stopped": frozenset({STOPPED, RESIZED}), "left-off": frozenset({ACTIVE})}


class Phase(NamedTuple):
    """
    A stretch of an action: the task_state shown, how long it lasts, what the log records of it.

    Args:
        task_state: None shows no task (the work is done in the background).
        seconds: Default simulated duration.
        events: Names under which the phase enters the server's instance-action log.
        fails: The vm_state after a failure in this phase, where that is not what the row says.
        grows_with: What makes it take longer: "image", "disk" or "ram"; "" for nothing.
        unplaced: How many of its events have begun when no host is found; 0 is all of them.
    """

    task_state: str | None
    seconds: float = 0.0
    events: tuple[str, ...] = ()
    fails: str | None = None
    grows_with: str = ""
    unplaced: int = 0


class Action(NamedTuple):
    """
    One row: everything that is a rule about one action.

    Args:
        name: The command, in kebab case.
        api: Key in the body of POST /servers/{id}/action; "" for requests with a path of their own.
        method, path: The request, for rows with a path of their own.
        called: The name in Nova's refusals; defaults to the API key.
        summary: One line of help, in our own words.
        policy: The rule that says who may. host_policy: the rule instead of it for requests that name a host,
            which they can since the microversion 2.N with N = host_since.
        lock: "locked" (409 Instance ... is locked), "invalid" (409 ... invalid state) or "" (not blocked).
        vm_states, task_states: Where it is accepted; None is everywhere.
        launched: Whether a server that never ran is refused.
        on_host: Whether a server on no host is refused, before its state is looked at.
        first_checks: Named checks that come before lock and state.
        checks: Named checks after lock and state, in the order in which Nova reports them.
        since, until: First and last microversion 2.N, as N.
        select: Argument and value that choose this row among those with the same key.
        phases: The usual course; `variants` are the courses in special cases, by case, if they differ.
        ends: The vm_state reached; None leaves it as it was. fails: the vm_state after a failure, likewise.
        other_ends: The vm_state reached in special cases, by case: "stopped", the server was stopped before;
            "left-off", it is not switched on again; "soft", it can be restored; "keep", it keeps its host.
        aside: Whether it happens beside what the server is busy with, instead of taking its place.
        code: The HTTP code of acceptance. recorded: name in the instance-action log; "" records nothing.
        source: Which document or recording the row was read from.
    """

    name: str
    summary: str
    policy: str
    source: str
    api: str = ""
    method: str = "POST"
    path: str = "/servers/{server_id}/action"
    called: str = ""
    lock: str = ""
    vm_states: frozenset[str] | None = None
    task_states: frozenset[str | None] | None = ANY
    launched: bool = False
    on_host: bool = False
    first_checks: tuple[Check, ...] = ()
    checks: tuple[Check, ...] = ()
    since: int = 1
    until: int = NEWEST
    host_policy: str = ""
    host_since: int = 1
    select: tuple[str, str] | None = None
    phases: tuple[Phase, ...] = ()
    variants: Mapping[str, tuple[Phase, ...]] = {}
    ends: str | None = None
    other_ends: Mapping[str, str] = {}
    fails: str | None = None
    aside: bool = False
    code: int = 202
    recorded: str = ""

    @property
    def refused_as(self) -> str:
        """The name that Nova's refusals use for it."""
        return self.called or self.api

    def rule_for(self, arguments: object, minor: int) -> str:
        """The policy rule that a request of the action at microversion 2.*minor* has to satisfy."""
        names_host = isinstance(arguments, Mapping) and arguments.get("host") is not None
        return self.host_policy if self.host_policy and names_host and minor >= self.host_since else self.policy

    def exists_at(self, minor: int) -> bool:
        """Whether microversion 2.*minor* has it."""
        return self.since <= minor <= self.until

    @property
    def tasks(self) -> frozenset[str]:
        """The task_states that a server may show because the action is under way."""
        courses = (self.phases, *self.variants.values())
        return frozenset(phase.task_state for course in courses for phase in course if phase.task_state)

    def is_behind(self, task_state: str | None) -> bool:
        """Whether a server may show this task_state because the action is under way."""
        return task_state in self.tasks

    def course(self, variant: str = "") -> tuple[Phase, ...]:
        """The phases of the usual course, or of a special case that has its own."""
        return self.variants.get(variant, self.phases)

    def end(self, case: str = "") -> str | None:
        """The vm_state reached, usually or in a special case; None leaves it as it was."""
        return self.other_ends.get(case, self.ends)

    def ends_from(self, vm_state: str) -> tuple[str, ...]:
        """Every vm_state in which it can end if it begins in *vm_state* and goes well, the usual one first."""
        if vm_state == STOPPED and "stopped" in self.other_ends:
            return (STOPPED,)
        others = [end for case, end in self.other_ends.items() if vm_state in CASES.get(case, (vm_state,))]
        return (self.ends or vm_state, *others)

    @property
    def failures(self) -> tuple[str, ...]:
        """The vm_states in which a failure on the way can leave the server; none if it stays as it was."""
        return tuple(end for end in (self.fails, *(phase.fails for phase in self.phases)) if end)

    @property
    def may_fail(self) -> bool:
        """Whether a failure on the way changes the vm_state."""
        return bool(self.failures)

    def accepts(self, attr: str, state: Any) -> bool:
        """Whether a value of vm_state or task_state is among the accepted ones."""
        allowed = self.vm_states if attr == "vm_state" else self.task_states
        return allowed is None or state in allowed

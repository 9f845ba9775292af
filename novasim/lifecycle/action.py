"""The columns of the action table: actions, their phases and their variants."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from novasim.errors import Gone
from novasim.lifecycle.microversions import NEWEST
from novasim.lifecycle.states import ACTIVE, DELETED, RESIZED, STOPPED

if TYPE_CHECKING:
    from novasim.lifecycle.check import Check

ANY: frozenset[str | None] | None = None
IDLE: frozenset[str | None] = frozenset({None})


# The cost of an action as a step of a plan. Of equally short paths, the one with the lowest cost wins.
GENTLE, ROUGH, DESTRUCTIVE, LAST_RESORT = 100, 101, 102, 1000


class Variant(str, Enum):
    """Variants of actions: other phases or another end. Tasks in cloud files contain the values; keep them."""

    WAS_STOPPED = "stopped"  # the server was stopped before, and is stopped afterwards
    STAYS_OFF = "left-off"  # an evacuated server is not switched on again (from 2.95)
    SOFT_DELETE = "soft"  # a deleted server can be restored
    LOCAL_DELETE = "local"  # the server has no host that answers; the API deletes it
    KEEPS_HOST = "keep"  # a shelved server is not offloaded at once
    STILL_ON_HOST = "start"  # a server that was not offloaded is unshelved
    CHECKED_FIRST = "waited"  # the target of a live migration is checked before the answer (before 2.34)
    OFFLOADED = "offloaded"  # the server has no host
    ON_VOLUME = "volume"  # the server boots from a volume
    RESET_TO_ACTIVE = "active"  # reset-state sets the vm_state to active

    __str__ = str.__str__


# The vm_states in which a variant is possible; a variant that is not listed is possible in all of them.
VARIANT_VM_STATES = {
    Variant.WAS_STOPPED: frozenset({STOPPED, RESIZED}),
    Variant.STAYS_OFF: frozenset({ACTIVE}),
}


class Phase(NamedTuple):
    """
    One phase of an action.

    Args:
        task_state: The task_state shown; None if the work is done in the background.
        seconds: Default simulated duration.
        events: The events of this phase in the server's instance-action log, in order.
        fails: The vm_state after a failure in this phase, if it differs from that of the row.
        grows_with: What makes the phase take longer: "image", "disk" or "ram"; "" if nothing does.
        events_without_host: How many of the events have started when no host is found; 0 if all of them.
        events_continue: Whether the events end with the next phase.
    """

    task_state: str | None
    seconds: float = 0.0
    events: tuple[str, ...] = ()
    fails: str | None = None
    grows_with: str = ""
    events_without_host: int = 0
    events_continue: bool = False


class Action(NamedTuple):
    """
    One row of the action table: every rule about one action.

    Rows name the fields in the order in which they are listed here: who, when, what, plans, log, source.

    Args:
        name: The command, in kebab case. summary: One line of help.

        policy: The policy rule that the caller has to satisfy.
        host_policy: The rule that replaces `policy` when a request names a host.
        host_since: The microversion 2.N from which requests may name a host, as N.

        since, until: First and last microversion 2.N, as N.
        lock: How a locked server is refused: "locked" (409 Instance ... is locked), "invalid" (409 ... invalid state)
            or "" (a lock does not matter). Administrators are exempt from locks: `preconditions.is_locked_for`.
        needs_host: Whether a server without a host is refused, before its state is checked. The check `is_on_host`
            refuses it after that.
        runs_on_host: Whether the server's host executes the task. The request is accepted, but without a host the
            task never starts.
        must_have_launched: Whether a server that never ran is refused.
        vm_states, task_states: The states in which it is accepted; None is any.
        first_checks: Checks that come before lock and state.
        checks: Checks after lock and state, in the order in which Nova reports them.

        api_key: The key in the body of POST /servers/{id}/action; "" for requests with a path of their own.
        method, path: The request, for rows with a path of their own.
        selector: Argument and value that select this row among those with the same key.
        refusal_name: The name in Nova's refusals, if it is not the API key.
        phases: The usual phases. variants: the phases of variants that differ.
        concurrent: Whether it runs at the same time as the server's task instead of replacing it.
        ends: The vm_state reached; None leaves it unchanged. other_ends: the vm_state that variants reach.
        fails: The vm_state after a failure; None leaves it unchanged.
        success_code: The HTTP code if the request is accepted.
        other_codes: Codes of refusals that no check has, such as 501 of a hypervisor that cannot do it.
        end_argument: The argument of the request that names the vm_state to reach; "" if the action decides it.

        lifts_lock: Whether the server is unlocked afterwards.
        restores_host: Whether the server is on a working host afterwards if it was on none, or on one that is down.
        host_may_be_down: Whether it completes even if the server's host is down.
        plan_arguments: Arguments that a plan has to supply with the request.
        cost: Its cost as a step of a plan.

        log_name: The name in the instance-action log; "" if it is not logged.
        hides_failures: Whether the log shows success although the action has failed on a host.
        source: The document or recording from which the row was read.
    """

    name: str
    summary: str

    policy: str = ""
    host_policy: str = ""
    host_since: int = 1

    since: int = 1
    until: int = NEWEST
    lock: str = ""
    needs_host: bool = False
    runs_on_host: bool = False
    must_have_launched: bool = False
    vm_states: frozenset[str] | None = None
    task_states: frozenset[str | None] | None = ANY
    first_checks: tuple[Check, ...] = ()
    checks: tuple[Check, ...] = ()

    api_key: str = ""
    method: str = "POST"
    path: str = "/servers/{server_id}/action"
    selector: tuple[str, str] | None = None
    refusal_name: str = ""
    phases: tuple[Phase, ...] = ()
    variants: Mapping[str, tuple[Phase, ...]] = {}
    concurrent: bool = False
    ends: str | None = None
    other_ends: Mapping[str, str] = {}
    fails: str | None = None
    success_code: int = 202
    other_codes: frozenset[int] = frozenset()
    end_argument: str = ""

    lifts_lock: bool = False
    restores_host: bool = False
    host_may_be_down: bool = False
    plan_arguments: tuple[str, ...] = ()
    cost: int = GENTLE

    log_name: str = ""
    hides_failures: bool = False
    source: str = ""

    @property
    def name_in_refusals(self) -> str:
        """The name that Nova's refusals use."""
        return self.refusal_name or self.api_key

    def rule_for(self, arguments: object, minor: int) -> str:
        """The policy rule that a request of the action at microversion 2.*minor* has to satisfy."""
        names_host = isinstance(arguments, Mapping) and arguments.get("host") is not None
        return self.host_policy if self.host_policy and names_host and minor >= self.host_since else self.policy

    def exists_at(self, minor: int) -> bool:
        """Whether microversion 2.*minor* has the action."""
        return self.since <= minor <= self.until

    @property
    def acts_on_server(self) -> bool:
        """Whether it acts on an existing server."""
        return self.path.startswith("/servers/{server_id}")

    @property
    def is_removed(self) -> bool:
        """Whether Nova has removed the action: every request is refused."""
        return self.success_code == Gone.http

    @property
    def destroys_data(self) -> bool:
        """Whether it deletes the server or overwrites its disk."""
        return self.cost == DESTRUCTIVE

    @property
    def is_instant(self) -> bool:
        """Whether it is complete when the API answers."""
        return not any(phase.seconds for phase in self.phases)

    @property
    def shown_task_states(self) -> frozenset[str]:
        """The task_states that a server may show while the action runs."""
        alternatives = (self.phases, *self.variants.values())
        return frozenset(phase.task_state for phases in alternatives for phase in phases if phase.task_state)

    def may_show(self, task_state: str | None) -> bool:
        """Whether a server may show this task_state while the action runs."""
        return task_state in self.shown_task_states

    def phases_for(self, variant: str = "") -> tuple[Phase, ...]:
        """The phases of a variant; the usual ones if it does not differ."""
        return self.variants.get(variant, self.phases)

    def end_state(self, variant: str = "") -> str | None:
        """The vm_state that a variant reaches; None leaves it unchanged."""
        return self.other_ends.get(variant, self.ends)

    def end_states(self, vm_state: str) -> tuple[str, ...]:
        """Every vm_state that a success can reach from *vm_state*, the usual one first."""
        if vm_state == STOPPED and Variant.WAS_STOPPED in self.other_ends:
            return (STOPPED,)
        others = [
            end
            for variant, end in self.other_ends.items()
            if vm_state in VARIANT_VM_STATES.get(Variant(variant), (vm_state,))
        ]
        return (self.ends or vm_state, *others)

    @property
    def done_states(self) -> frozenset[str]:
        """The vm_states in which it has nothing left to do; empty if it changes more than the state, as a resize."""
        ends = frozenset(filter(None, (self.ends, *self.other_ends.values())))
        changes_more = self.plan_arguments or self.end_argument or ends & {RESIZED, DELETED}
        is_repeatable = any(self.accepts("vm_state", end) for end in ends)
        return frozenset() if changes_more or is_repeatable else ends

    @property
    def failure_states(self) -> tuple[str, ...]:
        """The vm_states in which a failure can leave the server; empty if its state does not change."""
        return tuple(end for end in (self.fails, *(phase.fails for phase in self.phases)) if end)

    @property
    def may_fail(self) -> bool:
        """Whether a failure changes the vm_state."""
        return bool(self.failure_states)

    def find_check(self, name: str) -> Check | None:
        """The check of that name; None if the row has none."""
        return next((check for check in (*self.first_checks, *self.checks) if check.name == name), None)

    def accepts(self, attr: str, state: Any) -> bool:
        """Whether the action is accepted with this value of *attr*, vm_state or task_state."""
        allowed = self.vm_states if attr == "vm_state" else self.task_states
        return allowed is None or state in allowed

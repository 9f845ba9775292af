"""The situation of a server: which actions a viewer can request now, and what blocks the others."""

from __future__ import annotations

from novasim.api.callers import find_caller
from novasim.api.compute.servers.blockers import find_blockers, is_permitted
from novasim.api.context import Context
from novasim.api.request import Request
from novasim.api.views.down_cells import UNKNOWN
from novasim.errors import NovaFault, NovasimError
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.lifecycle.plan import PlanContext, PlanState, plan_state
from novasim.lifecycle.status import status_of
from novasim.records import Fault, Host, Server, Task
from novasim.simulation.faults import hold_reason
from novasim.simulation.hosts.cells import is_cell_down
from novasim.simulation.hosts.outages import is_waiting_for_host
from novasim.simulation.scheduling.placement import is_service_up
from novasim.simulation.time.clock import get_mode
from novasim.simulation.volumes import is_volume_backed
from novasim.simulation.world import World
from novasim.teach.arguments import find_arguments
from novasim.teach.viewer import ADMINISTRATOR, Viewer


class Situation:
    """
    A server as a viewer sees it now. The world is only read.

    Args:
        name: The name or ID that the user gave.
    """

    def __init__(self, world: World, server: Server, viewer: Viewer, name: str) -> None:
        self.world, self.server, self.viewer, self.name = world, server, viewer, name
        self.task = world.tx.get(Task, server.id)
        self._can_request: dict[str, bool] = {}  # a plan asks again in every state on the path

    @property
    def status(self) -> str:
        """The status that the server shows."""
        if self.is_cell_down:
            return UNKNOWN
        return status_of(self.server.vm_state, self.server.task_state)

    @property
    def is_cell_down(self) -> bool:
        """Whether the server's cell cannot be reached."""
        return is_cell_down(self.world, self.server.host)

    @property
    def has_manual_clock(self) -> bool:
        """Whether time passes only when the viewer advances the clock."""
        return get_mode(self.world.settings) == "manual" and not self.world.settings.clock_holder

    def context(self, action: Action) -> Context:
        """The context in which the viewer's request of an action is handled."""
        minor = min(action.until, NEWEST) if self.viewer.minor is None else self.viewer.minor
        return Context(Request(self.viewer.caller, "GET", "/", minor), self.world)

    def refusals(self, action: Action) -> list[NovaFault]:
        """Everything that blocks an action now, in the order in which Nova finds it."""
        return find_blockers(self.context(action), action, self.server)

    def is_allowed(self, action: Action) -> bool:
        """Whether the policy allows the viewer an action."""
        return is_permitted(self.context(action), action, self.server)

    def can_request(self, action: Action) -> bool:
        """Whether the viewer is allowed an action, it exists, and its arguments can be supplied."""
        if action.name not in self._can_request:
            self._can_request[action.name] = self._is_requestable(action)
        return self._can_request[action.name]

    def _is_requestable(self, action: Action) -> bool:
        if action.lifts_lock:
            return not self.refusals(action)
        ctx = self.context(action)
        return (
            action.exists_at(ctx.minor)
            and self.is_allowed(action)
            and find_arguments(ctx, action, self.server) is not None
        )

    def plan_state(self) -> PlanState:
        """The state in which a plan starts."""
        return plan_state(self.server, self.viewer.caller, self._end_of_task(), self.dead_host() is not None)

    def _end_of_task(self) -> str | None:
        """The vm_state in which the running task ends; None if there is no task, or it never ends."""
        if self.task is None or is_waiting_for_host(self.world, self.task):
            return None
        return ACTIONS[self.task.action].end_state(self.task.variant) or self.server.vm_state

    def plan_context(self) -> PlanContext:
        """The conditions of a plan besides the action table."""
        offloads = self.world.option("shelved_offload_time") == 0 or self.is_volume_backed
        return PlanContext(self.can_request, self.world.option("reclaim_instance_interval") > 0, offloads)

    @property
    def is_volume_backed(self) -> bool:
        """Whether the server boots from a volume."""
        return is_volume_backed(self.server)

    def blocking_fault(self) -> Fault | None:
        """The injected fault that holds the running task; None if none does."""
        reason = self.task.hold_reason if self.task else ""
        return next((fault for fault in self.world.tx.query(Fault) if hold_reason(fault.id) == reason), None)

    def dead_host(self) -> Host | None:
        """The server's host, if its compute service is down."""
        host = self.world.tx.get(Host, self.server.host) if self.server.host else None
        return host if host is not None and not is_service_up(host) else None

    def for_administrator(self) -> Situation | None:
        """The same server as the default administrator sees it; None if there is no such administrator."""
        try:
            caller = find_caller(self.world.tx, ADMINISTRATOR)
        except NovasimError:
            return None
        if not caller.is_admin:
            return None
        viewer = self.viewer._replace(who=ADMINISTRATOR, caller=caller, is_default=False)
        return Situation(self.world, self.server, viewer, self.name)

"""A server as one caller finds it now: what can be done to it, what stands against that, and what helps."""

from __future__ import annotations

import shlex
from typing import NamedTuple

from novasim.api.callers import find_caller
from novasim.api.compute.servers.blockers import find_blockers, is_permitted, suggest_flavor
from novasim.api.context import Context
from novasim.api.request import Request
from novasim.errors import NovaFault, NovasimError
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.lifecycle.plan import Circumstances, Place, Step, place_of
from novasim.lifecycle.states import DELETED
from novasim.records import Caller, Fault, Host, Server, Task
from novasim.simulation.faults import hold_reason
from novasim.simulation.hosts.outages import is_waiting_for_host
from novasim.simulation.scheduling.placement import is_service_up
from novasim.simulation.time.clock import get_mode
from novasim.simulation.volumes import is_volume_backed
from novasim.simulation.world import World

ADMINISTRATOR = "admin"  # the default one, whom advice names


class Asker(NamedTuple):
    """
    Who wants to know.

    Args:
        who: As given with --as. caller: who that is. minor: the pinned microversion 2.N as N, or None.
        usual: Whether *who* needs not be said, for it is who asks if nobody is named. before: what else has to stand
            before a command for it to be about the same cloud.
    """

    who: str
    caller: Caller
    minor: int | None = None
    usual: bool = True
    before: tuple[str, ...] = ()


class Situation:
    """
    A server as one caller finds it.

    Args:
        called: What the caller calls the server. The world is only looked at.
    """

    def __init__(self, world: World, server: Server, asker: Asker, called: str) -> None:
        self.world, self.server, self.asker, self.called = world, server, asker, called
        self.task = world.tx.get(Task, server.id)
        self._rights: dict[str, bool] = {}  # a plan asks again at every place on the way

    def line(self, *words: str) -> str:
        """A command line for the same caller."""
        caller = () if self.asker.usual else ("--as", self.asker.who)
        return shlex.join(["novasim", *self.asker.before, *caller, *words])

    def commands(self, step: Step) -> list[str]:
        """A step as the command that does it and waits until it is done, or as two if the clock has to be moved."""
        action = step.action
        if action is None:
            return [self._awaiting("task") or self.line("wait", self.called, "--for", "task")]
        name = "reboot" if action.name == "hard-reboot" else action.name
        lasts = bool(action.phases) and not action.concurrent and action.name != "reset-state"
        moved = self._awaiting("deleted" if step.end == DELETED else "task") if lasts else ""
        waits = ["--wait"] if lasts and not moved else []
        given = self.line(name, self.called, *self._arguments(action, step), *waits)
        return [given, moved] if moved else [given]

    def _awaiting(self, what: str) -> str:
        """The command that moves a manual clock until a task is over; nothing where time goes by itself."""
        if get_mode(self.world.settings) != "manual":
            return ""
        return self.line("clock", "advance", "--until", f"{self.called}={what}")

    def _arguments(self, action: Action, step: Step) -> list[str]:
        if action.name == "reset-state":
            return ["--state", step.end]
        if action.name == "resize" and (flavor := suggest_flavor(self.context(action), self.server)):
            return ["--flavor", flavor.name]
        return ["--hard"] if action.name == "hard-reboot" else []

    def context(self, action: Action) -> Context:
        """What the request of an action would be served in."""
        minor = min(action.until, NEWEST) if self.asker.minor is None else self.asker.minor
        return Context(Request(self.asker.caller, "GET", "/", minor), self.world)

    def reasons(self, action: Action) -> list[NovaFault]:
        """Everything that stands against an action now."""
        return find_blockers(self.context(action), action, self.server)

    def may(self, action: Action) -> bool:
        """Whether the caller may do an action, and there is something to do it with."""
        if action.name not in self._rights:
            self._rights[action.name] = self._decide(action)
        return self._rights[action.name]

    def _decide(self, action: Action) -> bool:
        ctx = self.context(action)
        if action.name == "unlock":
            return not find_blockers(ctx, action, self.server)
        if action.name == "resize" and suggest_flavor(ctx, self.server) is None:
            return False
        if action.name == "rebuild" and is_volume_backed(self.server):
            return False  # it would have to be told an image
        return action.exists_at(ctx.minor) and is_permitted(ctx, action, self.server)

    def place(self) -> Place:
        """Where the server stands."""
        return place_of(self.server, self.asker.caller, self._becomes(), self.dead_host() is not None)

    def _becomes(self) -> str | None:
        if self.task is None or is_waiting_for_host(self.world, self.task):
            return None
        return ACTIONS[self.task.action].end_state(self.task.variant) or self.server.vm_state

    def hanging(self) -> str:
        """What to say of a task that never ends because a fault of the simulation holds it; "" if that is not so."""
        held = self.task.held if self.task else ""
        fault = next((fault for fault in self.world.tx.query(Fault) if hold_reason(fault.id) == held), None)
        if fault is None:
            return ""
        return f"A fault holds it in {self.server.task_state}; this lets it go on: " + self.line(
            "fault", "remove", fault.id
        )

    def circumstances(self) -> Circumstances:
        """What decides about its ways."""
        offloads = self.world.option("shelved_offload_time") == 0 or is_volume_backed(self.server)
        return Circumstances(self.may, self.world.option("reclaim_instance_interval") > 0, offloads)

    def dead_host(self) -> Host | None:
        """The server's host, if it does not answer."""
        host = self.world.tx.get(Host, self.server.host) if self.server.host else None
        return host if host is not None and not is_service_up(host) else None

    def as_administrator(self) -> Situation | None:
        """The same server as the default administrator finds it; None if there is no such administrator."""
        try:
            caller = find_caller(self.world.tx, ADMINISTRATOR)
        except NovasimError:
            return None
        if not caller.is_admin:
            return None
        asker = self.asker._replace(who=ADMINISTRATOR, caller=caller, usual=False)
        return Situation(self.world, self.server, asker, self.called)

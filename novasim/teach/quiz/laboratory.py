"""A cloud in memory with a server in each state, in which questions are answered by executing requests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from novasim.api.callers import expand_roles, find_caller
from novasim.api.context import Context
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.control.options import set_option
from novasim.errors import NovaFault
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.lifecycle.recorded import failed_check
from novasim.lifecycle.status import status_of
from novasim.records import Caller, Flavor, Image, Server
from novasim.simulation.world import World
from novasim.store.snapshots import SnapshotStore
from novasim.store.transaction import Snapshot
from novasim.teach.arguments import find_arguments
from novasim.teach.lessons.facts import first_server
from novasim.teach.lessons.playground import Playground

NAME = "web1"
GONE = "deleted"
BY_STATE, BY_TASK = "vm_state", "task_state"  # as `failed_check` names them
HOUR = "3600"
MAX_STATES = 4000  # that are kept
OWNER, ADMIN = "demo", "admin"
# How a new server gets into each state: options of the cloud, and actions.
WAYS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "ACTIVE": ({}, ()),
    "SHUTOFF": ({}, ("stop",)),
    "PAUSED": ({}, ("pause",)),
    "SUSPENDED": ({}, ("suspend",)),
    "RESCUE": ({}, ("rescue",)),
    "VERIFY_RESIZE": ({}, ("resize",)),
    "SHELVED": ({"shelved_offload_time": HOUR}, ("shelve",)),
    "SHELVED_OFFLOADED": ({}, ("shelve",)),
    "SOFT_DELETED": ({"reclaim_instance_interval": HOUR}, ("delete",)),
    "ERROR": ({}, ("reset-state",)),
}
ASKED = tuple(
    name
    for name, action in ACTIONS.items()
    if (action.api_key or name == "delete")
    and not name.startswith(("console", "add-", "remove-", "reset-"))
    and name not in ("evacuate", "inject-network-info")
)
"""The actions that questions are about: those whose arguments can always be supplied."""
ARGUMENTS: dict[str, Any] = {
    "change-password": {"adminPass": "secret"},
    "live-migrate": {"host": None, "block_migration": "auto"},
    "reset-state": {"state": "error"},
}


class Outcome(NamedTuple):
    """
    The answer to a request, and what follows.

    Args:
        code: The HTTP code. check: what refused it, as `failed_check` names it; "" if it was accepted.
        message: Nova's message for a refusal. status: the status afterwards; "deleted" without a server.
    """

    code: int
    check: str
    message: str
    status: str

    @property
    def is_accepted(self) -> bool:
        """Whether the request was accepted."""
        return self.code < 400

    @property
    def is_refused_by_state(self) -> bool:
        """Whether the vm_state was the reason of a refusal."""
        return self.check == BY_STATE

    @property
    def is_permitted(self) -> bool:
        """Whether the role of the caller was no reason of a refusal."""
        return self.check != "policy"

    @property
    def is_settled_by_task(self) -> bool:
        """Whether the request was accepted, or the task_state was the reason of its refusal."""
        return self.check in ("", BY_TASK)


class Laboratory:
    """Executes requests on a server in any state. The same request always has the same outcome."""

    def __init__(self) -> None:
        self._states: dict[str, Playground] = {}
        self.outcome = lru_cache(maxsize=None)(self._outcome)
        self.during = lru_cache(maxsize=None)(self._during)
        self._end_of = lru_cache(maxsize=MAX_STATES)(self._find_end)

    @cached_property
    def _new(self) -> Playground:
        playground = Playground.create()
        body = {"name": NAME, "networks": "auto", **self._flavor_and_image(playground)}
        with playground.cloud.reading() as world:
            caller = find_caller(world.tx, OWNER)
        handle(playground.cloud, Request(caller, "POST", "/servers", NEWEST, (), {"server": body}))
        return playground

    def _flavor_and_image(self, playground: Playground) -> dict[str, str]:
        with playground.cloud.reading() as world:
            flavor = world.tx.query(Flavor, {"name": "m1.tiny"})[0]
            image = world.tx.query(Image, {"name": "cirros"})[0]
            return {"flavorRef": flavor.id, "imageRef": image.id}

    def state(self, status: str) -> Playground:
        """A copy of the cloud whose server is in a status."""
        if status not in self._states:
            options, actions = WAYS[status]
            playground = self._new.copy()
            for name, value in options.items():
                set_option(playground.cloud, name, value)
            for action in actions:
                self.send(playground, action, ADMIN)
            assert self.status(playground) == status, (status, self.status(playground))
            self._states[status] = playground
        return self._states[status].copy()

    def status(self, playground: Playground) -> str:
        """The status of the server."""
        with playground.cloud.reading() as world:
            server = first_server(world, NAME)
            return GONE if server is None else status_of(server.vm_state, server.task_state)

    def _outcome(self, status: str, action: str, who: str = OWNER, locked: bool = False) -> Outcome:
        """The outcome of a request in a status. *locked*: whether the owner has locked the server."""
        playground = self.state(status)
        if locked:
            self.send(playground, "lock", OWNER)
        return self.send(playground, action, who)

    def send(self, playground: Playground, action: str, who: str = OWNER) -> Outcome:
        """Request an action, and see where it leads when all tasks have ended."""
        row = ACTIONS[action]
        with playground.cloud.reading() as world:
            server = first_server(world, NAME)
            if server is None:
                return Outcome(404, "", f"Instance {NAME} could not be found.", GONE)
            caller = self._caller(world, who)
            arguments = _arguments(world, row, server, caller)
            path = row.path.format(server_id=server.id)
        body = {row.api_key: arguments} if row.api_key else None
        request = Request(caller, row.method, path, min(row.until, NEWEST), (), body)
        response = handle(playground.cloud, request)
        fault = response.fault
        message = _short(fault, server) if fault else ""
        return Outcome(response.code, failed_check(fault) if fault else "", message, self.status(playground))

    def _during(self, status: str, first: str, second: str) -> tuple[Outcome, Outcome, str]:
        """Request an action while another one is running: both outcomes, and the task_state in between."""
        playground = self.state(status)
        playground.set_mode("manual")
        begun = self.send(playground, first)
        with playground.cloud.reading() as world:
            server = first_server(world, NAME)
            task = (server.task_state or "") if server else ""
        outcome = self.send(playground, second)
        return begun, outcome, task

    def _caller(self, world: World, who: str) -> Caller:
        """The caller of that name, or the owner with only one role of Nova's ("role:reader")."""
        if not who.startswith("role:"):
            return find_caller(world.tx, who)
        return find_caller(world.tx, OWNER)._replace(roles=expand_roles([who.removeprefix("role:")]))

    def run(self, status: str, actions: Sequence[str]) -> list[Outcome]:
        """The outcomes of requests one after another."""
        return [self._end_of(status, tuple(actions[:count]))[1] for count in range(1, len(actions) + 1)]

    def _find_end(self, status: str, actions: tuple[str, ...]) -> tuple[Snapshot, Outcome]:
        """The state after requests, and the outcome of the last one. Sequences share the states of their beginnings."""
        before = self._end_of(status, actions[:-1])[0] if actions[1:] else self.state(status).store.revision()
        playground = Playground(SnapshotStore(before))
        outcome = self.send(playground, actions[-1])
        return playground.store.revision(), outcome

    @cached_property
    def edges(self) -> dict[tuple[str, str], str]:
        """Where each accepted action of the owner leads, by status and action, if it changes the status."""
        found = {}
        for status in WAYS:
            for action in ASKED:
                outcome = self.outcome(status, action)
                if outcome.is_accepted and outcome.status != status:
                    found[status, action] = outcome.status
        return found


def _arguments(world: World, action: Action, server: Server, caller: Caller) -> Any:
    if action.name in ARGUMENTS:
        return ARGUMENTS[action.name]
    found = find_arguments(Context(Request(caller, "GET", "/", min(action.until, NEWEST)), world), action, server)
    return found.request if found else {"flavorRef": "2"}


def _short(fault: NovaFault, server: Server) -> str:
    """Nova's message with the name of the server instead of its ID."""
    return fault.line.replace(server.id, NAME)

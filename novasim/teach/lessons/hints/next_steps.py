"""The next command towards a goal, by the planner."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatchmethod

from novasim.errors import BadRequest, Locked, WrongState
from novasim.lifecycle.action import GENTLE
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import DELETED, ERROR, SOFT_DELETED, STOPPED, VM_STATES
from novasim.lifecycle.status import stable_state_of, status_of
from novasim.records import Server, Volume
from novasim.simulation.world import World
from novasim.teach.lessons.checks import (
    Check,
    Condition,
    Done,
    HostIs,
    ImageExists,
    MoveCount,
    Refused,
    ServerCount,
    ServerGone,
    ServerIs,
    VolumeIs,
)
from novasim.teach.lessons.evaluation import View, is_more_needed, list_moves, meets, missing_actions
from novasim.teach.lessons.facts import METADATA, first_server, server_values
from novasim.teach.lessons.hints.last_resorts import set_label
from novasim.teach.lessons.hints.planner import Planner
from novasim.teach.lessons.hints.preparations import change_label, create_again, rename_back, switch_host
from novasim.teach.lessons.hints.proposals import (
    ADMIN,
    Proposals,
    actions_of,
    conditions_of,
    servers_of,
    to_command,
)
from novasim.teach.lessons.lesson import Command, Lesson

BY_KEY = {  # the actions that change a value of a server
    "flavor": ("confirm-resize", "revert-resize", "resize"),
    "image": ("rebuild",),
    "host": ("live-migrate", "migrate", "evacuate"),
    "tag": ("tag-add", "tag-delete"),
    "group": ("add-security-group", "remove-security-group"),
    "volume": ("attach-volume", "detach-volume"),
    "ports": ("attach-port", "detach-port"),
    "power": ("hard-reboot", "start", "stop"),
    "locked": ("lock", "unlock"),
    "locked_reason": ("unlock", "lock"),
}
PREPARED_BY = {"detach-volume": "attach-volume"}  # without which the first is refused for another reason
STATES_TO_TRY = VM_STATES - {DELETED, SOFT_DELETED, ERROR}  # for a refusal in any state
HOST_OPTIONS = {  # of host set, by key and value
    "state": {"up": "--up", "down": "--down"},
    "status": {"enabled": "--enable", "disabled": "--disable"},
}
OFF_HOST = ("shelve-offload", "shelve")  # the actions that remove a server from its host


class NextSteps:
    """
    Commands towards the goals of a lesson.

    Args:
        view: The world and the entries. waits: as for `Proposals`.
    """

    def __init__(self, lesson: Lesson, view: View, waits: bool) -> None:
        self.lesson, self.view = lesson, view
        self.world: World = view.world
        self.proposals = Proposals(lesson, view.world, waits)
        self.planner = Planner(lesson, view.world, self.proposals)

    @singledispatchmethod
    def towards(self, check: object) -> Iterator[Command]:
        """Commands that may be a step towards a check, the best first."""
        return iter(())

    @towards.register
    def _(self, check: Refused) -> Iterator[Command]:
        action, server = ACTIONS[check.action], first_server(self.world, check.server)
        if server is None and action.acts_on_server:
            yield from self._create(check.server)
            return
        if server is None:
            return
        if prepared_by := PREPARED_BY.get(check.action):
            yield from (
                self.proposals.for_action(ACTIONS[prepared_by], check.server) if self._lacks_volume(server) else ()
            )
        if check.state and (vm_state := stable_state_of(check.state)):
            yield from self.planner.steps_to(check.server, vm_state)
        elif check.state:
            yield from self._begin(check.server, check.state)
        if (
            action.lock
            and check.code == Locked.http
            and server.locked_by is None
            and self._is_about_locks(check.server)
        ):
            yield from self.proposals.for_action(ACTIONS["lock"], check.server)
        yield from switch_host(self.world, server, check.action, is_refused=check.code == BadRequest.http)
        if check.code == WrongState.http and not check.state:
            for vm_state in sorted(STATES_TO_TRY - (action.vm_states or STATES_TO_TRY)):
                yield from self.planner.steps_to(check.server, vm_state)

    def _lacks_volume(self, server: Server) -> bool:
        return not server_values(self.world, server, "volume")

    def _is_about_locks(self, server: str) -> bool:
        """Whether a goal wants a server to be locked."""
        keys = {each.key for each in conditions_of(self.lesson, server)}
        return bool(keys & {"locked", "locked_reason"}) or ACTIONS["lock"] in actions_of(self.lesson, server)

    def refused_by(self, check: Check) -> Iterator[Command]:
        """Commands that may be refused as a check wants it. They are no step unless they close the goal."""
        if isinstance(check, Refused) and self._is_in(check.server, check.state):
            action = ACTIONS[check.action]
            yield from self.proposals.for_action(action, check.server, check.code)
            if check.code == WrongState.http:  # older microversions have rules of their own
                yield from self.proposals.for_action(action, check.server, check.code, oldest=True)

    def _is_in(self, name: str, state: str) -> bool:
        """Whether a server has a status or a task_state; "" is any."""
        server = first_server(self.world, name)
        return not state or bool(server and state in (status_of(server.vm_state, server.task_state), server.task_state))

    def _begin(self, server: str, task_state: str) -> Iterator[Command]:
        """Commands that begin an action which shows a task_state, or lead there."""
        for row in ACTIONS.values():
            if row.may_show(task_state) and row.acts_on_server:
                yield from self.proposals.for_action(row, server, code=202)
                yield from self.planner.steps_to_action(server, row)

    @towards.register
    def _(self, check: Done) -> Iterator[Command]:
        following = ACTIONS[missing_actions(check, self.view)[0]]
        if following.acts_on_server and first_server(self.world, check.server) is None:
            yield from self._create(check.server)
            return
        yield from self.proposals.for_action(following, check.server)
        yield from self.planner.steps_to_action(check.server, following)
        if server := first_server(self.world, check.server):
            yield from switch_host(self.world, server, following.name, is_refused=False)

    @towards.register
    def _(self, check: ServerIs) -> Iterator[Command]:
        server = first_server(self.world, check.server)
        if server is None:
            yield from self._create(check.server)
            return
        yield from self._relabel(server, check)
        keys = sorted(check.conditions, key=lambda each: each.key in ("status", "task"))
        for each in keys:
            found = server_values(self.world, server, each.key) or ("",)
            if bool(set(found) & set(each.values)) is each.negated:
                yield from self._change(server, each)
        yield from switch_host(self.world, server, "", is_refused=False)

    def _relabel(self, server: Server, check: ServerIs) -> Iterator[Command]:
        """Steps to a server that shows ACTIVE although it is off, which only a changed label can do."""
        wanted = {each.key: each.values for each in check.conditions if not each.negated}
        is_contradictory = "ACTIVE" in wanted.get("status", ()) and "running" not in wanted.get("power", ("running",))
        others = [each for each in check.conditions if each.key != "status"]
        if is_contradictory and meets(others, self.world, server):
            yield set_label(server.name, "ACTIVE")
        elif is_contradictory:
            yield from self.planner.steps_to(server.name, STOPPED)

    def _change(self, server: Server, condition: Condition) -> Iterator[Command]:
        key = condition.key
        if key == "status":
            for status in condition.values:
                if vm_state := stable_state_of(status):
                    yield from self.planner.steps_to(server.name, vm_state)
        yield from change_label(server.name, condition)
        if key.startswith(METADATA):
            yield from self.planner.steps_to_action(server.name, ACTIONS["metadata-create"])
        names = OFF_HOST if key == "host" and condition.values == ("",) else BY_KEY.get(key, ())
        for name in names:
            yield from self.proposals.for_action(ACTIONS[name], server.name)
        for name in names:
            yield from self.planner.steps_to_action(server.name, ACTIONS[name])

    @towards.register
    def _(self, check: ServerGone) -> Iterator[Command]:
        yield from self.planner.steps_to(check.server, DELETED)
        yield from self.proposals.for_action(ACTIONS["force-delete"], check.server)

    @towards.register
    def _(self, check: ImageExists) -> Iterator[Command]:
        if check.absent:
            yield to_command(("image", "delete", check.image))
            return
        for server in self.world.tx.query(Server, {"deleted": False}):
            yield from self.proposals.for_action(ACTIONS["create-image"], server.name)

    @towards.register
    def _(self, check: VolumeIs) -> Iterator[Command]:
        if not self.world.tx.query(Volume, {"name": check.volume}):
            yield to_command(("volume", "create", check.volume, "--size", "10"))
            return
        for server in self.world.tx.query(Server, {"deleted": False}):
            for name in ("detach-volume", "attach-volume"):
                yield from self.proposals.for_action(ACTIONS[name], server.name)

    @towards.register
    def _(self, check: HostIs) -> Iterator[Command]:
        for each in check.conditions:
            for value, option in HOST_OPTIONS.get(each.key, {}).items():
                if (value in each.values) is not each.negated:
                    yield to_command((*ADMIN, "host", "set", check.host, option))
        for server in self.world.tx.query(Server, {"host": check.host, "deleted": False}):
            for name in ("live-migrate", "migrate", "evacuate", "confirm-resize"):
                yield from self.proposals.for_action(ACTIONS[name], server.name)

    @towards.register
    def _(self, check: ServerCount) -> Iterator[Command]:
        servers = sorted(self.world.tx.query(Server, {"deleted": False}), key=lambda server: server.name)
        meeting = [server for server in servers if meets(check.conditions, self.world, server)]
        if is_more_needed(check, len(meeting)):
            for server in servers:
                if server not in meeting:
                    yield from self.towards(ServerIs(server.name, check.conditions))
            yield from self._create(f"web{len(servers) + 1}")
            return
        for server in meeting:
            yield from self.planner.steps_to(server.name, DELETED)

    @towards.register
    def _(self, check: MoveCount) -> Iterator[Command]:
        made = self.view.moves()
        for name in servers_of(self.lesson):
            if (server := first_server(self.world, name)) is None:
                yield from self._create(name)
                continue
            status = status_of(server.vm_state, server.task_state)
            for action in ACTIONS.values():
                if action.cost == GENTLE and list_moves(action.name, status) - made:
                    yield from self.proposals.for_action(action, name)

    def _create(self, server: str) -> Iterator[Command]:
        """Rename a server back, create it, or make room for it."""
        yield from rename_back(self.view, server)
        yield from create_again(self.lesson, server, self.proposals.waits)
        yield from self.proposals.for_action(ACTIONS["create"], server)
        named = servers_of(self.lesson)
        for other in self.world.tx.query(Server, {"deleted": False}):
            if other.name not in named:
                yield from self.planner.steps_to(other.name, DELETED)

"""A game: a small cloud in which steps are played, and what is checked of each answer."""

from __future__ import annotations

import json
from typing import Any

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.control import faults, guests, hosts
from novasim.errors import CellDown, InjectedRefusal, NovasimError
from novasim.records import Attachment, Fault, Host, Project, Record, Server, Settings, User, Volume
from tests.games import things
from tests.games.steps import Advance, Break, Cell, Guest, Power, Ref, Repair, Send, Step
from tests.games.templates import PARAMETER, fill
from tests.play import Play

NOTHING = "00000000-0000-0000-0000-000000000000"
SMALL_QUOTAS = {
    "instances": 6,
    "cores": 9,
    "server_groups": 3,
    "server_group_members": 2,
    "key_pairs": 2,
    "volume.volumes": 6,
    "volume.gigabytes": 12,
    "volume.snapshots": 4,
    "network.port": 9,
    "network.floatingip": 2,
    "network.security_group": 3,
    "network.network": 2,
}


class Violation(AssertionError):
    """Something that must hold and does not."""


class Game(Play):
    """
    A cloud with two users in the project demo, one in the project other, and small quotas.

    Args:
        clock: manual or instant. down: How many hosts have no power from the beginning.
        options: Nova's options of the cloud.
    """

    def __init__(self, clock: str, host_count: int = 3, down: int = 0, **options: Any) -> None:
        super().__init__(clock, **options)
        for number in range(4, host_count + 1):
            hosts.add_host(self.cloud, f"host{number}")
        with self.store.write() as tx:
            for project in tx.query(Project):
                project.quotas = dict(SMALL_QUOTAS) if project.name != "admin" else {}
                tx.put(project)
            demo = self.callers["demo"].project_id
            tx.put(User(id="mate", name="mate", default_project_id=demo, roles={demo: ["member"]}))
            self.callers["mate"] = find_caller(tx, "mate")
        for number in range(down):
            hosts.change_host(self.cloud, f"host{number + 1}", up=False)
        self.doomed: dict[str, set[str]] = {}  # by server: the volumes to delete with it
        self.reset_volumes: set[str] = set()  # volumes whose status an administrator has set, or a lost attachment
        self.reset_servers: set[str] = set()  # servers whose state an administrator has set
        self.had_down_cells = False
        self.note_doomed()

    def play(self, step: Step) -> None:
        """Play a step. Raises Violation: an answer that no service may give."""
        if isinstance(step, Send):
            self._send(step)
        elif isinstance(step, Advance):
            self.advance(step.seconds)
        elif isinstance(step, Power):
            self._switch(step)
        elif isinstance(step, Cell):
            hosts.change_host(self.cloud, self.find(step.host), cell_down=step.down)
            self.had_down_cells = self.had_down_cells or step.down
        elif isinstance(step, Break):
            faults.add_fault(self.cloud, **step.fault)
        elif isinstance(step, Repair):
            faults.clear_faults(self.cloud)
        elif isinstance(step, Guest):
            self._act_in_guest(step)

    def advance(self, seconds: float) -> None:
        """Move the clock. With the instant clock, what is due then also ends."""
        super().advance(seconds)
        with self.cloud.writing(is_request=False):
            pass

    def request_of(self, step: Send) -> Request:
        """The request of a step, with ids in place of its references."""
        caller = self.callers[step.who]
        params = {name: self.find(ref) for name, ref in step.params.items()} | {"own_project": caller.project_id}
        path, _, query = PARAMETER.sub(lambda match: params[match[1]], step.path).partition("?")
        pairs = tuple(tuple(pair.split("=", 1)) for pair in query.split("&")) if query else ()
        return Request(caller, step.method, path, step.minor, pairs, fill(step.body, self.find), step.service)

    def all(self, kind: type[Record]) -> list[Any]:
        """All records of a kind, with everything applied that is due."""
        with self.cloud.reading() as world:
            return list(world.tx.query(kind))

    def _send(self, step: Send) -> None:
        request = self.request_of(step)
        before, triggered = self.store.revision(), self._count_triggers()
        self._note_reset(request)
        answer = handle(self.cloud, request)
        check_answer(request, answer, bool(self.down_cells()))
        if answer.code >= 400 and self.store.revision() is not before and self._count_triggers() == triggered:
            raise Violation(f"a refusal ({answer.code} {answer.body}) has changed the cloud")

    def _note_reset(self, request: Request) -> None:
        """Remember the server or volume whose state a request sets, or whose attachment it deletes behind Nova."""
        parts = request.path.split("/")
        if "'os-reset_status': {'status'" in str(request.body) or "os-force_delete" in str(request.body):
            self.reset_volumes.add(parts[4])
        if "os-resetState" in str(request.body):
            self.reset_servers.add(parts[2])
        if request.method == "DELETE" and "/attachments/" in request.path:
            for volume in self.all(Volume):
                if any(entry["attachment_id"] == parts[-1] for entry in volume.reserved):
                    self.reset_volumes.add(volume.id)

    def down_cells(self) -> list[str]:
        """The hosts whose cells cannot be reached."""
        (settings,) = self.all(Settings)
        return list(settings.down_cells)

    def _count_triggers(self) -> int:
        return sum(fault.triggered for fault in self.all(Fault))

    def _switch(self, step: Power) -> None:
        name = self.find(step.host)
        if not step.service:
            hosts.change_host(self.cloud, name, up=step.up)
            return
        service = next(host.service_id for host in self.all(Host) if host.name == name)
        self.ask("PUT", f"/os-services/{service}", {"forced_down": not step.up}, "admin")

    def _act_in_guest(self, step: Guest) -> None:
        try:
            guests.apply_guest_event(self.cloud, self.find(step.server), step.event)
        except NovasimError:
            return

    def find(self, ref: Ref) -> str:
        """The id that a reference stands for; one that does not exist if there are no such things."""
        ids = things.list_ids(self.all, ref.kind)
        return ids[ref.number % len(ids)] if ids else NOTHING

    def note_doomed(self) -> None:
        """Remember which volumes are to be deleted with which server: those that it had last."""
        living = {server.id for server in self.all(Server) if not server.deleted}
        self.doomed |= {id: set() for id in living}
        for attachment in self.all(Attachment):
            if attachment.delete_on_termination and attachment.volume_id and attachment.server_id in living:
                self.doomed[attachment.server_id].add(attachment.volume_id)


def check_answer(request: Request, answer: Response, has_down_cells: bool = False) -> None:
    """Check that an answer has a code and a body that its service can give; with down cells also 500 about a cell."""
    is_expected = isinstance(answer.fault, InjectedRefusal) or (has_down_cells and isinstance(answer.fault, CellDown))
    if answer.code >= 500 and not is_expected:
        raise Violation(f"{request.method} {request.path}: {answer.code} {answer.body}")
    json.dumps(answer.body, default=bytes.decode)  # of the metadata service
    if answer.code >= 400 and not (isinstance(answer.body, dict) and len(answer.body) in (1, 3)):
        raise Violation(f"not an error body: {answer.body}")

"""Undo and redo over random walks of commands, under a manual clock: the bytes of the cloud are as before."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from novasim.api.request import Response
from novasim.control import clock, faults, hosts, options
from novasim.control.record import find_gaps, start_record
from novasim.control.steps import Steps
from novasim.control.undo import redo, undo
from novasim.errors import NovasimError
from novasim.records import Server
from novasim.store.record_log import FileRecord
from tests import extent
from tests.play import Play

WALKS, LENGTH = extent(20, 300), 20
NAMES = ("web1", "web2")
ACTIONS: dict[str, Any] = {
    "os-start": None,
    "os-stop": None,
    "pause": None,
    "unpause": None,
    "suspend": None,
    "resume": None,
    "reboot": {"type": "HARD"},
    "resize": {"flavorRef": "2"},
    "confirmResize": None,
    "revertResize": None,
    "lock": None,
    "unlock": None,
    "rescue": {"adminPass": "secret"},
    "unrescue": None,
    "shelve": None,
    "unshelve": None,
    "rebuild": {"imageRef": "IMAGE", "user_data": "b3RoZXI="},
    "createImage": {"name": "copy"},
    "forceDelete": None,
    "migrate": None,
    "changePassword": {"adminPass": "x"},
}

Command = tuple[str, ...]
callers = st.sampled_from(["demo", "admin"])
actions = st.tuples(st.just("act"), st.sampled_from(NAMES), st.sampled_from(sorted(ACTIONS)), callers)
commands = st.one_of(
    st.tuples(st.just("create"), st.sampled_from(["web1", "web2"])),
    actions,
    actions,
    st.tuples(st.just("advance"), st.sampled_from(["1", "30"])),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("volume"), st.just("1")),
    st.tuples(st.just("attach"), st.sampled_from(NAMES)),
    st.tuples(st.just("metadata"), st.sampled_from(NAMES)),
    st.tuples(st.just("both"), st.sampled_from(["os-stop", "lock"])),
    st.tuples(st.just("host"), st.sampled_from(["up", "down"])),
    st.tuples(st.just("option"), st.sampled_from(["60", "0"])),
    st.tuples(st.just("fault"), st.sampled_from(["refuse", "fail"])),
    st.tuples(st.just("user"), st.sampled_from(["ann", "bob"])),
)


class Walk(Play):
    """A cloud in memory with a record in a file; each command is a step of its own."""

    def __init__(self, record: Path) -> None:
        super().__init__(clock="manual")
        self.store.record = FileRecord(str(record))
        self.create("web1")
        clock.advance_clock(self.cloud, 30)
        self._numbers = itertools.count()
        self.volumes = f"/v3/{self.callers['demo'].project_id}/volumes"
        start_record(self.cloud)

    def bytes(self) -> bytes:
        return self.store.dump()

    def run(self, command: Command) -> list[Response | str]:
        """Run a command as the caller demo, or admin, and return what it prints."""
        who = command[-1] if command[0] == "act" else "demo"
        self.cloud.origin = ("cli", command, lambda: self.callers[who])
        self.cloud._step_name = f"step {next(self._numbers)}"
        try:
            return [response._replace(fault=None) for response in getattr(self, f"_{command[0]}")(*command[1:])]
        except NovasimError as error:
            return [str(error)]

    def move(self, function: Callable[..., object], count: int) -> None:
        """Undo or redo the last steps of all callers."""
        self.cloud.origin = ("cli", ("undo",), None)
        self.cloud._step_name = f"step {next(self._numbers)}"
        function(self.cloud, self.callers["demo"], count, everyone=True)

    def _create(self, name: str) -> list[Response]:
        body = {"name": name, "flavorRef": "1", "imageRef": self.image, "networks": "auto"}
        return [self.ask("POST", "/servers", {"server": body | {"user_data": "dXNlciBkYXRh"}})]

    def _act(self, name: str, action: str, who: str) -> list[Response]:
        arguments = ACTIONS[action]
        if arguments and "imageRef" in arguments:
            arguments = arguments | {"imageRef": self.image}
        return [self.act(self.id(name), action, arguments, who=who)]

    def _both(self, action: str) -> list[Response]:
        return [self.act(self.id(name), action) for name in NAMES]

    def _delete(self, name: str) -> list[Response]:
        return [self.ask("DELETE", f"/servers/{self.id(name)}")]

    def _metadata(self, name: str) -> list[Response]:
        return [self.ask("POST", f"/servers/{self.id(name)}/metadata", {"metadata": {"a": "b"}})]

    def _volume(self, size: str) -> list[Response]:
        return [self.ask("POST", self.volumes, {"volume": {"size": int(size)}}, service="volume")]

    def _attach(self, name: str) -> list[Response]:
        volumes = self.ask("GET", self.volumes, service="volume").body["volumes"]
        body = {"volumeAttachment": {"volumeId": volumes[0]["id"] if volumes else "x"}}
        return [self.ask("POST", f"/servers/{self.id(name)}/os-volume_attachments", body)]

    def _user(self, name: str) -> list[Response]:
        body = {"user": {"name": name, "password": "p"}}
        return [self.ask("POST", "/v3/users", body, "admin", service="identity")]

    def _advance(self, seconds: str) -> list[Response]:
        return [Response(0, clock.advance_clock(self.cloud, float(seconds)))]

    def _host(self, power: str) -> list[Response]:
        hosts.change_host(self.cloud, "host1", up=power == "up")
        return []

    def _option(self, value: str) -> list[Response]:
        options.set_option(self.cloud, "reclaim_instance_interval", value)
        return []

    def _fault(self, does: str) -> list[Response]:
        effect: dict[str, Any] = {"code": 503} if does == "refuse" else {"message": "broken"}
        faults.add_fault(self.cloud, action="stop", does=does, **effect)
        return []

    def id(self, name: str) -> str:
        found = [server for server in self.all(Server) if server.name == name and not server.deleted]
        return found[0].id if found else "00000000-0000-0000-0000-000000000000"


@settings(max_examples=WALKS, suppress_health_check=list(HealthCheck), deadline=None)
@given(walk=st.lists(commands, min_size=1, max_size=LENGTH), data=st.data())
def test_walks(walk, data):
    with tempfile.TemporaryDirectory() as folder:
        play = Walk(Path(folder) / "lab.json.record")
        befores: list[tuple[Command, bytes, list[Any]]] = []  # command, bytes before, what it printed
        for command in walk:
            before, steps = play.bytes(), _count_steps(play)
            printed = play.run(command)
            if _count_steps(play) > steps:
                befores.append((command, before, printed))
        assert find_gaps(play.cloud) == []
        if not befores:
            return
        count, final = data.draw(st.integers(1, len(befores))), play.bytes()
        play.move(undo, count)
        command, before, printed = befores[-count]
        assert play.bytes() == before
        play.move(redo, count)
        assert play.bytes() == final
        for _ in range(count):
            play.move(undo, 1)
        assert play.bytes() == before
        assert play.run(command) == printed
        if count < len(befores):
            play.move(undo, 2)
            assert play.bytes() == befores[-count - 1][1]
        else:
            play.move(undo, 1)
            assert play.bytes() == before
        assert find_gaps(play.cloud) == []


def _count_steps(play: Walk) -> int:
    return len(Steps(play.store.record.read()).done)

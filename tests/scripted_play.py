"""A small cloud for random tests, which records all accepted steps as a shell script."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from novasim.api.request import Response
from novasim.control import faults, guests, hosts
from novasim.errors import NovasimError
from novasim.lifecycle.actions import find_action
from novasim.records import Host, Server
from tests.play import Play

PREAMBLE = """\
export NOVASIM_CLOUD=play.json
novasim cloud init --seed 1
novasim clock set manual
novasim --as admin project create other
novasim --as admin user create other --project other
novasim --as admin user create reader --project demo --role reader"""
# The options of a command, for the arguments of an accepted request.
OPTIONS: dict[str, Any] = {
    "reboot": lambda arguments: ["--hard" if arguments["type"] == "HARD" else "--soft"],
    "resize": lambda arguments: ["--flavor", arguments["flavorRef"]],
    "rebuild": lambda arguments: ["--image", "cirros"],
    "lock": lambda arguments: ["--reason", arguments["locked_reason"]] if arguments else [],
    "changePassword": lambda arguments: ["--password", arguments["adminPass"]],
    "createImage": lambda arguments: [arguments["name"]],
    "createBackup": lambda arguments: [
        arguments["name"],
        "--type",
        arguments["backup_type"],
        "--rotation",
        str(arguments["rotation"]),
    ],
    "os-resetState": lambda arguments: ["--state", arguments["state"]],
    "addSecurityGroup": lambda arguments: [arguments["name"]],
    "removeSecurityGroup": lambda arguments: [arguments["name"]],
    "addFloatingIp": lambda arguments: [arguments["address"]],
    "removeFloatingIp": lambda arguments: [arguments["address"]],
}
COMMANDS = {"hard-reboot": "reboot", "console-url-vnc": "console-url"}


def _placement_options(arguments: Any) -> list[str]:
    values = {name: (arguments or {}).get(name) for name in ("host", "availability_zone")}
    return [f"--{name.replace('_', '-')}={value}" for name, value in values.items() if value]


class ScriptedPlay(Play):
    """
    A play that records accepted steps as commands. Refused steps change nothing and are not recorded.

    Args:
        options: Nova's options of the cloud.
    """

    def __init__(self, **options: Any) -> None:
        # The jitter depends on ids, and the servers of the script have others.
        options = {"duration_jitter": 0.0, **options}
        super().__init__("manual", **options)
        self.lines = [PREAMBLE, *(f"novasim config set {name} {value}" for name, value in options.items())]
        self.names: list[str] = []
        self.ids: list[str] = []

    @property
    def script(self) -> str:
        """The recorded steps as a shell script."""
        return "\n".join(self.lines)

    @contextmanager
    def show_script_on_failure(self) -> Iterator[None]:
        """Add the script to the message of an AssertionError."""
        try:
            yield
        except AssertionError as error:
            raise AssertionError(f"{error}\n\nThis leads there:\n\n{self.script}\n") from error

    def send(self, method: str, path: str, body: Any, who: str, minor: int = 96) -> Response:
        """Send a request. It must not answer 5xx, and a refusal must change nothing."""
        before = self._content()
        answer = self.ask(method, path, body, who, minor)
        assert answer.code < 500, answer
        if answer.code >= 400:
            assert self._content() == before
            (name,) = answer.body
            assert answer.body[name]["message"]
        return answer

    def _content(self) -> bytes:
        """All documents; `dump` would take five times as long."""
        return orjson.dumps(self.store.revision().tables)

    def create_server(self, who: str = "demo", flavor: str = "1", name: str | None = None) -> None:
        """Create a server with a unique name, or with one that may be refused."""
        name = f"s{len(self.ids)}" if name is None else name
        body = {"name": name, "flavorRef": flavor, "imageRef": self.image, "networks": "auto"}
        answer = self.send("POST", "/servers", {"server": body}, who)
        if answer.code == 202:
            self.ids.append(answer.body["server"]["id"])
            self.names.append(name)
            self._record(who, "create", name, "--flavor", flavor, "--image", "cirros")

    def run_action(self, index: int, key: str, arguments: Any, who: str, minor: int) -> None:
        """Run an action on one of the servers."""
        number = index % len(self.ids)
        answer = self.send("POST", f"/servers/{self.ids[number]}/action", {key: arguments}, who, minor)
        if answer.code < 400:
            action = find_action(key, arguments)
            command = COMMANDS.get(action.name, action.name)
            words = OPTIONS[key](arguments) if key in OPTIONS else _placement_options(arguments)
            self._record(who, command, self.ids[number], *words, minor=minor)

    def delete_server(self, index: int, who: str) -> None:
        """Delete one of the servers."""
        id = self.ids[index % len(self.ids)]
        if self.send("DELETE", f"/servers/{id}", None, who).code < 400:
            self._record(who, "delete", id)

    def set_metadata(self, index: int, who: str, value: str) -> None:
        """Set metadata of one of the servers."""
        id = self.ids[index % len(self.ids)]
        if self.send("POST", f"/servers/{id}/metadata", {"metadata": {"k": value}}, who).code < 400:
            self._record(who, "set", id, "--property", f"k={value}")

    def force_host_down(self, number: int, down: bool) -> None:
        """Force a host down, or remove that."""
        host = self._host(number)
        answer = self.send("PUT", f"/os-services/{host.service_id}", {"forced_down": down}, "admin")
        if answer.code < 400:
            self._record("admin", "service", "set", host.name, "--down" if down else "--up")

    def set_host_power(self, number: int, up: bool) -> None:
        """Switch a host on or off."""
        name = self._host(number).name
        hosts.change_host(self.cloud, name, up=up)
        self._record("admin", "host", "set", name, "--up" if up else "--down")

    def add_fault(self, **fault: Any) -> None:
        """Add a fault that is triggered once."""
        faults.add_fault(self.cloud, times=1, **fault)
        value = {"fail": "broken", "slow": "3", "refuse": "409"}.get(fault["does"])
        more = [part for name in ("action", "phase") if fault.get(name) for part in (f"--{name}", fault[name])]
        self._record("demo", "fault", "add", f"--{fault['does']}", *([value] if value else []), *more, "--times", "1")

    def clear_faults(self) -> None:
        """Remove all faults."""
        faults.clear_faults(self.cloud)
        self._record("demo", "fault", "clear")

    def apply_guest_event(self, index: int, what: str) -> None:
        """Make a guest shut down, crash or reboot, if it runs."""
        id = self.ids[index % len(self.ids)]
        try:
            guests.apply_guest_event(self.cloud, id, what)
        except NovasimError:
            return
        self._record("admin", "guest", id, what)

    def advance_clock(self, seconds: float) -> None:
        """Advance the clock."""
        self.advance(seconds)
        self.lines.append(f"novasim clock advance {seconds}")

    def list_statuses(self) -> dict[str, str]:
        """Return the status of each existing server by name."""
        with self.cloud.reading() as world:
            existing = {server.name for server in world.tx.query(Server) if not server.deleted}
        return {name: self.state(id)[0] for name, id in zip(self.names, self.ids, strict=True) if name in existing}

    def _host(self, number: int) -> Host:
        hosts: list[Host] = self.all(Host)
        return hosts[number - 1]

    def _record(self, who: str, *words: str, minor: int | None = None) -> None:
        named = [self.names[self.ids.index(word)] if word in self.ids else word for word in words]
        version = ["--api-version", f"2.{minor}"] if minor else []
        caller = [] if who == "demo" else ["--as", who]
        self.lines.append(shlex.join(["novasim", *caller, *version, *named]))

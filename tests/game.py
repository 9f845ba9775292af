"""A game with a small cloud; all that is done is also written down as the shell script that would do the same."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from novasim.api.request import Response
from novasim.control import faults, guests
from novasim.control import hosts as data_center
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
# The options of commands, from the arguments of requests that can be accepted.
OPTIONS: dict[str, Any] = {
    "reboot": lambda given: ["--hard" if given["type"] == "HARD" else "--soft"],
    "resize": lambda given: ["--flavor", given["flavorRef"]],
    "rebuild": lambda given: ["--image", "cirros"],
    "lock": lambda given: ["--reason", given["locked_reason"]] if given else [],
    "changePassword": lambda given: ["--password", given["adminPass"]],
    "createImage": lambda given: [given["name"]],
    "createBackup": lambda given: [given["name"], "--type", given["backup_type"], "--rotation", str(given["rotation"])],
    "os-resetState": lambda given: ["--state", given["state"]],
    "addSecurityGroup": lambda given: [given["name"]],
    "removeSecurityGroup": lambda given: [given["name"]],
    "addFloatingIp": lambda given: [given["address"]],
    "removeFloatingIp": lambda given: [given["address"]],
}
COMMANDS = {"hard-reboot": "reboot", "console-url-vnc": "console-url"}


def _placed(given: Any) -> list[str]:
    """Where something shall go, if that is said."""
    where = {name: (given or {}).get(name) for name in ("host", "availability_zone")}
    return [f"--{name.replace('_', '-')}={value}" for name, value in where.items() if value]


class Game(Play):
    """
    A play whose accepted steps are kept as commands; what is refused changes nothing and need not be repeated.

    Args:
        options: Nova's options of the cloud.
    """

    def __init__(self, **options: Any) -> None:
        options = {
            "duration_jitter": 0.0,
            **options,
        }  # the jitter hangs on ids, which the script's servers have of their own
        super().__init__("manual", **options)
        self.lines = [PREAMBLE, *(f"novasim config set {name} {value}" for name, value in options.items())]
        self.names: list[str] = []
        self.ids: list[str] = []

    @property
    def script(self) -> str:
        """What was done so far, for a shell."""
        return "\n".join(self.lines)

    @contextmanager
    def reproducible(self) -> Iterator[None]:
        """A failure inside is shown with the script that leads to it."""
        try:
            yield
        except AssertionError as error:
            raise AssertionError(f"{error}\n\nThis leads there:\n\n{self.script}\n") from error

    def judged(self, method: str, path: str, body: Any, who: str, minor: int = 96) -> Response:
        """Send a request: never a 5xx (but for a fault's), and a refusal changes nothing at all."""
        before = self.store.dump()
        answer = self.ask(method, path, body, who, minor)
        assert answer.code < 500, answer
        if answer.code >= 400:
            assert self.store.dump() == before
            (name,) = answer.body
            assert answer.body[name]["message"]
        return answer

    def make(self, who: str = "demo", flavor: str = "1", name: str | None = None) -> None:
        """A server with a name of its own (or one that may be refused)."""
        name = f"s{len(self.ids)}" if name is None else name
        body = {"name": name, "flavorRef": flavor, "imageRef": self.image, "networks": "auto"}
        answer = self.judged("POST", "/servers", {"server": body}, who)
        if answer.code == 202:
            self.ids.append(answer.body["server"]["id"])
            self.names.append(name)
            self._say(who, "create", name, "--flavor", flavor, "--image", "cirros")

    def request(self, which: int, key: str, arguments: Any, who: str, minor: int) -> None:
        """An action on one of the servers."""
        number = which % len(self.ids)
        answer = self.judged("POST", f"/servers/{self.ids[number]}/action", {key: arguments}, who, minor)
        if answer.code < 400:
            action = find_action(key, arguments)
            command = COMMANDS.get(action.name, action.name)
            words = (
                OPTIONS[key](arguments)
                if key in OPTIONS
                else [
                    f"--{name.replace('_', '-')}={value}"
                    for name, value in (arguments or {}).items()
                    if name in ("host", "availability_zone") and value
                ]
            )
            self._say(who, command, self.ids[number], *words, minor=minor)

    def remove(self, which: int, who: str) -> None:
        """Delete one of the servers."""
        id = self.ids[which % len(self.ids)]
        if self.judged("DELETE", f"/servers/{id}", None, who).code < 400:
            self._say(who, "delete", id)

    def label(self, which: int, who: str, value: str) -> None:
        """Give a server metadata."""
        id = self.ids[which % len(self.ids)]
        if self.judged("POST", f"/servers/{id}/metadata", {"metadata": {"k": value}}, who).code < 400:
            self._say(who, "set", id, "--property", f"k={value}")

    def host_is_forced(self, number: int, down: bool) -> None:
        """Tell Nova that a host is down, or up again."""
        host = self._host(number)
        answer = self.judged("PUT", f"/os-services/{host.service_id}", {"forced_down": down}, "admin")
        if answer.code < 400:
            self._say("admin", "service", "set", host.name, "--down" if down else "--up")

    def host_has_power(self, number: int, up: bool) -> None:
        """Switch a host on or off."""
        name = self._host(number).name
        data_center.change_host(self.cloud, name, up=up)
        self._say("admin", "host", "set", name, "--up" if up else "--down")

    def goes_wrong(self, **fault: Any) -> None:
        """Add a fault that strikes once."""
        faults.add_fault(self.cloud, times=1, **fault)
        value = {"fail": "broken", "slow": "3", "refuse": "409"}.get(fault["does"])
        more = [part for name in ("action", "phase") if fault.get(name) for part in (f"--{name}", fault[name])]
        self._say("demo", "fault", "add", f"--{fault['does']}", *([value] if value else []), *more, "--times", "1")

    def all_is_well(self) -> None:
        """Take the faults away."""
        faults.clear_faults(self.cloud)
        self._say("demo", "fault", "clear")

    def guest_acts(self, which: int, what: str) -> None:
        """Let a guest shut down, crash or reboot, if it runs."""
        id = self.ids[which % len(self.ids)]
        try:
            guests.apply_guest_event(self.cloud, id, what)
        except NovasimError:
            return
        self._say("admin", "guest", id, what)

    def time_goes_on(self, seconds: float) -> None:
        """Advance the clock."""
        self.advance(seconds)
        self.lines.append(f"novasim clock advance {seconds}")

    def statuses(self) -> dict[str, str]:
        """What each server that is there shows, by name."""
        with self.cloud.reading() as world:
            there = {server.name for server in world.tx.query(Server) if not server.deleted}
        return {name: self.state(id)[0] for name, id in zip(self.names, self.ids, strict=True) if name in there}

    def _host(self, number: int) -> Host:
        hosts: list[Host] = self.all(Host)
        return hosts[number - 1]

    def _say(self, who: str, *words: str, minor: int | None = None) -> None:
        named = [self.names[self.ids.index(word)] if word in self.ids else word for word in words]
        version = ["--api-version", f"2.{minor}"] if minor else []
        caller = [] if who == "demo" else ["--as", who]
        self.lines.append(shlex.join(["novasim", *caller, *version, *named]))

"""Commands that a computed hint may propose: for an action, all useful arguments, callers and microversions."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from itertools import product

from novasim.api.callers import find_caller
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.records import Flavor, FloatingIp, Image, Network, Port, SecurityGroup, Volume
from novasim.simulation.world import World
from novasim.teach.commands import COMMANDS
from novasim.teach.lessons.checks import Condition, Done, ImageExists, Refused, ServerIs, VolumeIs
from novasim.teach.lessons.commands import split_line
from novasim.teach.lessons.facts import METADATA, find_servers, first_server
from novasim.teach.lessons.lesson import Command, Lesson
from novasim.teach.rights import allowed_roles

ADMIN = ("--as", "admin")
MEMBER = "member"  # the role of the default caller
REQUESTS = {  # actions without a command, and the path of their request
    "metadata-replace": "/metadata",
    "metadata-set-item": "/metadata",
    "tag-replace": "/tags",
    "tag-delete-all": "/tags",
}
USABLE = ("active",)  # statuses of images
ARGUMENTS_MATTER = (0, 400, 404)  # codes of responses that depend on the arguments


def to_command(words: tuple[str, ...]) -> Command:
    """A command from its words."""
    return Command(shlex.join(["novasim", *words]), words, 0)


def conditions_of(lesson: Lesson, server: str) -> list[Condition]:
    """The conditions that the goals have for a server."""
    checks = [goal.check for goal in lesson.goals]
    return [
        each for check in checks if isinstance(check, ServerIs) and check.server == server for each in check.conditions
    ]


def wanted_values(lesson: Lesson, server: str, key: str) -> list[str]:
    """The values that the goals want a server to have for a key."""
    found = [each for each in conditions_of(lesson, server) if each.key == key and not each.negated]
    return [value for each in found for value in each.values if value]


class Proposals:
    """
    Proposes commands for the goals of a lesson.

    Args:
        waits: Whether commands wait until their actions have ended: not under a manual clock.
    """

    def __init__(self, lesson: Lesson, world: World, waits: bool) -> None:
        self.lesson, self.world, self.waits = lesson, world, waits

    def for_action(self, action: Action, server: str, code: int = 0, oldest: bool = False) -> Iterator[Command]:
        """
        Commands that request an action on a server.

        Args:
            code: The code of the refusal that is wanted; 0 if the action is to be accepted.
            oldest: Whether to request it at the oldest microversion that has it.
        """
        if action.name in REQUESTS:
            yield self._request(action, server)
            return
        template = COMMANDS.get(action.name, f"{action.name} {{}}").split()
        if not template:
            return
        operands = [[server] if word == "{}" else self._values(word, server, action, code) for word in template]
        if not all(operands):
            return
        version = ("--api-version", f"2.{action.since}") if oldest else ()
        for prefix in self._prefixes(action, server, code):
            matters = code in ARGUMENTS_MATTER and action.name != "create"
            for words in product(*operands) if matters else (tuple(each[0] for each in operands),):
                yield to_command((*prefix, *version, *words, *self._more(action, server, code)))

    def _request(self, action: Action, server: str) -> Command:
        """The request of an action that has no command."""
        found = first_server(self.world, server)
        wanted = dict(item.split("=", 1) for item in self._items(server)[:1])
        metadata = {**(found.metadata if found else {}), **wanted}
        key = next(iter(metadata), "role")
        bodies = {"metadata": {"metadata": metadata}, "tags": {"tags": wanted_values(self.lesson, server, "tag")}}
        path, body = REQUESTS[action.name], bodies.get(REQUESTS[action.name].rpartition("/")[2])
        if action.name == "metadata-set-item":
            path, body = f"{path}/{key}", {"meta": {key: metadata.get(key, "web")}}
        given = f" {shlex.quote(json.dumps(body))}" if body and action.method != "DELETE" else ""
        server_id = f"$(novasim show {shlex.quote(server)} -f value -c id)"
        line = f"novasim request {action.method} /servers/{server_id}{path}{given}"
        return Command(line, tuple(split_line(line)), 0)

    def _prefixes(self, action: Action, server: str, code: int) -> list[tuple[str, ...]]:
        """The global options: the caller, and the microversion if the action has limits."""
        if action.name.startswith("console-url-"):
            return [()]
        is_for_admins = MEMBER not in allowed_roles(action) or self._is_foreign(server)
        versions: list[tuple[str, ...]] = [()]
        if code == 404:
            minors = [minor for minor in (action.until + 1, action.since - 1) if 1 <= minor <= NEWEST]
            versions = [*(("--api-version", f"2.{minor}") for minor in minors), ()]
        callers: list[tuple[str, ...]] = [()] if code == 403 or not is_for_admins else [ADMIN]
        return [(*caller, *version) for version in versions for caller in callers]

    def _is_foreign(self, name: str) -> bool:
        """Whether a server belongs to another project than that of the default caller."""
        server = first_server(self.world, name)
        return server is not None and server.project_id != find_caller(self.world.tx, "demo").project_id

    def _more(self, action: Action, server: str, code: int) -> list[str]:
        """Options after the operands."""
        more: list[str] = []
        if action.name == "lock" and (reasons := wanted_values(self.lesson, server, "locked_reason")):
            more += ["--reason", reasons[0]]
        elif action.name == "lock" and any(each.key == "locked_reason" for each in conditions_of(self.lesson, server)):
            more += ["--reason", "maintenance"]
        if action.name == "change-password":
            more += ["--password", "secret"]
        if action.name == "rebuild" and (images := wanted_values(self.lesson, server, "image")):
            more += ["--image", images[0]]
        if not action.is_instant and self.waits and not code and action.acts_on_server:
            more += ["--wait"]
        return [*more, "--wait"] if action.name == "create" and self.waits and not code else more

    def _values(self, word: str, server: str, action: Action, code: int) -> list[str]:
        """The values of an operand such as FLAVOR, the best first; a word in lower case stays as it is."""
        if not word.isupper() and word not in ("KEY=VALUE",):
            return [word]
        finders = {
            "FLAVOR": lambda: self._flavors(server, code),
            "IMAGE": lambda: [self._image(server)],
            "NAME": lambda: self._names(action, server),
            "ADDRESS": lambda: self._addresses(server, action),
            "NETWORK": lambda: [each.name for each in self.world.tx.query(Network) if not each.external],
            "GROUP": lambda: self._groups(server),
            "VOLUME": lambda: self._volumes(server),
            "PORT": lambda: [port.id for port in self._ports(server)],
            "KEY=VALUE": lambda: self._items(server),
            "KEY": lambda: [item.partition("=")[0] for item in self._items(server)],
            "TAG": lambda: [*wanted_values(self.lesson, server, "tag"), *self._tags(server), "blue"],
        }
        return list(dict.fromkeys(finders[word]())) if word in finders else [word]

    def _flavors(self, server: str, code: int) -> list[str]:
        """The wanted flavors, and then the others by size."""
        present = [str(each.flavor.get("name")) for each in find_servers(self.world, server)]
        known = [each.name for each in sorted(self.world.tx.query(Flavor), key=lambda flavor: flavor.ram)]
        wanted = [name for name in wanted_values(self.lesson, server, "flavor") if name not in present]
        others = [name for name in known if name not in (*present, *wanted)]
        return [*wanted, *others, *(present if code else [])]

    def _image(self, server: str) -> str:
        wanted = wanted_values(self.lesson, server, "image")
        known = [image.name or image.id for image in self.world.tx.query(Image) if image.status in USABLE]
        return next((name for name in [*wanted, *known] if name in known), "cirros")

    def _names(self, action: Action, server: str) -> list[str]:
        """Names for a new image, or a new name of the server."""
        if action.name == "set":
            return [server]
        goals = [goal.check for goal in self.lesson.goals]
        known = {image.name for image in self.world.tx.query(Image)}
        wanted = [each.image for each in goals if isinstance(each, ImageExists) and not each.absent]
        return [*(name for name in wanted if name not in known), f"{server}-copy-{len(known)}"]

    def _addresses(self, server: str, action: Action) -> list[str]:
        if action.name in ("add-floating-ip", "remove-floating-ip"):
            return [each.address for each in self.world.tx.query(FloatingIp)]
        return [each["ip_address"] for port in self._ports(server) for each in port.fixed_ips]

    def _groups(self, server: str) -> list[str]:
        known = [group.name for group in self.world.tx.query(SecurityGroup)]
        return [*wanted_values(self.lesson, server, "group"), *(name for name in known if name != "default"), "default"]

    def _volumes(self, server: str) -> list[str]:
        goals = [goal.check for goal in self.lesson.goals]
        named = [each.volume for each in goals if isinstance(each, VolumeIs)]
        return [*named, *(volume.name or volume.id for volume in self.world.tx.query(Volume))]

    def _ports(self, server: str) -> list[Port]:
        return [
            port
            for each in find_servers(self.world, server)
            for port in self.world.tx.query(Port, {"device_id": each.id})
        ]

    def _items(self, server: str) -> list[str]:
        found = conditions_of(self.lesson, server)
        wanted = [each for each in found if each.key.startswith(METADATA) and not each.negated]
        items = [f"{each.key.removeprefix(METADATA)}={each.values[0]}" for each in wanted]
        present = [key for each in find_servers(self.world, server) for key in each.metadata]
        return [*items, *(f"{key}=other" for key in present), "role=web"]

    def _tags(self, server: str) -> list[str]:
        return [tag for each in find_servers(self.world, server) for tag in each.tags]


def servers_of(lesson: Lesson) -> list[str]:
    """The servers that the goals name, in order."""
    names = [getattr(goal.check, "server", "") for goal in lesson.goals]
    return [name for name in dict.fromkeys(names) if name]


def actions_of(lesson: Lesson, server: str) -> list[Action]:
    """The actions that the goals name for a server."""
    named: list[str] = []
    for goal in lesson.goals:
        match goal.check:
            case Done(name, actions) if name == server:
                named += actions
            case Refused(name, action) if name == server:
                named.append(action)
    return [ACTIONS[name] for name in dict.fromkeys(named)]

"""A simulated cloud in a Python program: the same door as the commands, with names instead of ids."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any

from novasim import cloud as unit
from novasim.administration import make_cloud, read_scenario, set_clock
from novasim.api import microversions
from novasim.api.callers import caller_named
from novasim.api.door import handle
from novasim.api.request import Request, Response
from novasim.errors import NotFound
from novasim.library.clock import Clock
from novasim.library.servers import Servers
from novasim.records import Caller
from novasim.store.memory import MemoryStore
from novasim.worlds import open_cloud

Query = Iterable[tuple[str, str]]


class Cloud:
    """
    A cloud, seen by one caller. Make one with `Cloud.open` or `Cloud.in_memory`.

    Every method that asks for something raises a `NovaFault` (novasim.errors) if it is refused; it has the HTTP code
    as `http`, Nova's name for it as `fault`, and the reason as its text. A refusal changes nothing.
    """

    def __init__(self, world: unit.Cloud, who: str = "demo") -> None:
        self.world = world
        self.who = who
        self.clock = Clock(world)
        self.servers = Servers(self)

    @classmethod
    def open(cls, path: str | PathLike[str], who: str = "demo") -> Cloud:
        """
        The cloud in a file; a file that is not there is made, with the ready-made world.

        Args:
            who: USER or USER@PROJECT.

        Raises:
            CloudFileError: the file cannot be used.
        """
        return cls(open_cloud(path), who)

    @classmethod
    def in_memory(
        cls, clock: str = "instant", seed: int = 0, hosts: int = 3, scenario: str | PathLike[str] | None = None
    ) -> Cloud:
        """
        A new cloud that ends with the program.

        Args:
            clock: real, manual or instant.
            seed: the same seed and the same calls give the same ids, addresses and times.
            hosts: how many compute hosts. scenario: a YAML file that describes another world (see novasim-scenario(5)).

        Raises:
            UsageError: figures or a scenario that make no sense.
        """
        store = MemoryStore()
        make_cloud(store, hosts, False, seed, read_scenario(str(scenario)) if scenario else None)
        world = unit.Cloud(store)
        set_clock(world, clock)
        return cls(world)

    def as_(self, who: str) -> Cloud:
        """The same cloud, seen by another caller: USER or USER@PROJECT."""
        return Cloud(self.world, who)

    @property
    def caller(self) -> Caller:
        """Who asks: ids and roles."""
        with self.world.reading() as world:
            return caller_named(world.tx, self.who)

    def request(
        self, method: str, path: str, body: Any = None, query: Query = (), version: str = "latest",
        service: str = "compute",
    ) -> Response:  # fmt: skip
        """
        Any request of the API.

        Args:
            path: Below the service's root, such as /servers/detail. version: the compute microversion.
            service: compute, identity, image, network, placement or volume.

        Returns:
            code, headers and body of the answer.

        Raises:
            NovaFault: it was refused.
        """
        minor = microversions.parse(version)
        response = handle(self.world, Request(self.caller, method, path, minor, tuple(query), body, service))
        if response.fault:
            raise response.fault
        return response

    def id_of(self, kind: str, name: str) -> str:
        """
        The id of a flavor, image, network, volume or keypair that is known by name or id.

        Raises:
            NotFound: there is none, or there are several.
        """
        service, path, key = LISTS[kind]
        things = self.request("GET", path.format(project=self.caller.project_id), service=service).body[key]
        found = [each["id"] for each in things if each["id"] == name] or [
            each["id"] for each in things if each["name"] == name
        ]
        if len(found) != 1:
            raise NotFound(reason=f"There are {len(found) or 'no'} {kind}s {name!r}.")
        return str(found[0])


LISTS = {
    "flavor": ("compute", "/flavors", "flavors"),
    "image": ("image", "/v2/images", "images"),
    "network": ("network", "/v2.0/networks", "networks"),
    "server": ("compute", "/servers", "servers"),
    "volume": ("volume", "/v3/{project}/volumes", "volumes"),
}

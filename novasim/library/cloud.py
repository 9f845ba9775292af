"""A simulated cloud in a Python program: the same API as for the commands, with names instead of ids."""

from __future__ import annotations

from os import PathLike

from novasim import cloud as core_cloud
from novasim.control.clock import set_clock
from novasim.control.worlds import create_world, open_cloud, read_scenario
from novasim.library.client import Client
from novasim.library.clock import Clock
from novasim.library.faults import Faults
from novasim.library.servers import Servers
from novasim.store.memory import MemoryStore


class Cloud(Client):
    """
    A cloud, seen by one caller. Make one with `Cloud.open` or `Cloud.in_memory`.

    Every method that asks for something raises a `NovaFault` (novasim.errors) if it is refused; it has the HTTP code
    as `http`, Nova's name for it as `fault`, and the reason as its text. A refusal changes nothing.
    """

    def __init__(self, world: core_cloud.Cloud, who: str = "demo") -> None:
        super().__init__(world, who)
        self.clock = Clock(world)
        self.faults = Faults(world)
        self.servers = Servers(self)

    @classmethod
    def open(cls, path: str | PathLike[str], who: str = "demo") -> Cloud:
        """
        The cloud in a file; a file that is not there is made, with the default world.

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
        create_world(store, hosts, False, seed, read_scenario(str(scenario)) if scenario else None)
        world = core_cloud.Cloud(store)
        set_clock(world, clock)
        return cls(world)

    def as_(self, who: str) -> Cloud:
        """The same cloud, seen by another caller: USER or USER@PROJECT."""
        return Cloud(self.world, who)

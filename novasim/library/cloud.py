"""A simulated cloud in a Python program. Requests go to the same API as those of commands; names may replace ids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from os import PathLike
from typing import TYPE_CHECKING

from novasim import cloud as core_cloud
from novasim.control.clock import set_clock
from novasim.control.worlds import create_world, open_cloud
from novasim.library.client import Client
from novasim.library.clock import Clock
from novasim.library.config import Config
from novasim.library.faults import Faults
from novasim.library.hosts import Hosts
from novasim.library.quota import Quota
from novasim.library.request_log import RequestLog, log_requests
from novasim.library.servers import Servers
from novasim.store.memory import MemoryStore

if TYPE_CHECKING:
    from novasim.control.worlds import Builder


class Cloud(Client):
    """
    A cloud, as one caller sees it. Create it with `Cloud.open` or `Cloud.in_memory`.

    A method whose request is refused raises a `NovaFault` (novasim.errors). It has the HTTP code as `http`, Nova's name
    of the error as `fault`, and the reason as its text. A refusal changes nothing.
    """

    def __init__(self, world: core_cloud.Cloud, who: str = "demo") -> None:
        super().__init__(world, who)
        self.clock = Clock(world)
        self.config = Config(world)
        self.faults = Faults(world)
        self.hosts = Hosts(world)
        self.quota = Quota(self)
        self.servers = Servers(self)

    @classmethod
    def open(cls, path: str | PathLike[str], who: str = "demo") -> Cloud:
        """
        Open the cloud in a file. A missing file is created with the default world.

        Args:
            who: USER or USER@PROJECT.

        Raises:
            CloudFileError: the file cannot be read or written.
        """
        return cls(open_cloud(path), who)

    @classmethod
    def in_memory(
        cls, clock: str = "instant", seed: int = 0, hosts: int = 3, scenario: str | PathLike[str] | None = None
    ) -> Cloud:
        """
        Create a cloud that exists only in memory.

        Args:
            clock: real, manual, instant or stepping.
            seed: The same seed and the same calls give the same ids, addresses and times.
            hosts: The number of compute hosts.
            scenario: A YAML file that describes another cloud than the default (see novasim-scenario(5)).

        Raises:
            UsageError: *hosts* or the scenario is not valid.
        """
        store = MemoryStore()
        create_world(store, hosts, False, seed, _load_scenario(str(scenario)) if scenario else None)
        world = core_cloud.Cloud(store)
        set_clock(world, clock)
        return cls(world)

    def as_(self, who: str) -> Cloud:
        """The same cloud, as another caller sees it: USER or USER@PROJECT."""
        return Cloud(self.world, who)

    def log_requests(self) -> AbstractContextManager[RequestLog]:
        """Log all requests of clients to this cloud within the block: `with cloud.log_requests() as log:`."""
        return log_requests(self.world)

    def snapshot(self) -> object:
        """The present state, for `restore`."""
        return self.world.snapshot()

    def restore(self, snapshot: object) -> None:
        """
        Return to a state, with its time. Its servers, faults and options are as they were, and later ones are gone.

        Raises:
            UsageError: the cloud is in a store without snapshots.
        """
        self.world.restore(snapshot)

    @contextmanager
    def rollback(self) -> Iterator[Cloud]:
        """Return to the present state at the end of the block."""
        before = self.snapshot()
        try:
            yield self
        finally:
            self.restore(before)


def _load_scenario(path: str) -> Builder:
    from novasim.scenarios.builder import load_scenario

    return load_scenario(path)

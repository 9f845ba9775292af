"""What rules and effects may touch: the records, the time, the generator, the options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, TypeVar

from novasim.records import Record, Server, Settings, Task
from novasim.simulation.options import DEFAULTS
from novasim.simulation.seeded import Generator
from novasim.simulation.time.clock import format_time

R = TypeVar("R", bound=Record)


class Records(Protocol):
    """The part of a store transaction that the simulation needs."""

    def get(self, kind: type[R], id: str) -> R | None: ...
    def query(
        self,
        kind: type[R],
        where: Mapping[str, object] | None = None,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: str | None = None,
    ) -> list[R]: ...
    def count(self, kind: type[R], where: Mapping[str, object] | None = None) -> int: ...
    def due_before(self, time: float) -> list[Task]: ...
    def put(self, record: Record) -> None: ...
    def delete(self, record: Record) -> None: ...


class World:
    """
    The simulated cloud within one unit of work.

    Args:
        now: Simulated time in seconds since the epoch.
        request_id: The request served; with the cloud's seed it seeds `ids`.

    `cache` holds what was worked out once in this unit of work (the zone of each host, ...).
    """

    def __init__(self, tx: Records, settings: Settings, now: float, request_id: str = "") -> None:
        self.tx = tx
        self.settings = settings
        self._now = now
        self.looked_at_clock = False
        self.wall = 0.0  # the time of real life, in seconds since the epoch, for the few who need it
        self.happened = 0  # how much was due and has been applied
        self.cache: dict[str, Any] = {}
        self._told = (-1.0, "")
        self._purpose = request_id or f"request {settings.requests}"
        if request_id:
            self.request_id = request_id

    @property
    def now(self) -> float:
        """The simulated time; what is made of it is noted, since it holds for this moment only."""
        self.looked_at_clock = True
        return self._now

    @now.setter
    def now(self, moment: float) -> None:
        self._now = moment

    @cached_property
    def request_id(self) -> str:
        """The id of the request served, as answers and the log show it."""
        return "req-" + Generator(self.settings.seed, f"{self._purpose} id").uuid()

    @cached_property
    def ids(self) -> Generator:
        """Chance for this request alone; seeding costs, and many requests need none."""
        return Generator(self.settings.seed, self._purpose)

    @property
    def time(self) -> str:
        """The time now as records keep it."""
        self.looked_at_clock = True
        if self._told[0] != self._now:
            self._told = (self._now, format_time(self._now))
        return self._told[1]

    def option(self, name: str) -> Any:
        """The value of a Nova option: the cloud's own, else Nova's default."""
        return self.settings.options.get(name, DEFAULTS[name])

    def next_number(self, counter: str) -> int:
        """The next of a running number, from 1."""
        number = self.settings.counters.get(counter, 0) + 1
        self.settings.counters[counter] = number
        self.tx.put(self.settings)
        return number

    def schedule(self, task: Task) -> None:
        """Save a task, new or changed, so that settling comes to it at the end of its present phase."""
        self.tx.put(task)
        self.look_again(task.ends[task.position])

    def look_again(self, moment: float = 0.0) -> None:
        """Note that something may be due at *moment* (seconds since the epoch), or at any time."""
        if moment < self.settings.quiet_until:
            self.settings.quiet_until = moment
            self.tx.put(self.settings)

    def touch(self, server: Server) -> None:
        """Save a changed server with the time of the change."""
        server.updated_at = self.time
        self.tx.put(server)

    def at(self, moment: float, request_id: str, purpose: str) -> World:
        """This world at an earlier or the same moment, with a generator of its own for *purpose*."""
        other = World(self.tx, self.settings, moment, request_id)
        other.cache = self.cache
        other._purpose = f"{request_id} {purpose}"
        return other

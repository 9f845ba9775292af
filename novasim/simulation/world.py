"""The simulated cloud as rules and effects see it: records, time, random generator and options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any, Protocol, TypeVar, cast

from novasim.records import Aggregate, Fault, Host, Record, Server, Settings, Task
from novasim.simulation.options import DEFAULTS
from novasim.simulation.seeded import Generator
from novasim.simulation.time.clock import format_time

R = TypeVar("R", bound=Record)


class Records(Protocol):
    """The part of a store transaction that the simulation needs."""

    reads_pages: bool

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
    def materialized_views(self) -> AbstractContextManager[Any]: ...
    def changes(self) -> list[Any]: ...
    def put(self, record: Record) -> None: ...
    def expect_new(self, id: str) -> None: ...
    def delete(self, record: Record) -> None: ...


class TransitionRecorder(Protocol):
    """Collects what happens while tasks are applied: `find_state` is called before each task, `record` after it."""

    def find_state(self, world: World, task: Task) -> Any: ...
    def record(self, world: World, moment: float, task: Task, before: Any) -> None: ...


class Lookups:
    """
    Results of queries that one unit of work needs many times. None: not yet queried.

    `filters` has the scheduler's active filters by name. `hosts_by_load` is its heap of (load, number, host). `related`
    has the results of queries for records that belong to another one, by kind, field and value.
    `shared_jitter` has the factors of the phases of tasks that have the same; see time/durations.py.
    """

    def __init__(self) -> None:
        self.aggregates: list[Aggregate] | None = None
        self.faults: list[Fault] | None = None
        self.filters: dict[str, Callable[..., bool]] | None = None
        self.hosts: list[Host] | None = None
        self.hosts_by_load: list[tuple[float, int, Host]] | None = None
        self.related: dict[tuple[type[Record], str, str], Sequence[Record]] = {}
        self.shared_jitter: list[float] | None = None
        self.zone_by_host: dict[str, str] | None = None

    def forget_aggregates(self) -> None:
        """Drop what depends on aggregates, after one of them has changed."""
        self.aggregates = self.zone_by_host = None


class World:
    """
    The simulated cloud within one unit of work.

    Args:
        now: Simulated time in seconds since the epoch.
        request_id: The request being served. Together with the cloud's seed it seeds `ids`.

    Attributes:
        wall_time: Real time in seconds since the epoch, for the expiry of tokens.
        cloud_name: Among the clouds of a server, to which tokens belong; "" for the only one.
        applied_tasks: How many tasks and timers were due and have been applied.
        recorders: Collect what happens to servers while tasks are applied.
        started: The actions that were started, each with its server's id.
        code: The HTTP code of the response to the request being served; 0 if that is unknown.
        new_timers: Ids of timers set since the last task was applied; settling checks them next.
    """

    wall_time = 0.0
    cloud_name = ""
    applied_tasks = 0
    code = 0
    _formatted = (-1.0, "")

    def __init__(
        self, tx: Records, settings: Settings, now: float, request_id: str = "", lookups: Lookups | None = None
    ) -> None:
        self.tx = tx
        self.settings = settings
        self.recorders: list[TransitionRecorder] = []
        self.started: list[tuple[str, str]] = []
        self.new_timers: list[str] = []
        self.lookups = lookups or Lookups()
        self.now = now
        self._purpose = request_id or f"request {settings.requests}"
        if request_id:
            self.request_id = request_id

    @cached_property
    def request_id(self) -> str:
        """The id of the request being served, as responses and the instance-action log show it."""
        return "req-" + Generator(self.settings.seed, f"{self._purpose} id").uuid()

    @cached_property
    def ids(self) -> Generator:
        """The random generator of this request. It is created when needed, since seeding takes time."""
        return Generator(self.settings.seed, self._purpose)

    @property
    def time(self) -> str:
        """Current simulated time as in records (ISO 8601)."""
        if self._formatted[0] != self.now:
            self._formatted = (self.now, format_time(self.now))
        return self._formatted[1]

    def new_id(self) -> str:
        """A new id for a record whose table has only such ids. Stores do not look it up."""
        if self.ids.has_presets():
            return self.ids.uuid()
        id = self.ids.uuid()
        self.tx.expect_new(id)
        return id

    def option(self, name: str) -> Any:
        """The value of one of Nova's options in this cloud, or else its default."""
        return self.settings.options.get(name, DEFAULTS[name])

    def allocate_number(self, counter: str) -> int:
        """Increment a counter of the cloud and return its value; the first is 1."""
        number = self.settings.counters.get(counter, 0) + 1
        self.settings.counters[counter] = number
        self.tx.put(self.settings)
        return number

    def schedule(self, task: Task) -> None:
        """Save a new or changed task, so that it is applied when its current phase ends."""
        self.tx.put(task)
        self.schedule_check(task.ends[task.position])

    def schedule_check(self, moment: float = 0.0) -> None:
        """Make sure that due tasks are looked for at *moment* (seconds since the epoch); by default, at once."""
        if moment < self.settings.next_due_at:
            self.settings.next_due_at = moment
            self.tx.put(self.settings)

    def touch(self, server: Server) -> None:
        """Save a changed server and its time of change."""
        server.updated_at = self.time
        self.tx.put(server)

    def at(self, moment: float, request_id: str, purpose: str) -> World:
        """The same world at an earlier or the same moment, with its own generator for *purpose*."""
        other = World(self.tx, self.settings, moment, request_id, self.lookups)
        other.new_timers = self.new_timers
        other._purpose = f"{request_id} {purpose}"
        return other

    def query_related(self, kind: type[R], field: str, value: str) -> list[R]:
        """
        Query the records of a kind by a field. The result is kept until tasks are applied the next time.

        Tasks must not add or delete records of the kind, nor may a request do so after it has called this.
        """
        key = (kind, field, value)
        if key not in self.lookups.related:
            self.lookups.related[key] = self.tx.query(kind, {field: value})
        return cast("list[R]", self.lookups.related[key])

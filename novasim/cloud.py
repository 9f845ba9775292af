"""A cloud in a store, and its units of work: open, settle, change, save."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from novasim.errors import UsageError
from novasim.records import Settings
from novasim.simulation.time import clock
from novasim.simulation.time.settle import find_next_due, settle
from novasim.simulation.world import Records, World
from novasim.store.errors import damaged, missing

if TYPE_CHECKING:
    from novasim.store.base import Store, Transaction


class Horizon(NamedTuple):
    """
    How long a snapshot stays valid.

    Args:
        revision: Of the stored world, as `store.base.Store.revision` returns it.
        since: Wall time at which it was determined, in seconds since the epoch.
        until: Wall time at which the next task or timer is due.
        unsaved: Whether tasks have become due since the world was stored.
    """

    revision: object
    since: float
    until: float
    unsaved: bool


class Cloud:
    """
    A simulated cloud in a store.

    Args:
        wall: Returns the wall time in seconds since the epoch; tests pass their own.

    Attributes:
        states: Snapshots by name, which exist as long as the process.
    """

    def __init__(self, store: Store, wall: Callable[[], float] = clock.wall) -> None:
        self.store = store
        self.wall = wall
        self.states: dict[str, object] = {}
        self._clock = clock.Clock()
        self._horizon = Horizon(None, math.inf, -math.inf, False)

    @contextmanager
    def reading(self, is_request: bool = False) -> Iterator[World]:
        """
        The settled world as it is now. Nothing is saved.

        Args:
            is_request: Whether this is a request to Nova, which moves the stepping clock.
        """
        with self.store.read() as tx:
            yield self._open_world(tx, is_request)

    @contextmanager
    def writing(self, is_request: bool = True) -> Iterator[World]:
        """
        The settled world as it is now, saved with all changes on a clean exit, untouched on an exception.

        Args:
            is_request: Whether this is a request to Nova, which advances the request number, starts a seeded cloud's
                clock and moves the stepping clock. False for administrative changes of the simulation.
        """
        with self.store.write() as tx:
            world = self._open_world(tx, is_request)
            yield world
            if is_request:
                self._finish_request(world)
            if is_request or tx.changes():
                world.settings.latest = max(world.settings.latest, world.now)
                world.tx.put(world.settings)

    @contextmanager
    def transaction(self, writes: bool) -> Iterator[Cloud]:
        """
        A cloud whose units of work form one transaction: all of them are saved on a clean exit, or nothing is.

        Args:
            writes: Whether to save. Without it, all units of work see the same snapshot.
        """
        with self.store.write() if writes else self.store.read() as tx:
            yield self._nest(NestedStore(tx))

    @contextmanager
    def batch(self) -> Iterator[Cloud]:
        """A cloud whose units of work succeed or fail separately, and are saved together on a clean exit."""
        with self.store.batch() as store:
            yield self._nest(store)

    def _nest(self, store: Store) -> Cloud:
        cloud = Cloud(store, self.wall)
        cloud._clock, cloud.states = self._clock, self.states
        return cloud

    def snapshot(self) -> object:
        """The present state, for `restore`. What the stepping clock keeps in memory is saved first."""
        with self.writing(is_request=False):
            pass
        return self.store.revision()

    def restore(self, snapshot: object) -> None:
        """
        Return to a state that `snapshot` returned; the time is that of the state.

        Raises:
            UsageError: the cloud is in a store without snapshots.
        """
        from novasim.store.snapshots import SnapshotStore
        from novasim.store.transaction import Snapshot

        if not isinstance(self.store, SnapshotStore) or not isinstance(snapshot, Snapshot):
            raise UsageError("The store of this cloud cannot return to a snapshot.")
        self.store.restore(snapshot)
        self._clock.reset()

    def horizon(self) -> Horizon:
        """How long the present state stays valid. The result is the same object until the state changes."""
        revision = self.store.revision()
        if revision is not self._horizon.revision or not self._horizon.since <= self.wall() < self._horizon.until:
            self._horizon = self._look_ahead(revision)
        return self._horizon

    def _look_ahead(self, revision: object) -> Horizon:
        with self.reading() as world:
            moment, settings = find_next_due(world), world.settings
            mode = clock.get_mode(settings)
            if mode == clock.STEPPING:
                is_final = _find_next_step(world) is None
                return Horizon(revision, world.wall_time, math.inf if is_final else -math.inf, False)
            until = math.inf if moment is None else clock.get_wall_time(settings, moment, mode)
            return Horizon(revision, world.wall_time, until, world.applied_tasks > 0)

    def _open_world(self, tx: Records, is_request: bool = False) -> World:
        settings = tx.get(Settings, "cloud")
        if settings is None:
            path = getattr(self.store, "path", "(in memory)")
            raise damaged(path, "it has no settings of the cloud") if self.store.exists() else missing(path)
        mode = clock.get_mode(settings)
        wall = self.wall()
        world = World(tx, settings, self._clock.read(settings, wall, mode))
        world.wall_time = wall
        self._settle(world, mode)
        if is_request and mode == clock.STEPPING:
            self._step(world)
        return world

    def _step(self, world: World) -> None:
        moment = _find_next_step(world)
        if moment is not None:
            world.now = moment
            self._settle(world, clock.STEPPING)
            self._clock.step(moment)

    def _finish_request(self, world: World) -> None:
        settings, mode = world.settings, clock.get_mode(world.settings)
        settings.requests += 1
        self._settle(world, mode)
        clock.keep_time(settings, world.now, self.wall(), mode)

    def _settle(self, world: World, mode: str) -> None:
        world.now = settle(world, until_idle=mode == "instant")


def _find_next_step(world: World) -> float | None:
    from novasim.simulation.time.steps import find_next_step

    return find_next_step(world)


class NestedStore:
    """A store over a transaction of another store, which saves or drops everything done here."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def exists(self) -> bool:
        return True

    def revision(self) -> object:
        return object()  # it may change at any time

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        yield self._tx

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        yield self._tx

    @contextmanager
    def batch(self) -> Iterator[NestedStore]:
        yield self

"""The unit of work: open, settle, act, save."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from novasim.errors import CloudFileError
from novasim.records import Settings
from novasim.simulation.time import clock
from novasim.simulation.time.settle import next_due, settle
from novasim.simulation.world import Records, World
from novasim.store.base import Store, Transaction


class Horizon(NamedTuple):
    """
    How far one can see.

    Args:
        revision: Of the stored world. until: the wall time of what happens next of itself, in seconds since the epoch.
        unsaved: Whether something has happened since the world was stored.
    """

    revision: object
    until: float
    unsaved: bool


class Cloud:
    """
    A simulated cloud in a store.

    Args:
        wall: Where real time comes from, in seconds since the epoch; tests give their own.
    """

    def __init__(self, store: Store, wall: Callable[[], float] = clock.wall) -> None:
        self.store = store
        self.wall = wall
        self._horizon = Horizon(None, -math.inf, False)

    @contextmanager
    def reading(self) -> Iterator[World]:
        """The world as it is now. Nothing is saved, what was due is applied in passing."""
        with self.store.read() as tx:
            yield self._settled(tx)

    @contextmanager
    def writing(self, counts: bool = True) -> Iterator[World]:
        """
        The world as it is now, saved with all changes on a clean exit, untouched on an exception.

        Args:
            counts: Whether this is a request to Nova, after which time goes on and the next one has another
                number; changes of the simulation itself are none.
        """
        with self.store.write() as tx:
            world = self._settled(tx)
            yield world
            if counts:
                self._finish(world)

    @contextmanager
    def together(self, writes: bool) -> Iterator[Cloud]:
        """
        Several units of work as one, all of it or nothing: a cloud whose every change is saved at the end.

        Args:
            writes: Whether anything shall be saved; without, it is one consistent look at the world.
        """
        with self.store.write() if writes else self.store.read() as tx:
            yield Cloud(Within(tx), self.wall)

    @contextmanager
    def batch(self) -> Iterator[Cloud]:
        """Several units of work, each all or nothing on its own, and saved at once: a cloud for just that."""
        with self.store.batch() as store:
            yield Cloud(store, self.wall)

    def horizon(self) -> Horizon:
        """How long the world stays as it is now; the same object for as long as that is so."""
        revision = self.store.revision()
        if revision is not self._horizon.revision or self.wall() >= self._horizon.until:
            self._horizon = self._look_ahead(revision)
        return self._horizon

    def _look_ahead(self, revision: object) -> Horizon:
        with self.reading() as world:
            moment, settings = next_due(world), world.settings
            until = math.inf if moment is None else clock.wall_of(settings, moment, clock.mode_of(settings))
            return Horizon(revision, until, world.happened > 0)

    def _settled(self, tx: Records) -> World:
        settings = tx.get(Settings, "cloud")
        if settings is None:
            raise CloudFileError("The cloud has no settings record; see 'novasim cloud check'.")
        mode = clock.mode_of(settings)
        wall = self.wall()
        world = World(tx, settings, clock.now(settings, wall, mode))
        world.wall = wall
        self._settle(world, mode)
        world.looked_at_clock = False
        return world

    def _finish(self, world: World) -> None:
        settings, mode = world.settings, clock.mode_of(world.settings)
        settings.requests += 1
        self._settle(world, mode)
        if mode == "instant" or settings.wall_anchor is None:
            clock.anchor(settings, world.now, self.wall())
        world.tx.put(settings)

    def _settle(self, world: World, mode: str) -> None:
        world.now = settle(world, until_idle=mode == "instant")


class Within:
    """A store inside a transaction of another one: what is done here is part of that, and ends with it."""

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
    def batch(self) -> Iterator[Within]:
        yield self

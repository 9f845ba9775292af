"""A cloud in a store, and its units of work: open, settle, change, save."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from novasim.errors import CloudFileError, NovaFault, UsageError
from novasim.records import Settings
from novasim.records.caller import PYTHON, Origin
from novasim.records.cloud import FORMAT
from novasim.simulation.time import clock
from novasim.simulation.time.settle import Horizon, find_next_due, settle
from novasim.simulation.world import Records, World
from novasim.store.errors import unusable_settings

if TYPE_CHECKING:
    from novasim.recorder.recorder import Recorder
    from novasim.recorder.unit import ApiRequest, Unit
    from novasim.store.base import OnSaved, Store


class Cloud:
    """
    A simulated cloud in a store.

    Args:
        wall: Returns the wall time in seconds since the epoch; tests pass their own.

    Attributes:
        name: Its name among the clouds of a server, to which its tokens belong; "" for the only one.
        states: Snapshots by name, which exist as long as the process.
        listeners: Called with each request to the API and its response.
        origin: Where its units of work come from, for the record.
        may_start_clock, may_step: Whether its callers may change a clock that somebody holds, and let it step.
        saves_before_reads: Whether a request that only reads may wait for other writers, to save events for the record.
    """

    def __init__(self, store: Store, wall: Callable[[], float] = clock.wall) -> None:
        self.store = store
        self.wall = wall
        self.name = ""
        self.states: dict[str, object] = {}
        self.listeners: list[Callable[[Any, Any], object]] = []
        self._clock = clock.Clock()
        self._horizon = Horizon(None, math.inf, -math.inf, False)
        self.origin = PYTHON
        self._step_name = ""  # of a command line, in the record
        self._outer: Recorder | None = None  # of the unit of work or batch in which this cloud is
        self.may_start_clock = self.may_step = True
        self.has_record = self.saves_before_reads = True  # a nested cloud has none, nor has one of the past

    @contextmanager
    def reading(self, is_request: bool = False, request: ApiRequest | None = None) -> Iterator[World]:
        """
        The settled world as it is now. Nothing is saved.

        Args:
            is_request: Whether this is a request to Nova, which moves the stepping clock.
            request: The request to the API. The record has it if it is an action of the action table.
        """
        recorder = self.open_recorder(is_read=True) if request else None
        if recorder and self.saves_before_reads:
            self._save_events(recorder)
        with self.store.read() as tx:
            world = self._open_world(tx, is_request)
            try:
                yield world
            except NovaFault as fault:
                if recorder and (unit := self._start_unit(recorder, request)).asks_for_action():
                    unit.refuse(world, fault)
                raise
            if recorder and world.started:
                self._start_unit(recorder, request).note(world)

    @contextmanager
    def writing(
        self, is_request: bool = True, request: ApiRequest | None = None, what: str = "", is_event: bool = False
    ) -> Iterator[World]:
        """
        The settled world as it is now, saved with all changes on a clean exit, untouched on an exception.

        Args:
            is_request: Whether this is a request to Nova, which advances the request number, starts a seeded cloud's
                clock and moves the stepping clock. False for administrative changes of the simulation.
            request: The request to the API, for the record.
            what: The command that changes the simulation, or what happens by itself, for the record.
            is_event: Whether it happens by itself.
        """
        recorder = self.open_recorder()
        unit = self._start_unit(recorder, request, what, is_event) if recorder else None
        with self._write(is_request, unit) as world:
            yield world

    @contextmanager
    def _write(self, is_request: bool, unit: Unit | None) -> Iterator[World]:
        with self.store.write(unit.save if unit else None) as tx:
            world = self._open_world(tx, is_request, unit, writes=True)
            try:
                yield world
            except NovaFault as fault:
                if unit:
                    unit.refuse(world, fault)
                raise
            if is_request:
                self._finish_request(world, unit)
            if is_request or tx.changes():
                world.settings.latest = max(world.settings.latest, world.now)
                world.tx.put(world.settings)
            if unit:
                unit.finish(world)

    def _save_events(self, recorder: Recorder) -> None:
        """Save what has happened by itself, which a request that only reads does not save."""
        if self.has_record and self.horizon().unsaved:
            with suppress(CloudFileError), self._write(False, self._start_unit(recorder, None, "settle", True)):
                pass

    def record_refusal(self, request: ApiRequest, fault: NovaFault) -> None:
        """Record a request that was refused before its unit of work began."""
        if recorder := self.open_recorder(is_read=request.method in ("GET", "HEAD")):
            unit = self._start_unit(recorder, request)
            if request.method not in ("GET", "HEAD") or unit.asks_for_action():
                unit.refuse(None, fault)

    @contextmanager
    def transaction(self, writes: bool) -> Iterator[Cloud]:
        """
        A cloud whose units of work form one transaction: all of them are saved on a clean exit, or nothing is.

        Args:
            writes: Whether to save. Without it, all units of work see the same snapshot.
        """
        from novasim.store.nested import NestedStore

        if not writes:
            with self.store.read() as tx:
                yield self._nest(NestedStore(tx), None)
            return
        with self._nest_recorder() as (nested, on_saved), self.store.write(on_saved) as tx:
            yield self._nest(NestedStore(tx), nested)

    @contextmanager
    def batch(self) -> Iterator[Cloud]:
        """A cloud whose units of work succeed or fail separately, and are saved together on a clean exit."""
        with self._nest_recorder() as (nested, on_saved), self.store.batch(on_saved) as store:
            yield self._nest(store, nested)

    def _nest(self, store: Store, recorder: Recorder | None) -> Cloud:
        cloud = Cloud(store, self.wall)
        cloud.name, cloud.states, cloud.listeners = self.name, self.states, self.listeners
        cloud._clock, cloud.may_start_clock, cloud.may_step = self._clock, self.may_start_clock, self.may_step
        cloud.origin, cloud._outer, cloud.has_record = self.origin, recorder, False
        return cloud

    def snapshot(self) -> object:
        """The present state, for `restore`. What the stepping clock keeps in memory is saved first."""
        self._save_time()
        if (take := getattr(self.store, "snapshot", None)) is None:
            raise UsageError("The store of this cloud cannot return to a snapshot.")
        return take()

    def _save_time(self) -> None:
        with self.writing(is_request=False, what="snapshot", is_event=True):
            pass

    def save_due(self) -> None:
        """Save what has happened by itself since the last save, and the time that the stepping clock has reached."""
        horizon = self.horizon()
        if horizon.unsaved or horizon.step:
            self._save_time()

    def restore(self, snapshot: object) -> None:
        """
        Return to a state that `snapshot` returned; the time is that of the state.

        Raises:
            UsageError: the cloud is in a store without snapshots.
        """
        from novasim.store.transaction import Snapshot

        restore = getattr(self.store, "restore", None)
        if restore is None or not isinstance(snapshot, Snapshot):
            raise UsageError("The store of this cloud cannot return to a snapshot.")
        if recorder := self.open_recorder():
            from novasim.recorder.replacement import record_replacement

            restore(snapshot, lambda old: record_replacement(recorder, old, self.store.tables(), self.wall()))
        else:
            restore(snapshot)
        self._clock.reset()

    @contextmanager
    def _nest_recorder(self) -> Iterator[tuple[Recorder | None, OnSaved]]:
        """A recorder for units of work that are saved together, and what writes its entries after that."""
        recorder = self.open_recorder()
        if recorder is None:
            yield None, None
            return
        nested = recorder.nest()
        try:
            yield nested, lambda: recorder.take_over(nested)
        except BaseException:
            recorder.take_over(nested, saved=False)
            raise

    def _start_unit(
        self, recorder: Recorder, request: ApiRequest | None, what: str = "", is_event: bool = False
    ) -> Unit:
        from novasim.recorder.unit import Unit

        return Unit(recorder, request, what, is_event, self.wall())

    def open_recorder(self, is_read: bool = False) -> Recorder | None:
        """The recorder of this cloud; None if no record is kept: then this is all that it costs. *is_read* as below."""
        if not self.has_record:
            return self._outer
        recorder = find_recorder(self.store, self.origin, self.wall(), self._step_name, is_read)
        if recorder and self.origin[0] == "cli":
            self._step_name = recorder.step
        return recorder

    def horizon(self) -> Horizon:
        """How long the present state stays valid. The result is the same object until the state changes."""
        revision, last = self.store.revision(), self._horizon
        is_same = revision is last.revision and last.step == self._clock.stepped
        if not is_same or not last.since <= self.wall() < last.until:
            self._horizon = self._look_ahead(revision)
        return self._horizon

    def _look_ahead(self, revision: object) -> Horizon:
        with self.reading() as world:
            moment, settings = find_next_due(world), world.settings
            mode = clock.get_mode(settings)
            if mode == clock.STEPPING:
                moves = _find_next_step(world) is not None
                return Horizon(revision, world.wall_time, math.inf, False, self._clock.stepped, moves)
            until = math.inf if moment is None else clock.get_wall_time(settings, moment, mode)
            return Horizon(revision, world.wall_time, until, world.applied_tasks > 0, self._clock.stepped)

    def _open_world(self, tx: Records, is_request: bool, unit: Unit | None = None, writes: bool = False) -> World:
        settings = tx.get(Settings, "cloud")
        if settings is None or settings.format > FORMAT:
            raise unusable_settings(self.store.path, settings.format if settings else None, self.store.exists())
        mode, wall = clock.get_mode(settings), self.wall()
        world = World(tx, settings, self._clock.read(settings, wall, mode, is_request and writes))
        world.wall_time, world.cloud_name = wall, self.name
        if unit:
            world.recorders.append(unit)
        self._settle(world, mode)
        if is_request and mode == clock.STEPPING:
            self._step(world)
        if unit:
            unit.begin(world)
        return world

    def _step(self, world: World) -> None:
        moment = _find_next_step(world)
        if moment is not None:
            world.now = moment
            self._settle(world, clock.STEPPING)
            self._clock.step(moment)

    def _finish_request(self, world: World, unit: Unit | None) -> None:
        settings, mode = world.settings, clock.get_mode(world.settings)
        settings.requests += 1
        if unit:
            unit.accept(world)
        self._settle(world, mode)
        clock.keep_time(settings, world.now, self.wall(), mode)

    def _settle(self, world: World, mode: str) -> None:
        world.now = settle(world, until_idle=mode == "instant")


def _find_next_step(world: World) -> float | None:
    from novasim.simulation.time.steps import find_next_step

    return find_next_step(world)


def find_recorder(store: Store, origin: Origin, wall: float, step: str = "", is_read: bool = False) -> Recorder | None:
    """
    The recorder of a cloud; None if no record is kept: then this is all that it costs. CloudFileError: it is unusable.

    Args:
        wall: Real time in seconds since the epoch. step: That of a command line, for units of work after the first one.
        is_read: Whether a request only reads, which needs no right to write the record.
    """
    is_kept = store.is_recorded() and not (is_read and store.record and not store.record.is_writable())
    named, record = os.environ.get("NOVASIM_RECORD", ""), store.record if is_kept else None
    if not named and record is None:
        return None
    from novasim.recorder.recorder import new_step, open_recorder

    step = step or (new_step(wall) if origin[0] == "cli" else "")
    return open_recorder(record, named, origin, step, wall)

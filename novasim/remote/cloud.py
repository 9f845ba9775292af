"""A cloud behind a server as commands read it: a copy of its documents without secrets, renewed when it has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from novasim.cloud import Cloud
from novasim.errors import UsageError
from novasim.remote.connection import NOT_MODIFIED, Connection
from novasim.remote.protocol import LEASE, MODE, NOW, WALL
from novasim.remote.record import RemoteRecord
from novasim.simulation.time import clock
from novasim.store.migrate import settings_in, upgrade
from novasim.store.snapshots import SnapshotStore
from novasim.store.transaction import Snapshot, SnapshotTransaction

if TYPE_CHECKING:
    from novasim.recorder.unit import Unit
    from novasim.simulation.world import Records, World
    from novasim.store.base import OnSaved
    from novasim.store.documents import Tables


class RemoteStore(SnapshotStore):
    """
    The documents of a cloud behind a server. What is put into a transaction is dropped at its end.

    Attributes:
        lease: The ID of a transaction at the server whose documents are meant, or "".
        is_held: Whether all transactions see the snapshot that the first one of them has fetched.
        is_fetched: Whether it has been fetched.
        wall_offset: How far the wall clock of the server is ahead of this one, in seconds.
        now: The time of the cloud at the last look, in seconds since the epoch.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(path=connection.address.url)
        self._connection, self._tag = connection, ""
        self.record = RemoteRecord(connection)
        self.lease, self.wall_offset, self.now = "", 0.0, 0.0
        self.is_held = self.is_fetched = False

    def exists(self) -> bool:
        return True

    def revision(self) -> Snapshot:
        if not (self.is_held and self.is_fetched):
            self._fetch()
            self.is_fetched = self.is_held
        return self._snapshot

    def _fetch(self) -> None:
        headers = {"If-None-Match": self._tag} if self._tag else {}
        answer = self._connection.get("/documents", headers | ({LEASE: self.lease} if self.lease else {}))
        self.wall_offset = float(answer.headers[WALL]) - clock.wall()
        self.now = float(answer.headers[NOW])
        if answer.code != NOT_MODIFIED:
            tables = upgrade(answer.body["tables"], self.path)[0]
            _adopt_mode(tables, answer.headers[MODE])
            self._snapshot, self._tag = Snapshot(tables), answer.headers.get("etag", "")

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let all transactions see the same snapshot."""
        was_held = self.is_held
        self.is_held = True
        try:
            yield
        finally:
            self.is_held = was_held
            self.is_fetched = self.is_fetched and was_held

    @contextmanager
    def write(self, on_saved: OnSaved = None) -> Iterator[SnapshotTransaction]:
        """A transaction on the copy, to try what a request would do. Only the server changes the cloud."""
        tx = SnapshotTransaction(self.revision(), self.path)
        yield tx
        if tx.changes():
            raise NotImplementedError("a cloud behind a server is changed by its server")


class RemoteCloud(Cloud):
    """A cloud behind a server, for reading. Its time is that of the server."""

    store: RemoteStore

    def __init__(self, store: RemoteStore) -> None:
        super().__init__(store, wall=lambda: clock.wall() + store.wall_offset)
        self.has_record = False

    def _open_world(self, tx: Records, is_request: bool, unit: Unit | None = None, writes: bool = False) -> World:
        self._clock.step(self.store.now)
        return super()._open_world(tx, is_request, unit, writes)


def open_past_cloud(connection: Connection, number: int) -> Cloud:
    """The cloud as it was after an entry of its record. Errors as for `control.past.open_past`."""
    found = connection.read(f"/past/{number}")
    wall = float(found["wall"])
    past = Cloud(SnapshotStore(Snapshot(upgrade(found["tables"], connection.address.url)[0])), wall=lambda: wall)
    past.has_record = False
    return past


def _adopt_mode(tables: Tables, mode: str) -> None:
    """
    Use the clock's mode of the server, which may be that of its variable NOVASIM_CLOCK.

    Raises:
        UsageError: NOVASIM_CLOCK of this process has another one, with which commands would show another time.
    """
    own = os.environ.get("NOVASIM_CLOCK")
    if own and own != mode:
        raise UsageError(
            f"NOVASIM_CLOCK={own} has no effect on a cloud behind a server, whose clock is {mode}. Unset the variable."
        )
    settings = settings_in(tables)
    if settings and not own:
        settings["clock"] = mode

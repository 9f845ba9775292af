"""The transactions and batches of all stores, over a snapshot in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from novasim.errors import CellDown
from novasim.records import Settings
from novasim.store.documents import Tables, check_records, encode_file
from novasim.store.errors import FAILURES
from novasim.store.transaction import Snapshot, SnapshotTransaction

if TYPE_CHECKING:
    from novasim.store.base import KeptStates, OnReplaced, OnSaved, RecordLog
    from novasim.store.materialized import MaterializedViews

IN_MEMORY = "(in memory)"


class SnapshotStore:
    """
    The store interface over a snapshot in memory. A store on a file overrides the methods that lock, load and save it.

    Args:
        snapshot: The saved world to begin with; None for a world that was never saved.
        path: The name of the world in messages.

    Attributes:
        has_saved: Whether this store has saved a change.
    """

    record: RecordLog | None = None
    kept: KeptStates | None = None

    def __init__(self, snapshot: Snapshot | None = None, path: str = IN_MEMORY) -> None:
        self._snapshot, self._is_saved, self.path = snapshot or Snapshot({}), snapshot is not None, path
        self.has_saved = False
        self._lock = Lock()
        self._views: MaterializedViews | None = None

    def watch(self, on_change: Callable[[], object]) -> None:
        return None

    def close(self) -> None:
        pass

    def exists(self) -> bool:
        return self._is_saved

    def is_recorded(self) -> bool:
        return self.record is not None and self.record.is_kept()

    def revision(self) -> Snapshot:
        return self._snapshot

    @contextmanager
    def read(self) -> Iterator[SnapshotTransaction]:
        snapshot = self.revision()
        try:
            yield SnapshotTransaction(snapshot, self.path, self._get_views)
        except FAILURES as error:
            blame_damage(snapshot, self.path, error)
            raise

    @contextmanager
    def write(self, on_saved: OnSaved = None) -> Iterator[SnapshotTransaction]:
        with self._exclusive():
            before = self.revision()
            tx = SnapshotTransaction(before, self.path)
            try:
                yield tx
            except FAILURES as error:
                blame_damage(before, self.path, error)
                raise
            tx.commit()
            self._save(tx.result(), before, on_saved)

    @contextmanager
    def batch(self, on_saved: OnSaved = None) -> Iterator[SnapshotStore]:
        with self._exclusive():
            before = self.revision()
            batch = _Batch(before, self.path, self.exists())
            yield batch
            self._save(batch.revision(), before, on_saved)

    def snapshot(self) -> Snapshot:
        """The stored state, for `restore`."""
        return self.revision()

    def restore(self, snapshot: Snapshot, on_replaced: OnReplaced = None) -> None:
        """Save the state that a snapshot of this store, or of a store of the same kind, has."""
        with self._exclusive():
            copy, before = Snapshot(dict(snapshot.tables), dict(snapshot.indexes), snapshot.checked), self.revision()
            self._replace_snapshot(copy, before)
            self.has_saved = True
            if on_replaced:
                on_replaced(before.tables)

    def dump(self) -> bytes:
        """The whole world as a cloud file holds it."""
        return b"".join(encode_file(self.revision().tables))

    def _save(self, after: Snapshot, before: Snapshot, on_saved: OnSaved) -> None:
        if after is not before:
            self._announce(before, after)
            self._replace_snapshot(after, before)
            self.has_saved = True
        if on_saved:
            on_saved()

    def tables(self) -> Tables:
        """The stored documents by table and number. They must not be changed."""
        return self.revision().tables

    def _get_views(self) -> MaterializedViews | None:
        """The materialized views of this store. Few commands need them."""
        if self._views is None:
            from novasim.store.materialized import MaterializedViews

            self._views = MaterializedViews()
        return self._views

    def _announce(self, before: Snapshot, after: Snapshot) -> None:
        if self._views and after.base is before.token:  # else it comes from a state that was restored
            self._views.announce(before.token, after.token, after.unsaved)
        after.base, after.unsaved = after.token, None

    def _exclusive(self) -> AbstractContextManager[object]:
        return self._lock

    def _replace_snapshot(self, after: Snapshot, before: Snapshot) -> None:
        self._snapshot, self._is_saved = after, True


class _Batch(SnapshotStore):
    """
    The store of a batch, which has no materialized views, as it ends soon.

    Its writes share one transaction, so that a record is decoded once. A write that fails ends this transaction, since
    it may have changed records in memory.
    """

    def __init__(self, snapshot: Snapshot, path: str, is_saved: bool) -> None:
        super().__init__(path=path)
        self._tx, self._is_saved = SnapshotTransaction(snapshot, path), is_saved

    def revision(self) -> Snapshot:
        return self._tx.result()

    @contextmanager
    def write(self, on_saved: OnSaved = None) -> Iterator[SnapshotTransaction]:
        with self._exclusive():
            try:
                yield self._tx
                self._is_saved |= self._tx.commit()
            except BaseException as error:
                self._tx = SnapshotTransaction(self.revision(), self.path)
                if isinstance(error, FAILURES):
                    blame_damage(self.revision(), self.path, error)
                raise
            if on_saved:
                on_saved()

    def _get_views(self) -> None:
        return None

    def _announce(self, before: Snapshot, after: Snapshot) -> None:
        """Leave what is unsaved to the store that saves the batch."""

    def _replace_snapshot(self, after: Snapshot, before: Snapshot) -> None:
        self._tx, self._is_saved = SnapshotTransaction(after, self.path), True


def blame_damage(snapshot: Snapshot, path: str, error: Exception) -> None:
    """
    Raise CloudFileError if a damaged document may be the cause of *error*.

    Refusals because of a cell that is down can be frequent, and only the settings say which cells are down. A check of
    all documents would take 70 ms for 10,000.
    """
    tables = snapshot.tables
    if isinstance(error, CellDown):
        tables = {Settings.table: tables.get(Settings.table, {})}
    check_records(tables, path)

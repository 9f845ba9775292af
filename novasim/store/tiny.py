"""A world in a cloud file: TinyDB's storage for it, and the store over that."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING

from tinydb.storages import Storage

from novasim.jsonutils import pause_gc
from novasim.simulation.time import clock
from novasim.store.documents import Rows, Tables, encode_file, encode_rows
from novasim.store.files import RECORD, is_recorded, read_file, replace_file, version_of, writer_lock
from novasim.store.migrate import load
from novasim.store.snapshots import SnapshotStore
from novasim.store.transaction import Snapshot

if TYPE_CHECKING:
    from novasim.store.base import RecordLog
    from novasim.store.materialized import MaterializedViews


class CloudStorage(Storage):
    """
    `TinyDB(path, storage=CloudStorage)` reads and writes a cloud file; symbolic links are followed.

    Reading never waits. Writing excludes other writers. Hold `lock()` around a read and the write that depends on it.

    Args:
        timeout: How long to wait for another writer, in seconds.
        keeps_lines: Whether to keep encoded documents in memory, so that a save encodes only those that changed.
        freezes: Whether to exempt all objects of the process from garbage collection after a read.
        wall: Returns the wall time in seconds since the epoch.

    Raises (from any method):
        CloudFileError: the file is damaged, unreadable, locked too long, or cannot be saved.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        timeout: float = 10.0,
        keeps_lines: bool = False,
        freezes: bool = False,
        wall: Callable[[], float] = clock.wall,
    ) -> None:
        self.path = os.path.realpath(path)
        self._timeout, self._keeps_lines, self._freezes, self._wall = timeout, keeps_lines, freezes, wall
        self._lines: dict[str, tuple[Rows, dict[str, bytes]]] = {}

    def read(self) -> Tables | None:
        """All tables, or None if there is no file."""
        loaded = self.load()
        return loaded.tables if loaded.version else None

    def write(self, data: Tables) -> None:
        """Put *data* in place of the file's content."""
        with self.lock():
            self.save(Snapshot(data), self.load())

    def lock(self) -> AbstractContextManager[None]:
        """Exclude other writers, in all processes and threads."""
        return writer_lock(self.path, self._timeout)

    def load(self) -> Snapshot:
        """The state of the file; without tables and version if there is no file."""
        self._lines, found = {}, read_file(self.path)
        snapshot = Snapshot({})
        if found:
            with pause_gc(self._freezes):
                snapshot.tables, snapshot.older = load(found[0], self.path)
            snapshot.version = found[1]
        return snapshot

    def save(self, after: Snapshot, before: Snapshot) -> None:
        """
        Replace the file, which holds *before*, by *after*. The caller holds the lock.

        The replaced file becomes a backup as described in `store.backup`; a file of an older format always does.
        """
        from novasim.store.backup import back_up_replaced_file  # readers do not need it

        pieces = encode_file(after.tables, self._lines_of if self._keeps_lines else None)
        after.version = replace_file(self.path, pieces, lambda: back_up_replaced_file(self.path, before, self._wall()))

    def _lines_of(self, name: str, rows: Rows) -> Iterable[bytes]:
        """The lines of a table. Only documents that changed since the last save are encoded."""
        before, lines = self._lines.get(name, ({}, {}))
        if rows is not before:
            changed = {number: row for number, row in rows.items() if before.get(number) is not row}
            lines = {**lines, **dict(zip(changed, encode_rows(changed, len(changed)), strict=True))}
            if list(lines) != list(rows):
                lines = {number: lines[number] for number in rows}
            self._lines[name] = rows, lines
        return lines.values()


class TinyStore(SnapshotStore):
    """
    The store interface over a cloud file. The decoded world stays in memory until the file changes.

    Args:
        timeout: How long to wait for another writer, in seconds.
        resident: Whether it is used for long: then a save encodes only the documents that changed.
        owns_process: Whether the process does nothing else: then garbage collection can ignore what a read creates.
    """

    def __init__(
        self, path: str | os.PathLike[str], timeout: float = 10.0, resident: bool = False, owns_process: bool = False
    ) -> None:
        self._storage = CloudStorage(path, timeout, keeps_lines=resident, freezes=owns_process)
        super().__init__(path=self._storage.path)
        self._has_views = resident or not owns_process

    def _get_views(self) -> MaterializedViews | None:
        return super()._get_views() if self._has_views else None  # a command ends before it could use them again

    @cached_property
    def record(self) -> RecordLog | None:  # type: ignore[override]  # it is not imported before it is used
        from novasim.store.record_log import FileRecord

        return FileRecord(self.path + RECORD, like=self.path)

    def is_recorded(self) -> bool:
        return is_recorded(self.path + RECORD)

    def exists(self) -> bool:
        return version_of(self.path) is not None

    def revision(self) -> Snapshot:
        if self._snapshot.version != version_of(self.path):
            self._snapshot = self._storage.load()
        return self._snapshot

    def _exclusive(self) -> AbstractContextManager[object]:
        return self._storage.lock()

    def _replace_snapshot(self, after: Snapshot, before: Snapshot) -> None:
        self._storage.save(after, before)
        self._snapshot = after

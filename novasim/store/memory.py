"""A world in memory: for tests, for batches, and for clouds that end with the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock

from novasim.store.documents import encode_file
from novasim.store.migrate import load
from novasim.store.transaction import Snapshot, SnapshotTransaction

FAILURES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""Exceptions that a document with a wrong value can cause."""


class MemoryStore:
    """
    The store interface over a snapshot in memory. Other stores load and save that snapshot.

    Args:
        content: The result of `dump` of any store; the new world begins as a copy of that one.
    """

    path = "(in memory)"

    def __init__(self, content: bytes = b"") -> None:
        self._snapshot = Snapshot(load(content, self.path)[0] if content else {})
        self._is_saved = bool(content)
        self._lock = Lock()

    def exists(self) -> bool:
        return self._is_saved

    def revision(self) -> Snapshot:
        return self._snapshot

    @contextmanager
    def read(self) -> Iterator[SnapshotTransaction]:
        snapshot = self.revision()
        try:
            yield SnapshotTransaction(snapshot, self.path)
        except FAILURES:
            blame_damage(snapshot, self.path)
            raise

    @contextmanager
    def write(self) -> Iterator[SnapshotTransaction]:
        with self._exclusive():
            before = self.revision()
            tx = SnapshotTransaction(before, self.path)
            try:
                yield tx
            except FAILURES:
                blame_damage(before, self.path)
                raise
            if (after := tx.result()) is not before:
                self._save(after, before)

    @contextmanager
    def batch(self) -> Iterator[MemoryStore]:
        with self._exclusive():
            before = self.revision()
            batch = MemoryStore()
            batch._snapshot, batch.path, batch._is_saved = before, self.path, True
            yield batch
            if batch._snapshot is not before:
                self._save(batch._snapshot, before)

    def dump(self) -> bytes:
        """The whole world as a cloud file holds it."""
        return b"".join(encode_file(self.revision().tables))

    def _exclusive(self) -> AbstractContextManager[object]:
        return self._lock

    def _save(self, after: Snapshot, before: Snapshot) -> None:
        self._snapshot, self._is_saved = after, True


def blame_damage(snapshot: Snapshot, path: str) -> None:
    """Raise CloudFileError if a damaged document may be the cause of a failure."""
    from novasim.store.validation import check_records

    check_records(snapshot.tables, path)

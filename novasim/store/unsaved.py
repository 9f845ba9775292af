"""The store of a cloud that its first saved change creates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from novasim.records import TABLES, Settings
from novasim.store.base import OnSaved, Store, Transaction
from novasim.store.documents import Change
from novasim.store.errors import CreatedMeanwhile


class UnsavedStore:
    """
    A new cloud, in memory until a change is saved. Then the cloud and the change are saved in another store.

    Args:
        new: The new cloud.
        target: The store in which it is saved.
        on_created: Called when it is saved.
    """

    def __init__(self, new: Store, target: Store, on_created: Callable[[], object]) -> None:
        self.path, self._new, self._target, self._on_created = target.path, new, target, on_created
        self._is_created = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._current, name)

    @property
    def _current(self) -> Store:
        return self._target if self._is_created else self._new

    @property
    def record(self) -> Any:
        return self._target.record

    @property
    def has_saved(self) -> bool:
        return self._is_created

    @contextmanager
    def write(self, on_saved: OnSaved = None) -> Iterator[Transaction]:
        if self._is_created:
            with self._target.write(on_saved) as tx:
                yield tx
            return
        with self._new.write() as trial:
            yield trial
            changes = trial.changes()
            if changes or on_saved:
                self._save(changes, on_saved)

    def batch(self, on_saved: OnSaved = None) -> AbstractContextManager[Store]:
        if not self._is_created:
            self._save((), None)
        return self._target.batch(on_saved)

    def _save(self, changes: Sequence[Change], on_saved: OnSaved) -> None:
        """Save the cloud with its first changes. Raises CreatedMeanwhile."""

        def finish() -> None:
            self._is_created = True
            self._on_created()
            if on_saved:
                on_saved()

        with self._target.write(finish) as tx:
            if tx.get(Settings, "cloud"):
                raise CreatedMeanwhile
            for name, rows in self._new.tables().items():
                for document in rows.values():
                    tx.put(TABLES[name].from_document(document))
            for change in changes:
                _apply(tx, change)


def _apply(tx: Transaction, change: Change) -> None:
    kind = TABLES[change.table]
    if change.after is not None:
        tx.put(kind.from_document(change.after))
    elif record := tx.record_at(kind, change.place):
        tx.delete(record)

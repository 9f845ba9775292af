"""A store over a transaction of another store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from novasim.store.base import KeptStates, OnSaved, RecordLog, Transaction


class NestedStore:
    """A store over a transaction of another store, which saves or drops everything done here."""

    path = ""
    record: RecordLog | None = None
    kept: KeptStates | None = None
    has_saved = False

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def tables(self) -> dict[str, dict[str, Any]]:
        raise NotImplementedError("the stored documents are not those of the transaction")

    def dump(self) -> bytes:
        raise NotImplementedError("a transaction is not a whole file")

    def watch(self, on_change: Callable[[], object]) -> None:
        return None

    def close(self) -> None:
        pass

    def exists(self) -> bool:
        return True

    def is_recorded(self) -> bool:
        return False

    def revision(self) -> object:
        return object()  # it may change at any time

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        yield self._tx

    @contextmanager
    def write(self, on_saved: OnSaved = None) -> Iterator[Transaction]:
        yield self._tx
        if on_saved:
            on_saved()

    @contextmanager
    def batch(self, on_saved: OnSaved = None) -> Iterator[NestedStore]:
        yield self
        if on_saved:
            on_saved()

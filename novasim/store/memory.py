"""A world in memory: for tests, and wherever nothing shall outlive the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from novasim.store.batch import Batch
from novasim.store.lines import compose
from novasim.store.migrate import load
from novasim.store.work import Tables, Work

NAME = "(in memory)"


class MemoryStore:
    """
    The store interface without a file.

    Args:
        content: What `dump` of any store gave; the new world begins as a copy of that one.
    """

    def __init__(self, content: bytes = b"") -> None:
        self._tables: Tables = load(content, NAME).tables if content else {}
        self._saved = bool(content)
        self._lock = Lock()

    def exists(self) -> bool:
        return self._saved

    @contextmanager
    def read(self) -> Iterator[Work]:
        yield Work(self._tables, NAME)

    @contextmanager
    def write(self) -> Iterator[Work]:
        with self.batch() as batch, batch.write() as work:
            yield work

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        with self._lock:
            batch = Batch(self._tables, NAME)
            yield batch
            if batch.tables is not self._tables:
                self._tables, self._saved = batch.tables, True

    def revision(self) -> object:
        return self._tables

    def dump(self) -> bytes:
        """The whole world as a cloud file holds it; equal worlds with the same past give equal bytes."""
        return b"".join(compose(self._tables))

"""Many transactions of any backend, before they are saved at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from novasim.store.work import Tables, Work


class Batch:
    """
    A store in memory whose latest state its maker saves; `store.base.Store.batch` describes it.

    Args:
        tables: The state that it begins with. path: names the world in messages.
    """

    def __init__(self, tables: Tables, path: str) -> None:
        self.tables = tables
        self._path = path

    def exists(self) -> bool:
        return True

    def mark(self) -> object:
        return self.tables

    @contextmanager
    def read(self) -> Iterator[Work]:
        yield Work(self.tables, self._path)

    @contextmanager
    def write(self) -> Iterator[Work]:
        work = Work(self.tables, self._path)
        yield work
        self.tables = work.result()

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        within = Batch(self.tables, self._path)
        yield within
        self.tables = within.tables

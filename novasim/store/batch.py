"""Many transactions of any backend, before they are saved at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from novasim.store.work import Tables, Work


class Batch:
    """
    A store in memory whose latest state its maker saves; `store.base.Store.batch` describes it.

    Of what only its own transactions have seen it keeps one copy: each gives its lines to the next. Whoever else is
    shown a state has it for good.

    Args:
        tables: The state that it begins with. path: names the world in messages.
    """

    def __init__(self, tables: Tables, path: str) -> None:
        self._tables = tables
        self._path = path
        self._owner = object()

    @property
    def tables(self) -> Tables:
        """The state reached; it stays as it is."""
        self._owner = object()
        return self._tables

    def exists(self) -> bool:
        return True

    def revision(self) -> object:
        return self.tables

    @contextmanager
    def read(self) -> Iterator[Work]:
        yield Work(self.tables, self._path)

    @contextmanager
    def write(self) -> Iterator[Work]:
        work = Work(self._tables, self._path, self._owner)
        yield work
        self._tables = work.result()

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        within = Batch(self.tables, self._path)
        yield within
        self._tables = within.tables

"""Transactions over a database: they read what they are asked for, and keep in memory what they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from novasim.records import Record, Task
from novasim.store.base import Unsaved
from novasim.store.documents import Tables
from novasim.store.errors import damaged
from novasim.store.indexes import Fields
from novasim.store.sql.detached import TablesSource
from novasim.store.sql.source import Source
from novasim.store.sql.table import SqlTable
from novasim.store.transaction import TableTransaction

if TYPE_CHECKING:
    from novasim.store.materialized import MaterializedViews

R = TypeVar("R", bound=Record)


class Revision:
    """
    A revision of a cloud.

    Attributes:
        unsaved: What has changed since the revision that is committed.
    """

    def __init__(self, created: float = 0.0, number: int = 0, unsaved: Unsaved = None) -> None:
        self.created, self.number, self.unsaved = created, number, unsaved

    @property
    def version(self) -> tuple[int, ...]:
        """What names it: when the cloud was created, in microseconds since the epoch, and its number."""
        return round(self.created * 1e6), self.number

    def is_same(self, other: Revision) -> bool:
        """Whether it is another object for the same stored state."""
        return (self.created, self.number) == (other.created, other.number)


class SqlTransaction(TableTransaction):
    """
    One unit of work, as `store.base.Transaction` describes it.

    Args:
        path: The name of the cloud in messages.
        get_views: Returns the materialized views of the store, for a transaction that only reads.
    """

    reads_pages = True

    def __init__(
        self, source: Source, revision: Revision, path: str, get_views: Callable[[], MaterializedViews] | None = None
    ) -> None:
        super().__init__()
        self._source, self._revision, self._path, self._get_views = source, revision, path, get_views

    def get(self, kind: type[R], id: str) -> R | None:
        return self._table(kind).get(id)

    def record_at(self, kind: type[R], place: int) -> R | None:
        return self._table(kind).record_at(place)

    def query(
        self,
        kind: type[R],
        where: Fields | None = None,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: str | None = None,
    ) -> list[R]:
        return self._table(kind).find(where or {}, order, limit, after)

    def count(self, kind: type[R], where: Fields | None = None) -> int:
        return self._table(kind).count(where or {})

    def due_before(self, time: float) -> list[Task]:
        try:
            return self._table(Task).find_due(time, lambda task: task["ends"][task.get("position", 0)] <= time)
        except (LookupError, TypeError):
            raise damaged(self._path, "in table 'tasks', a task does not say when its phase ends") from None

    def materialized_views(self) -> AbstractContextManager[MaterializedViews | None]:
        return self._get_views().at(self._revision) if self._get_views else nullcontext()

    def detach(self, tables: Tables) -> None:
        """Read from *tables* from now on, since the snapshot in the database is about to change."""
        if isinstance(self._source, TablesSource):
            return
        self._source = TablesSource(tables)
        for table in self._tables.values():
            table.source = self._source

    def _table(self, kind: type[R]) -> SqlTable[R]:
        table: SqlTable[R] | None = self._tables.get(kind.table)
        if table is None:
            table = self._tables[kind.table] = SqlTable(kind, self._source, self._path)
        return table

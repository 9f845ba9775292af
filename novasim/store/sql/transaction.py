"""Transactions over a database: they read what they are asked for, and keep in memory what they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from novasim.records import Record, Task
from novasim.store.documents import Tables
from novasim.store.errors import damaged
from novasim.store.indexes import Fields
from novasim.store.sql.detached import TablesSource
from novasim.store.sql.source import Revision, Source
from novasim.store.sql.table import SqlTable
from novasim.store.transaction import TableTransaction

if TYPE_CHECKING:
    from novasim.store.materialized import MaterializedViews
    from novasim.store.sql.kept_tables import KeptTable, KeptTables

R = TypeVar("R", bound=Record)


class SqlTransaction(TableTransaction):
    """
    One unit of work, as `store.base.Transaction` describes it.

    Args:
        path: The name of the cloud in messages.
        get_views: Returns the materialized views of the store, for a transaction that only reads.
        kept: The small tables at this revision, in a server.
    """

    reads_pages = True

    def __init__(
        self,
        source: Source,
        revision: Revision,
        path: str,
        get_views: Callable[[], MaterializedViews] | None = None,
        kept: KeptTables | None = None,
    ) -> None:
        super().__init__()
        self._source, self._revision, self._path, self._get_views = source, revision, path, get_views
        self._kept, source.new_ids = kept, self._new_ids
        if kept:
            source.last_places = kept.last_places

    def get(self, kind: type[R], id: str) -> R | None:
        table = self._tables.get(kind.table) or self._table(kind)
        found: R | None = table.get(id)
        return found

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
            return self._large_table(Task).find_due(time, lambda task: task["ends"][task.get("position", 0)] <= time)
        except (LookupError, TypeError):
            raise damaged(self._path, "in table 'tasks', a task does not say when its phase ends") from None

    def materialized_views(self) -> AbstractContextManager[MaterializedViews | None]:
        return self._get_views().at(self._revision) if self._get_views else nullcontext()

    def detach(self, tables: Tables) -> None:
        """Read from *tables* from now on, since the snapshot in the database is about to change."""
        if isinstance(self._source, TablesSource):
            return
        self._source, self._kept = TablesSource(tables), None
        for table in self._tables.values():
            table.source = self._source

    def follow(self, revision: Revision) -> KeptTables | None:
        """
        The small tables after this transaction, which ends here; None if none are kept.

        Args:
            revision: That after the transaction, which says what has changed.
        """
        if self._kept is None or revision is self._revision or revision.unsaved is None:
            return self._kept
        return self._kept.follow(revision, self._tables, revision.unsaved[1])

    def _table(self, kind: type[R]) -> SqlTable[R] | KeptTable[R]:
        table: SqlTable[R] | KeptTable[R] | None = self._tables.get(kind.table)
        if table is None:
            kept = self._kept.open(kind, self._source, self._path) if self._kept else None
            table = self._tables[kind.table] = kept or SqlTable(kind, self._source, self._path)
        return table

    def _large_table(self, kind: type[R]) -> SqlTable[R]:
        table = self._table(kind)
        assert isinstance(table, SqlTable)
        return table

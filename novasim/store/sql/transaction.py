"""Transactions over a database: they read what they are asked for, and keep in memory what they change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from novasim.records import Record, Task
from novasim.store.base import Change
from novasim.store.documents import Tables
from novasim.store.errors import damaged
from novasim.store.indexes import Fields
from novasim.store.sql.detached import TablesSource
from novasim.store.sql.source import Source
from novasim.store.sql.table import SqlTable

R = TypeVar("R", bound=Record)
V = TypeVar("V")

MAX_COMPUTED = 8  # values that a revision keeps


class Revision:
    """A revision of a cloud, and the values that transactions have computed from it."""

    def __init__(self, created: float = 0.0, number: int = 0) -> None:
        self.created, self.number = created, number
        self.computed: dict[Hashable, Any] = {}

    @property
    def version(self) -> tuple[int, ...]:
        """What names it: when the cloud was created, in microseconds since the epoch, and its number."""
        return round(self.created * 1e6), self.number

    def is_same(self, other: Revision) -> bool:
        """Whether it is another object for the same stored state."""
        return (self.created, self.number) == (other.created, other.number)


class SqlTransaction:
    """One unit of work, as `store.base.Transaction` describes it. *path* names the cloud in messages."""

    def __init__(self, source: Source, revision: Revision, path: str) -> None:
        self._source, self._revision, self._path = source, revision, path
        self._tables: dict[str, SqlTable[Any]] = {}

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

    def get_or_compute(self, key: Hashable, compute: Callable[[], V]) -> V:
        kept = {} if any(table.changed for table in self._tables.values()) else self._revision.computed
        if (value := kept.get(key)) is None:
            if len(kept) >= MAX_COMPUTED:
                kept.clear()
            value = kept[key] = compute()
        return value

    def put(self, record: Record, place: int | None = None) -> None:
        self._table(type(record)).put(record, place)

    def delete(self, record: Record) -> None:
        self._table(type(record)).delete(record.id)

    def changes(self) -> list[Change]:
        return [change for table in self._tables.values() for change in table.changes()]

    def take_changes(self, complete: bool = True) -> list[Change]:
        return [change for table in self._tables.values() for change in table.take_changes(complete)]

    def detach(self, tables: Tables) -> None:
        """Read from *tables* from now on, since the snapshot in the database is about to change."""
        if isinstance(self._source, TablesSource):
            return
        self._source = TablesSource(tables)
        for table in self._tables.values():
            table.source = self._source

    def _table(self, kind: type[R]) -> SqlTable[R]:
        if kind.table not in self._tables:
            self._tables[kind.table] = SqlTable(kind, self._source, self._path)
        return self._tables[kind.table]

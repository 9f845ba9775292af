"""Transactions: records over a snapshot of TinyDB's documents, which they do not change."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from tinydb import TinyDB
from tinydb.storages import MemoryStorage

from novasim.fileutils import Version
from novasim.records import Record, Task
from novasim.store.documents import Tables
from novasim.store.errors import damaged
from novasim.store.indexes import Fields, Match
from novasim.store.record_table import Indexes, RecordTable

if TYPE_CHECKING:
    from novasim.store.documents import Change, Unsaved
    from novasim.store.materialized import MaterializedViews

    GetViews = Callable[[], MaterializedViews | None]

R = TypeVar("R", bound=Record)


class Snapshot:
    """
    One state of a world. Its tables and documents never change; indexes are added by table.

    Args:
        checked: By table, the numbers of documents that have been decoded without an error. Those that are written are
            correct, too, so snapshots share the sets.
    """

    def __init__(
        self,
        tables: Tables,
        indexes: dict[str, Indexes] | None = None,
        checked: dict[str, set[str]] | None = None,
    ) -> None:
        self.tables, self.indexes = tables, indexes or {}
        self.checked = {} if checked is None else checked
        self.token = object()  # stands for it without keeping it in memory
        self.base = self.token  # of the saved state that it comes from
        self.unsaved: Unsaved = None  # what has changed since that state
        self.version: Version | None = None  # of the file that holds it
        self.older: int | None = None  # the format of that file, if it is not the present one


class TableTransaction(ABC):
    """What the transactions of all stores do with the tables that they have opened."""

    def __init__(self) -> None:
        self._tables: dict[str, Any] = {}
        self._new_ids: set[str] = set()

    def put(self, record: Record, place: int | None = None) -> None:
        self._table(type(record)).put(record, place)

    def expect_new(self, id: str) -> None:
        self._new_ids.add(id)

    def delete(self, record: Record) -> None:
        self._table(type(record)).delete(record.id)

    def changes(self) -> list[Change]:
        return [change for table in self._tables.values() for change in table.log.compare().values()]

    def take_changes(self, complete: bool = True) -> list[Change]:
        return [change for table in self._tables.values() for change in table.log.take_changes(complete)]

    def commit(self) -> bool:
        """
        Keep what a unit of work has changed. Another one may begin; it finds the records in memory as they are.

        Returns:
            Whether anything has changed.

        Raises:
            ValueError, TypeError: a record is not JSON. Then nothing is kept.
        """
        found = [(table, table.log.compare()) for table in self._tables.values() if table.log.changed]
        for table, changes in found:
            table.keep(changes)
        return any(changes for _, changes in found)

    def kept_changes(self) -> list[Change]:
        """What the units of work that were committed have changed together."""
        return [change for table in self._tables.values() for change in table.log.kept_changes()]

    @abstractmethod
    def _table(self, kind: type[R]) -> Any:
        """The table of a kind, opened at its first use."""


class SnapshotTransaction(TableTransaction):
    """
    One unit of work, as `store.base.Transaction` describes it.

    Args:
        path: The name of the world in messages.
        get_views: Returns the materialized views of the store, for a transaction that only reads.
    """

    reads_pages = False

    def __init__(self, snapshot: Snapshot, path: str, get_views: GetViews | None = None) -> None:
        super().__init__()
        self._snapshot, self._path, self._get_views = snapshot, path, get_views
        self._storage = TinyDB(storage=MemoryStorage).storage
        self._storage.write(dict(snapshot.tables))
        self._result: Snapshot | None = snapshot  # None: more was committed since

    def get(self, kind: type[R], id: str) -> R | None:
        return self._table(kind).find_by_id(id)

    def record_at(self, kind: type[R], place: int) -> R | None:
        return self._table(kind).find_by_number(str(place))

    def query(
        self,
        kind: type[R],
        where: Fields | None = None,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: str | None = None,
    ) -> list[R]:
        return self._table(kind).select(where, order, limit, after)

    def count(self, kind: type[R], where: Fields | None = None) -> int:
        table = self._table(kind)
        return len(table.find(Match(kind, where))) if where else len(table)

    def due_before(self, time: float) -> list[Task]:
        table = self._table(Task)
        try:
            due = table.find(lambda task: task["ends"][task.get("position", 0)] <= time)
        except (LookupError, TypeError):
            raise damaged(self._path, "in table 'tasks', a task does not say when its phase ends") from None
        return [table.record(number) for number in due]

    def materialized_views(self) -> AbstractContextManager[MaterializedViews | None]:
        views = self._get_views() if self._get_views else None
        return views.at(self._snapshot.token) if views else nullcontext()

    def commit(self) -> bool:
        has_changed = super().commit()
        if has_changed:
            self._result = None
        return has_changed

    def result(self) -> Snapshot:
        """The world with what was committed; the same snapshot until more is."""
        if self._result is None:
            if not (changes := self.kept_changes()):
                return self._snapshot
            after = Snapshot(dict(self._snapshot.tables), dict(self._snapshot.indexes), self._snapshot.checked)
            after.base, after.unsaved = self._snapshot.base, (self._snapshot.unsaved, changes)
            for name in {change.table for change in changes}:
                after.tables[name], after.indexes[name] = self._tables[name].apply()
            self._result = after
        return self._result

    def _table(self, kind: type[R]) -> RecordTable[R]:
        table: RecordTable[R] | None = self._tables.get(kind.table)
        if table is None:
            indexes = self._snapshot.indexes.setdefault(kind.table, {})
            checked = self._snapshot.checked.setdefault(kind.table, set())
            table = RecordTable(kind, self._storage, indexes, checked, self._path, self._new_ids)
            self._tables[kind.table] = table
        return table

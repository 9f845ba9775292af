"""Transactions: records over a snapshot of TinyDB's documents, which they do not change."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import MemoryStorage, Storage
from tinydb.table import Document, Table

from novasim import jsonutils
from novasim.fileutils import Version
from novasim.records import Record, Task
from novasim.store.documents import Rows, Tables
from novasim.store.errors import damaged
from novasim.store.indexes import Fields, Index, Match, default_of

if TYPE_CHECKING:
    from novasim.store.base import Change, Unsaved
    from novasim.store.materialized import MaterializedViews

    GetViews = Callable[[], MaterializedViews | None]

R = TypeVar("R", bound=Record)
Indexes = dict[str, Index[str]]  # by field


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

    def put(self, record: Record, place: int | None = None) -> None:
        self._table(type(record)).put(record, place)

    def delete(self, record: Record) -> None:
        self._table(type(record)).delete(record.id)

    def changes(self) -> list[Change]:
        return [change for table in self._tables.values() for change in table.changes()]

    def take_changes(self, complete: bool = True) -> list[Change]:
        return [change for table in self._tables.values() for change in table.take_changes(complete)]

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
        return [table.record(str(document.doc_id)) for document in due]

    def materialized_views(self) -> AbstractContextManager[MaterializedViews | None]:
        views = self._get_views() if self._get_views else None
        return views.at(self._snapshot.token) if views else nullcontext()

    def result(self) -> Snapshot:
        """The world after the transaction, which ends here; the same snapshot if nothing is different."""
        changed = [(table, changes) for table in self._tables.values() if (changes := table.changes())]
        if not changed:
            return self._snapshot
        after = Snapshot(dict(self._snapshot.tables), dict(self._snapshot.indexes), self._snapshot.checked)
        after.base = self._snapshot.base
        after.unsaved = self._snapshot.unsaved, [change for _, changes in changed for change in changes]
        for table, changes in changed:
            after.tables[table.name], after.indexes[table.name] = table.apply(changes)
        return after

    def _table(self, kind: type[R]) -> RecordTable[R]:
        table = self._tables.get(kind.table)
        if table is None:
            indexes = self._snapshot.indexes.setdefault(kind.table, {})
            checked = self._snapshot.checked.setdefault(kind.table, set())
            table = self._tables[kind.table] = RecordTable(kind, self._storage, indexes, checked, self._path)
        return table


class RecordTable(Table, Generic[R]):
    """A TinyDB table in a transaction: stored documents, and the fields of records that were put in their places."""

    def __init__(self, kind: type[R], storage: Storage, indexes: Indexes, checked: set[str], path: str) -> None:
        super().__init__(storage, kind.table, cache_size=0)
        self._kind, self._path = kind, path
        self._shared, self._indexes = indexes, dict(indexes)
        self._checked = checked
        self._stored: Rows = super()._read_table()
        self._rows, self.changed = self._stored, set[str]()  # a change replaces the rows by a copy
        self._recent = set[str]()  # changed since `take_changes`
        self._taken: dict[str, Fields | None] = {}  # the fields that changed documents had at that time
        self._last = int(next(reversed(self._stored), 0))
        self._records: dict[str, R] = {}  # by number
        self._numbers: dict[str, str] = {}  # of these records, by id

    def search(self, cond: QueryLike) -> list[Document]:
        rows = self._rows
        if isinstance(cond, Match) and cond.indexed:
            found = [self._index(field, default).find(value) for field, value, default in cond.indexed]
            rarest = min(found, key=len)
            rows = {number: rows[number] for number in sorted(set(rarest), key=int) if number in rows}
        return [Document(fields, int(number)) for number, fields in rows.items() if cond(fields)]

    def find(self, cond: QueryLike) -> list[Document]:
        """Matching documents in the order of insertion. Records that were changed, but not put, must still match."""
        found = ((document, self._records.get(str(document.doc_id))) for document in self.search(cond))
        return [document for document, record in found if record is None or cond(vars(record))]

    def select(self, where: Fields | None, order: Sequence[str], limit: int | None, after: str | None) -> list[R]:
        """The arguments are those of `store.base.Transaction.query`."""
        found = self.find(Match(self._kind, where)) if where else self.all()
        for name in reversed(order):
            field = name.removeprefix("-")
            default = default_of(self._kind, field)
            found.sort(key=lambda document: none_first(document.get(field, default)), reverse=field != name)
        if after is not None:
            found = found[next((at for at, document in enumerate(found, 1) if document["id"] == after), len(found)) :]
        return [self.record(str(document.doc_id)) for document in found[:limit]]

    def find_by_id(self, id: str) -> R | None:
        number = self._number_of(id)
        return None if number is None else self.record(number)

    def find_by_number(self, number: str) -> R | None:
        return self.record(number) if number in self._rows else None

    def record(self, number: str) -> R:
        """The record of a document, always the same object."""
        if number not in self._records:
            try:
                record = self._kind.from_document(self._rows[number], number in self._checked)
            except ValueError as error:
                raise damaged(self._path, f"in table {self.name!r}, {error}") from None
            self._checked.add(number)
            self._records[number], self._numbers[record.id] = record, number
        return self._records[number]

    def put(self, record: R, place: int | None) -> None:
        number = self._number_of(record.id)
        is_new = number is None
        if number is None:
            number = str(self._last + 1 if place is None else place)
            if number in self._rows:
                raise ValueError(f"another record has place {place} in table {self.name!r}")
        self._change(number)[number] = vars(record)
        if is_new and int(number) <= self._last:
            self._rows = {each: self._rows[each] for each in sorted(self._rows, key=int)}
        self._last = max(self._last, int(number))
        self._records[number], self._numbers[record.id] = record, number
        for index in self._indexes.values():
            index.add([(number, vars(record))])

    def delete(self, id: str) -> None:
        number = self._number_of(id)
        if number is not None:
            del self._change(number)[number]
            self._records.pop(number, None)
            self._numbers.pop(id, None)

    def changes(self) -> list[Change]:
        return self._compare(self.changed, {}) if self.changed else []

    def take_changes(self, complete: bool) -> list[Change]:
        recent, self._recent = self.changed if complete else self._recent, set()
        changes = self._compare(recent, self._taken) if recent else []
        self._taken |= {str(change.number): change.after for change in changes}
        return changes

    def _compare(self, numbers: set[str], taken: Mapping[str, Fields | None]) -> list[Change]:
        """The changes of documents since they were *taken*, or else stored."""
        changes, fast = [], jsonutils.is_orjson_faster(len(numbers))
        for number in sorted(map(int, numbers)):
            name = str(number)
            before = taken[name] if name in taken else self._stored.get(name)
            if change := find_change(self.name, number, before, self._records.get(name), fast):
                changes.append(change)
        return changes

    def apply(self, changes: list[Change]) -> tuple[Rows, Indexes]:
        """The rows after the changes, and their indexes. Rows that are the same stay the same objects."""
        documents = {str(change.number): change.after for change in changes}
        for number in self.changed & self._rows.keys():
            self._rows[number] = documents.get(number) or self._stored[number]
        return self._rows, {
            field: each for field, each in self._indexes.items() if len(each) < 2 * len(self._rows) + 1000
        }

    def _read_table(self) -> Rows:
        return self._rows

    def _change(self, number: str) -> Rows:
        if not self.changed:
            self._rows = dict(self._stored)
        self.changed.add(number)
        self._recent.add(number)
        return self._rows

    def _number_of(self, id: str) -> str | None:
        if id in self._numbers:
            return self._numbers[id]
        candidates = self._index("id", None).find(id)
        return next((each for each in candidates if each in self._rows and self._rows[each]["id"] == id), None)

    def _index(self, field: str, default: object) -> Index[str]:
        if field not in self._indexes:
            self._indexes[field] = self._shared[field] = Index(field, default, self._stored)
            self._indexes[field].add((number, self._rows[number]) for number in self.changed & self._rows.keys())
        return self._indexes[field]


def find_change(table: str, place: int, before: Fields | None, record: Record | None, fast: bool) -> Change | None:
    """The change of a document with the fields *before* to those of *record*. *fast*: whether orjson copies them."""
    from novasim.store.base import Change  # readers do not need it

    after = jsonutils.copy(record.to_document(), fast) if record else None
    if after == before and jsonutils.encode(after) == jsonutils.encode(before):  # 1 equals true in Python
        return None
    return Change(table, place, place, before, after)


def none_first(value: Any) -> tuple[bool, Any]:
    """The key by which a value is sorted: None before any other value."""
    return value is not None, value

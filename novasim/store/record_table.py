"""A table in a transaction: its records, and what one unit of work after another changes in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tinydb.table import Table

from novasim import jsonutils
from novasim.records import Record
from novasim.store.documents import Change, Rows
from novasim.store.errors import damaged
from novasim.store.indexes import Fields, Index, Match, default_of, is_new

if TYPE_CHECKING:
    from tinydb.queries import QueryLike
    from tinydb.storages import Storage

R = TypeVar("R", bound=Record)
N = TypeVar("N", int, str)  # the number of a document, as a store has it
Indexes = dict[str, Index[str]]  # by field


class RecordTable(Table, Generic[R]):
    """
    A TinyDB table in a transaction: stored documents, and the fields of records that were put in their places.

    Args:
        new_ids: See `store.base.Transaction.expect_new`.
    """

    def __init__(
        self,
        kind: type[R],
        storage: Storage,
        indexes: Indexes,
        checked: set[str],
        path: str,
        new_ids: Collection[str] = (),
    ) -> None:
        super().__init__(storage, kind.table, cache_size=0)
        self._kind, self._path, self._new_ids = kind, path, new_ids
        self._shared, self._indexes = indexes, dict(indexes)
        self._checked = checked
        self._stored: Rows = super()._read_table()
        self._rows = self._stored  # a change replaces them by a copy
        self._last = int(next(reversed(self._stored), 0))
        self._records: dict[str, R] = {}  # by number
        self._all: list[R] | None = None  # if they were queried
        self.log = ChangeLog(kind.table, self._stored, self._records)
        self._numbers: dict[str, str] = {}  # of these records, by id
        self._unindexed: set[str] = set()  # put since an index was used

    def find(self, cond: QueryLike) -> list[str]:
        """
        The numbers of matching documents, in the order of insertion.

        Records that were changed, but not put, must still match.
        """
        rows, records = self._rows, self._records
        numbers: Iterable[str] = rows
        if isinstance(cond, Match) and cond.indexed:
            found = [self._index(field, default).find(value) for field, value, default in cond.indexed]
            rarest = min(found, key=len)
            numbers = [number for number in sorted(set(rarest), key=int) if number in rows]
        matching = [number for number in numbers if cond(rows[number])]
        return [
            number
            for number in matching
            if number not in records or (fields := vars(records[number])) is rows[number] or cond(fields)
        ]

    def select(self, where: Fields | None, order: Sequence[str], limit: int | None, after: str | None) -> list[R]:
        """The arguments are those of `store.base.Transaction.query`."""
        if not where and not order and limit is None and after is None:
            return self._list_all()
        found, rows = self.find(Match(self._kind, where)) if where else list(self._rows), self._rows
        for name in reversed(order):
            field = name.removeprefix("-")
            default = default_of(self._kind, field)
            found.sort(key=lambda number: none_first(rows[number].get(field, default)), reverse=field != name)
        if after is not None:
            found = found[next((at for at, number in enumerate(found, 1) if rows[number]["id"] == after), len(found)) :]
        return [self.record(number) for number in found[:limit]]

    def _list_all(self) -> list[R]:
        if self._all is None:
            self._all = [self.record(number) for number in self._rows]
        return list(self._all)

    def find_by_id(self, id: str) -> R | None:
        number = self._numbers.get(id)
        if number is not None:
            return self._records[number]
        number = self._number_of(id)
        return None if number is None else self.record(number)

    def find_by_number(self, number: str) -> R | None:
        return self.record(number) if number in self._rows else None

    def record(self, number: str) -> R:
        """The record of a document, always the same object."""
        record = self._records.get(number)
        if record is None:
            try:
                record = self._kind.from_document(self._rows[number], number in self._checked)
            except ValueError as error:
                raise damaged(self._path, f"in table {self.name!r}, {error}") from None
            self._checked.add(number)
            self._records[number], self._numbers[record.id] = record, number
        return record

    def put(self, record: R, place: int | None) -> None:
        number = self._numbers.get(record.id)
        if number is not None and number in self.log.changed and self._records[number] is record:
            self.log.add(number)  # the present unit of work has put the same object before
            self._unindexed.add(number)
            return
        number = self._number_of(record.id)
        if number is None:
            number = self._add_place(place)
        self._change(number)[number] = vars(record)
        if self._records.get(number) is not record:
            self._records[number], self._numbers[record.id], self._all = record, number, None

    def _add_place(self, place: int | None) -> str:
        """The number of a new record, whose document takes its place in the order of numbers."""
        number = str(self._last + 1 if place is None else place)
        if number in self._rows:
            raise ValueError(f"another record has place {place} in table {self.name!r}")
        self._change(number)[number] = {}
        if int(number) <= self._last:
            self._rows = _in_order(self._rows)
        self._last = max(self._last, int(number))
        return number

    def delete(self, id: str) -> None:
        number = self._number_of(id)
        if number is not None:
            del self._change(number)[number]
            self._records.pop(number, None)
            self._numbers.pop(id, None)
            self._all = None

    def keep(self, changes: Mapping[str, Change]) -> None:
        """Keep the changes of the present unit of work, all of which are given."""
        self.log.keep(changes)
        self._last = int(next(reversed(self._rows), 0))

    def apply(self) -> tuple[Rows, Indexes]:
        """The rows with what was committed, and their indexes. Rows that are the same stay the same objects."""
        rows, log = dict(self._rows), self.log
        for number in log.kept.keys() | log.changed:
            document = log.find_before(number)
            if document is None:
                rows.pop(number, None)
            else:
                rows[number] = document
        if log.changed:  # a record that was deleted, but not committed, is the last now
            rows = _in_order(rows)
        for index in self._indexes.values():
            index.add((number, rows[number]) for number in log.kept if number in rows)
        return rows, {field: each for field, each in self._indexes.items() if len(each) < 2 * len(rows) + 1000}

    def _read_table(self) -> Rows:
        return self._rows

    def _change(self, number: str) -> Rows:
        if self._rows is self._stored:
            self._rows = dict(self._stored)
        self.log.add(number)
        self._unindexed.add(number)
        return self._rows

    def _number_of(self, id: str) -> str | None:
        number = self._numbers.get(id)
        if number is not None or is_new(id, self._new_ids):
            return number
        candidates = self._index("id", None).find(id)
        return next((each for each in candidates if each in self._rows and self._rows[each]["id"] == id), None)

    def _index(self, field: str, default: object) -> Index[str]:
        if field not in self._indexes:
            self._indexes[field] = self._shared[field] = Index(field, default, self._stored)
            self._unindexed |= self.log.kept.keys() | self.log.changed
        if self._unindexed:
            for index in self._indexes.values():
                index.add((number, self._rows[number]) for number in self._unindexed & self._rows.keys())
            self._unindexed.clear()
        return self._indexes[field]


def _in_order(rows: Rows) -> Rows:
    return {number: rows[number] for number in sorted(rows, key=int)}


def none_first(value: Any) -> tuple[bool, Any]:
    """The key by which a value is sorted: None before any other value."""
    return value is not None, value


class ChangeLog(Generic[N]):
    """
    The documents of a table that a transaction changes, by their numbers.

    Args:
        table: The name of the table.
        stored: The stored documents, as far as they were read. records: The records in memory.

    Attributes:
        changed: What the present unit of work has put or deleted.
        kept: The documents that earlier units of work have left; None for a deleted one.
    """

    def __init__(self, table: str, stored: Mapping[N, Fields | None], records: Mapping[N, Record]) -> None:
        self._table = table
        self._stored: Mapping[N, Fields | None] = stored
        self._records: Mapping[N, Record] = records
        self.changed: set[N] = set()
        self._recent: set[N] = set()  # since `take_changes`
        self.kept: dict[N, Fields | None] = {}
        self._taken: dict[N, Fields | None] = {}  # as they were at `take_changes`

    def add(self, number: N) -> None:
        """Note that a record is put or deleted."""
        self.changed.add(number)
        self._recent.add(number)

    def find_before(self, number: N) -> Fields | None:
        """The document as the present unit of work has found it."""
        return self.kept[number] if number in self.kept else self._stored.get(number)

    def compare(self) -> dict[N, Change]:
        """The changes of the present unit of work, for `keep`."""
        return self._compare(self.changed, {})

    def take_changes(self, complete: bool) -> list[Change]:
        """As `store.base.Transaction.take_changes`."""
        recent, self._recent = self.changed if complete else self._recent, set()
        changes = self._compare(recent, self._taken)
        self._taken |= {number: change.after for number, change in changes.items()}
        return list(changes.values())

    def keep(self, changes: Mapping[N, Change]) -> None:
        """Keep the changes of the present unit of work. Another one begins."""
        for number in self.changed:
            after = changes[number].after if number in changes else self.find_before(number)
            if after is None and self._stored.get(number) is None:
                self.kept.pop(number, None)  # it has come and gone
            else:
                self.kept[number] = after
        self.changed, self._recent, self._taken = set(), set(), {}

    def kept_changes(self) -> list[Change]:
        """What all units of work have changed together."""
        found = ((number, self._stored.get(number), self.kept[number]) for number in sorted(self.kept, key=int))
        return [
            Change(self._table, int(number), int(number), before, after)
            for number, before, after in found
            if after is not before
        ]

    def _compare(self, numbers: Collection[N], taken: Mapping[N, Fields | None]) -> dict[N, Change]:
        """The changes of documents since they were *taken*, or else since the beginning of the unit of work."""
        if not numbers:
            return {}
        changes, fast = {}, jsonutils.is_orjson_faster(len(self.changed))
        for number in sorted(numbers, key=int) if len(numbers) > 1 else numbers:
            before = taken[number] if number in taken else self.find_before(number)
            record = self._records.get(number)
            after = jsonutils.copy(record.to_document(), fast) if record else None
            if is_different(before, after):
                changes[number] = Change(self._table, int(number), int(number), before, after)
        return changes


def is_different(before: Fields | None, after: Fields | None) -> bool:
    """Whether two documents differ, or one of them does not exist."""
    if before is None or after is None:
        return before is not after
    return after != before or jsonutils.encode(after) != jsonutils.encode(before)  # 1 equals true in Python

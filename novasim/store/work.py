"""The transaction of every backend: objects by id over a snapshot of encoded documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from novasim.records import Record, Task
from novasim.store.codec import decoder, document_of, encoder, equal, need, paused_gc
from novasim.store.errors import damaged
from novasim.store.table import Change, Table, document_in, id_of, key_in, place_of

R = TypeVar("R", bound=Record)
Tables = Mapping[str, Table]

NOTHING = Table(b"", 0, 0, 0)


_fields: dict[object, frozenset[str]] = {}
_required: dict[object, frozenset[str]] = {}


def fields_of(kind: type[Record]) -> frozenset[str]:
    """The fields that a kind of record declares."""
    if kind not in _fields:
        hints = [item for base in kind.__mro__ for item in getattr(base, "__annotations__", {}).items()]
        _fields[kind] = frozenset(name for name, hint in hints if not str(hint).startswith("ClassVar"))
    return _fields[kind]


def required_of(kind: type[Record]) -> frozenset[str]:
    """The fields without a default."""
    if kind not in _required:
        _required[kind] = frozenset(name for name in fields_of(kind) if not hasattr(kind, name))
    return _required[kind]


def check_fields(kind: type[Record], names: Iterable[str]) -> None:
    """Raise TypeError if the kind has no field of one of these names."""
    for name in names:
        if name not in fields_of(kind):
            raise TypeError(f"{kind.__name__} has no field {name!r}")


class Work:
    """
    One unit of work, as `store.base.Transaction` describes it.

    Args:
        tables: The snapshot; it is not changed, unless it is given up to its owner.
        path: Names the world in messages.
        owner: As `store.table.Table.changed` has it.
    """

    def __init__(self, tables: Tables, path: str, owner: object = None) -> None:
        self._tables = tables
        self._path = path
        self._owner = owner
        self._touched: dict[str, TableWork[Any]] = {}

    def get(self, kind: type[R], id: str) -> R | None:
        return self._on(kind).get(id)

    def query(
        self,
        kind: type[R],
        where: Mapping[str, object] | None = None,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: str | None = None,
    ) -> list[R]:
        check_fields(kind, [name.removeprefix("-") for name in order])
        return page(self._on(kind).find(dict(where or {})), order, limit, after)

    def count(self, kind: type[R], where: Mapping[str, object] | None = None) -> int:
        return len(self.query(kind, where)) if where else self._on(kind).count()

    def due_before(self, time: float) -> list[Task]:
        return [task for task in self.query(Task) if task.ends[task.position] <= time]

    def put(self, record: Record) -> None:
        self._on(type(record)).put(record)

    def delete(self, record: Record) -> None:
        self._on(type(record)).delete(record.id)

    def result(self) -> Tables:
        """The world after the transaction; the very snapshot itself if nothing is different."""
        changes = {name: touched.change() for name, touched in self._touched.items()}
        after = {
            name: self._touched[name].base.changed(change, self._owner)
            for name, change in changes.items()
            if change is not None
        }
        return {**self._tables, **after} if after else self._tables

    def _on(self, kind: type[R]) -> TableWork[R]:
        touched = self._touched.get(kind.table)
        if touched is None:
            touched = TableWork(kind, self._tables.get(kind.table, NOTHING), self._path)
            self._touched[kind.table] = touched
        return touched


class TableWork(Generic[R]):
    """
    One table within a transaction.

    A record is in one of two places: among the stored (`_known` once decoded; those to be saved again also in
    `_replaced`), or among the `_added`, which follow all stored ones.
    """

    def __init__(self, kind: type[R], base: Table, path: str) -> None:
        self.base = base
        self._kind = kind
        self._reading = Reading(path, kind.table)
        self._known: dict[str, R] = {}
        self._replaced: dict[str, R] = {}
        self._added: dict[str, R] = {}
        self._turns: dict[str, int] = {}  # the order of the added ones
        self._turn = 0
        self._removed: set[str] = set()
        self._index: dict[str, dict[object, dict[str, R]]] = {}  # of all that was put, by field and value

    def get(self, id: str) -> R | None:
        found = self._added.get(id) or self._known.get(id)
        if found is not None or id in self._removed:
            return found
        with self._reading:
            line = self.base.get(id)
            return None if line is None else self._objects([(key_in(line), line)])[0]

    def all(self) -> list[R]:
        with self._reading:
            return [*self._objects(self.base.lines().items()), *self._added.values()]

    def find(self, fields: dict[str, object]) -> list[R]:
        check_fields(self._kind, fields)
        if not fields:
            return self.all()
        put = self._put_with(fields)
        stored = self._stored_with(fields)
        if not put:
            return stored
        replaced = [record for record in put if record.id in self._replaced]
        if replaced:
            stored = sorted(stored + replaced, key=self._place)
        added = [record for record in put if record.id in self._added]
        return stored + sorted(added, key=lambda record: self._turns[record.id])

    def count(self) -> int:
        return self.base.count - len(self._removed) + len(self._added)

    def put(self, record: R) -> None:
        id = record.id
        if id in self._added:
            self._added[id] = record
        elif self._is_stored(id):
            self._known[id] = self._replaced[id] = record
        else:
            self._added[id] = record
            self._turn += 1
            self._turns[id] = self._turn
        for field, index in self._index.items():
            _enter(index, field, record)

    def delete(self, id: str) -> None:
        if id in self._added:
            del self._added[id]
        elif self._is_stored(id):
            self._removed.add(id)
            self._known.pop(id, None)
            self._replaced.pop(id, None)

    def change(self) -> Change | None:
        """What is different with everything put and deleted, if anything."""
        encode = encoder(len(self._replaced) + len(self._added))
        replaced = {id: encode(document_of(record)) for id, record in self._replaced.items()}
        added = [encode(document_of(record)) for record in self._added.values()]
        with self._reading:
            return self.base.change(replaced, added, self._removed)

    def _is_stored(self, id: str) -> bool:
        if id in self._removed or id in self._known:
            return id in self._known
        with self._reading:
            return self.base.get(id) is not None

    def _stored_with(self, fields: dict[str, object]) -> list[R]:
        needs = [found for name, value in fields.items() if (found := need(self._kind, name, value))]
        with self._reading:
            records = self._objects([(key_in(line), line) for line in self.base.candidates(needs)])
        return [record for record in records if record.id not in self._replaced and _matches(record, fields)]

    def _put_with(self, fields: dict[str, object]) -> list[R]:
        """Those put in this transaction; indexed, because a big command puts thousands and asks as often."""
        if not (self._replaced or self._added):
            return []
        field, value = max(fields.items(), key=lambda item: len(str(item[1])))
        if field not in self._index:
            self._index[field] = {}
            for record in [*self._replaced.values(), *self._added.values()]:
                _enter(self._index[field], field, record)
        found = self._index[field].get(value, {})
        return [record for id, record in found.items() if self._is_put(id, record) and _matches(record, fields)]

    def _is_put(self, id: str, record: R) -> bool:
        return (self._added.get(id) or self._replaced.get(id)) is record

    def _place(self, record: R) -> int:
        line = self.base.get(record.id)
        return 0 if line is None else place_of(line)

    def _objects(self, lines: Collection[tuple[bytes, bytes]]) -> list[R]:
        """The records in these lines, with their keys, but the removed ones; each is decoded only once."""
        decode = decoder(len(lines) + len(self._known))
        kind, required, known = self._kind, required_of(self._kind), self._known
        records = []
        with paused_gc(len(lines)):
            for key, line in lines:
                id = id_of(key)
                record = known.get(id)
                if record is None and id not in self._removed:
                    fields = decode(document_in(line))
                    if not required <= fields.keys():
                        raise ValueError(f"record {id!r} lacks {min(required - fields.keys())!r}")
                    record = known[id] = kind(**fields)
                if record is not None:
                    records.append(record)
        return records


class Reading:
    """While stored bytes are read: an error in them is damage to the file."""

    def __init__(self, path: str, table: str) -> None:
        self._path, self._table = path, table

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | RecursionError):
            raise damaged(self._path, f"in table {self._table!r}, {error}") from None


def page(records: list[R], order: Sequence[str], limit: int | None, after: str | None) -> list[R]:
    """The part of a query's result that `order`, `limit` and `after` ask for."""
    for field in reversed(order):
        name = field.removeprefix("-")
        records = sorted(records, key=lambda record: _sort_key(getattr(record, name)), reverse=name != field)
    if after is not None:
        start = next((number for number, record in enumerate(records, 1) if record.id == after), len(records))
        records = records[start:]
    return records[:limit]


def _sort_key(value: Any) -> tuple[bool, Any]:
    return (value is not None, value)


def _matches(record: Record, fields: dict[str, object]) -> bool:
    return all(equal(getattr(record, name), value) for name, value in fields.items())


def _enter(index: dict[object, dict[str, Any]], field: str, record: Record) -> None:
    value = getattr(record, field, None)
    if value is None or isinstance(value, str | int | float):
        index.setdefault(value, {})[record.id] = record

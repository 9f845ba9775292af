"""The stored documents that a transaction reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from novasim import jsonutils
from novasim.records import TABLES
from novasim.records.cloud import FORMAT
from novasim.store.documents import Unsaved
from novasim.store.errors import damaged
from novasim.store.indexes import is_new
from novasim.store.sql.engine import Connection, Row
from novasim.store.sql.keys import KEYS, encode_key, encode_text

Fields = Mapping[str, Any]
Documents = list[tuple[int, Fields]]
"""Documents with their places."""

LIST_CHANGES = (
    "SELECT table_name, NULL AS place, CAST(count(*) AS TEXT) FROM documents WHERE {0} GROUP BY table_name UNION ALL "
    "SELECT table_name, place, body FROM documents WHERE {0} AND revision > ?"
)


class Revision:
    """
    A revision of a cloud.

    Attributes:
        unsaved: What has changed since the revision that is committed.
        format: That of the stored documents.
    """

    def __init__(self, created: float = 0.0, number: int = 0, unsaved: Unsaved = None, format: int = FORMAT) -> None:
        self.created, self.number, self.unsaved, self.format = created, number, unsaved, format

    @property
    def version(self) -> tuple[int, ...]:
        """What names it: when the cloud was created, in microseconds since the epoch, and its number."""
        return round(self.created * 1e6), self.number

    def is_same(self, other: Revision) -> bool:
        """Whether it is another object for the same stored state."""
        return (self.created, self.number, self.format) == (other.created, other.number, other.format)

    def precedes(self, other: Revision) -> bool:
        """Whether it is an earlier revision of the same cloud."""
        return self.created == other.created and self.number < other.number


class Marker(NamedTuple):
    """The document after which a page begins."""

    place: int
    fields: Fields


class Selection(NamedTuple):
    """
    Documents of a table that the database selects.

    Args:
        where: The values that fields in columns must have.
        order: The fields in columns to sort by, descending with "-" before the name.
        limit: The number of documents at most. after: The document to start after; both are by the order.
    """

    where: Fields
    order: Sequence[str] = ()
    limit: int | None = None
    after: Marker | None = None


class Source:
    """
    The documents of a cloud in a snapshot of the database; none at all without a connection.

    A snapshot never changes, so answers are kept until the end of the transaction.

    Attributes:
        last_places: By table, the highest place, as far as it is known.
        new_ids: Ids that no document has; see `store.base.Transaction.expect_new`.
    """

    def __init__(self, connection: Connection | None, cloud: str, path: str) -> None:
        self._connection, self._cloud, self._path = connection, cloud, path
        self.new_ids: Collection[str] = ()
        self.last_places: dict[str, int] = {}
        self._kept: dict[tuple[str, tuple[object, ...]], Any] = {}

    def find_by_id(self, table: str, id: str) -> tuple[int, Fields] | None:
        """The document of an id, and its place."""
        if is_new(id, self.new_ids):
            return None
        found = self._read_documents(table, "SELECT place, body FROM documents WHERE {} AND id = ?", [encode_text(id)])
        return found[0] if found else None

    def find_by_place(self, table: str, place: int) -> Fields | None:
        """The document at a place."""
        found = self._read_documents(table, "SELECT place, body FROM documents WHERE {} AND place = ?", [place])
        return found[0][1] if found else None

    def has_none(self, where: Fields) -> bool:
        """Whether there is no document with these values of fields, since one of them is a new id."""
        return any(is_new(value, self.new_ids) for value in where.values())

    def last_place(self, table: str) -> int:
        """The highest place in a table; 0 if that is empty."""
        if table not in self.last_places:
            self.last_places[table] = self._read_number(table, "SELECT max(place) FROM documents WHERE {}")
        return self.last_places[table]

    def find_last_before(self, table: str, place: int) -> int:
        """The highest place below another one; 0 without such a document."""
        return self._read_number(table, "SELECT max(place) FROM documents WHERE {} AND place < ?", [place])

    def count(self, table: str, where: Fields) -> int:
        """The number of documents with these values of fields in columns."""
        conditions, values = write_conditions(table, where)
        statement = f"SELECT count(*) FROM documents WHERE {{}}{conditions}"  # nosec B608 # names
        return self._read_number(table, statement, values)

    def find_next_due(self, moment: float, count: int) -> Documents:
        """The tasks whose present phase ends next after *moment*, at most *count*."""
        statement = "SELECT place, body FROM documents WHERE {} AND due > ? ORDER BY due, place LIMIT ?"
        return self._read_documents("tasks", statement, [encode_key(moment), count])

    def find_due(self, moment: float) -> Documents:
        """The tasks whose present phase ends at or before *moment*."""
        statement = "SELECT place, body FROM documents WHERE {} AND due <= ? ORDER BY +place"
        return self._read_documents("tasks", statement, [encode_key(moment)])

    def select(self, table: str, selection: Selection) -> Documents:
        """The documents of a selection, in its order."""
        if self.has_none(selection.where):
            return []
        if selection.after is None:
            return self._select_range(table, selection, "", ())
        found: Documents = []
        for condition, values in list_ranges(table, selection.order, selection.after):
            rest = None if selection.limit is None else selection.limit - len(found)
            if rest is None or rest > 0:
                found += self._select_range(table, selection._replace(limit=rest), f" AND {condition}", values)
        return found

    def _select_range(self, table: str, selection: Selection, condition: str, more: Sequence[object]) -> Documents:
        conditions, values = write_conditions(table, selection.where)
        where, order = f"{conditions}{condition}", write_order(selection)
        statement = f"SELECT place, body FROM documents WHERE {{}}{where} ORDER BY {order}"  # nosec B608 # names
        if selection.limit is not None:
            statement += f" LIMIT {int(selection.limit)}"
        return self._read_documents(table, statement, [*values, *more])

    def list_changes(self, tables: Sequence[str], revision: int) -> tuple[dict[str, Documents], dict[str, int]]:
        """By table, unless it is empty: the documents stored after a revision, and the number of all documents."""
        if self._connection is None or not tables:
            return {}, {}
        where = f"cloud = ? AND table_name IN ({', '.join(map(repr, tables))})"
        rows = self._connection.select(LIST_CHANGES.format(where), [self._cloud, self._cloud, revision])
        changes, counts = dict[str, Documents](), dict[str, int]()
        for table, place, body in rows:
            if place is None:
                counts[table] = int(body)
            else:
                changes.setdefault(table, []).append((int(place), self._decode(table, body)))
        return changes, counts

    def _decode(self, table: str, body: str) -> Fields:
        try:
            fields: Fields = jsonutils.decode(body.encode())
            return fields
        except ValueError:
            raise damaged(self._path, f"in table {table!r}, a document is not JSON") from None

    def _read_number(self, table: str, statement: str, values: Sequence[object] = ()) -> int:
        rows = self._select(table, statement, values)
        return int(rows[0][0] or 0) if rows else 0

    def _read_documents(self, table: str, statement: str, values: Sequence[object]) -> Documents:
        key = (statement.format(table), tuple(values))
        if key not in self._kept:
            rows = self._select(table, statement, values)
            read = jsonutils.choose_decoder(len(rows))
            try:
                self._kept[key] = [(int(place), read(body.encode())) for place, body in rows]
            except ValueError:
                raise damaged(self._path, f"in table {table!r}, a document is not JSON") from None
        documents: Documents = self._kept[key]
        return documents

    def _select(self, table: str, statement: str, values: Sequence[object] = ()) -> list[Row]:
        if self._connection is None:
            return []
        where = f"cloud = ? AND table_name = '{table}'"  # as in the indexes, which are for one table each
        return self._connection.select(statement.format(where), [self._cloud, *values])


def in_columns(table: str, field: str) -> bool:
    """Whether the database can look a field up."""
    return field in KEYS.get(table, ()) or field == "id"


def write_conditions(table: str, where: Fields) -> tuple[str, list[object]]:
    """The conditions of SQL for values of fields, and the values in them."""
    values: list[object] = [write_value(field, value) for field, value in where.items()]
    return "".join(f" AND {field} = ?" for field in where), values


def write_order(selection: Selection) -> str:
    """
    The words of SQL for an order.

    The plus keeps a database from reading a whole table in the order of places, rather than the few documents that an
    index selects.
    """
    if selection.where and not selection.order:
        return "+place"
    names = [f"{field.removeprefix('-')} DESC" if field.startswith("-") else field for field in selection.order]
    return ", ".join([*names, "place"])


def list_ranges(table: str, order: Sequence[str], marker: Marker) -> Iterator[tuple[str, list[object]]]:
    """
    The ranges of an order that come after a document, as conditions of SQL and the values in them.

    They are one after the other, and each is a part of an index. A single condition for all of them would have "OR",
    with which a database reads everything that comes before the document, too.
    """
    kind = TABLES[table]
    comparisons = [(name.removeprefix("-"), "<" if name.startswith("-") else ">") for name in order]
    values: list[object] = [
        write_value(name, marker.fields.get(name, getattr(kind, name, None))) for name, _ in comparisons
    ]
    if "id" not in order and "-id" not in order:  # otherwise the place decides nothing
        comparisons, values = [*comparisons, ("place", ">")], [*values, marker.place]
    for last in reversed(range(len(comparisons))):
        same = "".join(f"{name} = ? AND " for name, _ in comparisons[:last])
        name, comparison = comparisons[last]
        yield f"{same}{name} {comparison} ?", values[: last + 1]


def write_value(field: str, value: object) -> str:
    """The value of a field as its column has it."""
    return encode_text(str(value)) if field == "id" else encode_key(value)

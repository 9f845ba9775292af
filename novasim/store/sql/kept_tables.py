"""Small tables of a cloud in a database, which a server keeps decoded from one transaction to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from tinydb.storages import MemoryStorage

from novasim.records import TABLES, Record
from novasim.store.documents import Change, Rows
from novasim.store.indexes import Fields, Match
from novasim.store.record_table import Indexes, RecordTable
from novasim.store.sql.source import Revision, Selection, Source

R = TypeVar("R", bound=Record)

LARGE = {
    *("servers", "tasks", "ports", "floating_ips", "volumes", "volume_snapshots", "attachments", "allocations"),
    *("migrations", "instance_actions", "console_tokens", "image_data"),
}
"""Tables that grow with the number of servers, or have large documents. They are never kept."""
KEPT = frozenset(TABLES.keys() - LARGE)
MAX_ROWS = 2000  # documents in a table that is kept


class KeptTables:
    """
    Small tables at one revision of a cloud. Each is read as a whole at its first use; no document changes afterwards.

    They are right as long as the cloud has that revision, whichever process writes: each transaction reads the revision
    first, and another one needs other tables. These need only the documents that have changed since then.

    Args:
        earlier: The tables at an earlier revision of the same cloud.

    Attributes:
        last_places: By table, the highest place, as far as it is known; also of tables that are not kept.
    """

    def __init__(self, revision: Revision, earlier: KeptTables | None = None) -> None:
        self.revision, self._earlier = revision, earlier
        self.last_places: dict[str, int] = {}
        self._rows: dict[str, Rows | None] = {}  # None: there are too many
        self._indexes: dict[str, Indexes] = {}
        self._checked: dict[str, set[str]] = {}

    def open(self, kind: type[R], source: Source, path: str) -> KeptTable[R] | None:
        """
        A table in a transaction; None if it is not kept.

        Args:
            source: The documents of the transaction, which has this revision. path: The name of the cloud in messages.
        """
        name = kind.table
        if name not in KEPT:
            return None
        if self._earlier:
            self._take_over(self._earlier, source)
        if name not in self._rows:
            documents = source.select(name, Selection({}, limit=MAX_ROWS + 1))
            self._rows[name] = {str(place): row for place, row in documents} if len(documents) <= MAX_ROWS else None
        if (rows := self._rows[name]) is None:
            return None
        storage = MemoryStorage()  # type: ignore[no-untyped-call]
        storage.write({name: rows})
        indexes, checked = self._indexes.setdefault(name, {}), self._checked.setdefault(name, set())
        return KeptTable(kind, RecordTable(kind, storage, indexes, checked, path, source.new_ids))

    def _take_over(self, earlier: KeptTables, source: Source) -> None:
        """Add the tables of an earlier revision with the changes since then, but for those with deleted documents."""
        known = {name: rows for name, rows in sorted(earlier._rows.items()) if rows is not None}
        changes, counts = source.list_changes(list(known), earlier.revision.number)
        for name, old in known.items():
            changed = {str(place): row for place, row in changes.get(name, ())}
            rows = sort_rows({**old, **changed}) if changed else old
            if len(rows) == counts.get(name, 0) <= MAX_ROWS:
                self._rows[name] = rows
                if not changed:
                    self._indexes[name] = earlier._indexes.get(name, {})
                    self._checked[name] = earlier._checked.get(name, set())
        self._earlier = None

    def follow(self, revision: Revision, tables: Mapping[str, Any], changes: Sequence[Change]) -> KeptTables:
        """
        The tables after a transaction.

        Args:
            revision: That after the transaction. tables: Those that it has opened. changes: What it has changed.
        """
        after = KeptTables(revision)
        after._rows, after._indexes, after._checked = dict(self._rows), dict(self._indexes), self._checked
        after.last_places = dict(self.last_places)
        for name in {change.table for change in changes}:
            own, table = [change for change in changes if change.table == name], tables[name]
            if isinstance(table, KeptTable):
                rows, after._indexes[name] = table.apply()
                after._rows[name] = rows if len(rows) <= MAX_ROWS else None
            after._note_places(name, own)
        return after

    def _note_places(self, name: str, changes: Sequence[Change]) -> None:
        last = self.last_places.get(name)
        if last is not None:
            highest = max(changes, key=lambda change: change.number)
            if highest.number >= last and highest.after is None:
                del self.last_places[name]
            else:
                self.last_places[name] = max(last, highest.number)


def sort_rows(rows: Rows) -> Rows:
    """Rows in the order of their places."""
    places = list(map(int, rows))
    return rows if places == sorted(places) else {str(place): rows[str(place)] for place in sorted(places)}


class KeptTable(Generic[R]):
    """A table in a transaction, with the methods of `SqlTable`."""

    source: Source | None = None  # it has all documents

    def __init__(self, kind: type[R], table: RecordTable[R]) -> None:
        self._kind, self._table = kind, table
        self.put, self.delete, self.log = table.put, table.delete, table.log
        self.keep, self.apply = table.keep, table.apply
        self.get, self.find = table.find_by_id, table.select

    def record_at(self, place: int) -> R | None:
        return self._table.find_by_number(str(place))

    def count(self, where: Fields) -> int:
        return len(self._table.find(Match(self._kind, where))) if where else len(self._table)

"""Stored documents in memory, for a reader of a batch that stays open while the batch goes on."""

from __future__ import annotations

from novasim.records import TABLES
from novasim.store.documents import Tables
from novasim.store.indexes import Fields, Match, default_of
from novasim.store.sql.keys import find_due
from novasim.store.sql.source import Documents, Selection, Source


class TablesSource(Source):
    """What `Source` reads from the database, read from *tables* instead."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(None, "", "")
        self._tables = tables

    def _list(self, table: str, where: Fields) -> Documents:
        match = Match(TABLES[table], where)
        return [(int(number), row) for number, row in self._tables.get(table, {}).items() if match(row)]

    def find_by_id(self, table: str, id: str) -> tuple[int, Fields] | None:
        return next(iter(self._list(table, {"id": id})), None)

    def find_by_place(self, table: str, place: int) -> Fields | None:
        return self._tables.get(table, {}).get(str(place))

    def last_place(self, table: str) -> int:
        return max(map(int, self._tables.get(table, {})), default=0)

    def find_last_before(self, table: str, place: int) -> int:
        return max((number for number in map(int, self._tables.get(table, {})) if number < place), default=0)

    def count(self, table: str, where: Fields) -> int:
        return len(self._list(table, where))

    def find_next_due(self, moment: float, count: int) -> Documents:
        tasks = [(due, place, task) for place, task in self._list("tasks", {}) if (due := find_due(task) or 0) > moment]
        return [(place, task) for _, place, task in sorted(tasks, key=lambda each: each[:2])[:count]]

    def find_due(self, moment: float) -> Documents:
        return [(place, task) for place, task in self._list("tasks", {}) if (find_due(task) or 0) <= moment]

    def select(self, table: str, selection: Selection) -> Documents:
        from novasim.store.sql.table import sort_documents

        defaults = [default_of(TABLES[table], name.removeprefix("-")) for name in selection.order]
        found = sort_documents(self._list(table, selection.where), selection.order, defaults)
        if (marker := selection.after) is not None:
            found = found[next((at for at, (place, _) in enumerate(found, 1) if place == marker.place), 0) :]
        return found[: selection.limit]

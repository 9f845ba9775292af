"""The records of a table in a transaction: those of stored documents, and in their places those that were put."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from novasim.records import Record
from novasim.store.documents import Change
from novasim.store.errors import damaged
from novasim.store.indexes import INDEXED, Fields, Index, Match, default_of
from novasim.store.record_table import ChangeLog, none_first
from novasim.store.sql.source import Documents, Marker, Selection, Source, in_columns

R = TypeVar("R", bound=Record)
FEW = 16  # changed records that are compared one by one
NOWHERE = -1  # no record has this place


class SqlTable(Generic[R]):
    """
    The records of one kind.

    Args:
        source: Where stored documents are read. path: The name of the cloud in messages.
    """

    def __init__(self, kind: type[R], source: Source, path: str) -> None:
        self._kind, self.source, self._path, self._name = kind, source, path, kind.table
        self._stored: dict[int, Fields | None] = {}  # documents, as far as they were read
        self._records: dict[int, R] = {}
        self._places: dict[str, int | None] = {}  # by id; None if there is no record
        self.changed: dict[int, Fields | None] = {}  # the fields of records that were put; None if it was deleted
        self.log = ChangeLog(self._name, self._stored, self._records)
        self._indexes: dict[str, Index[int]] = {}  # of changed records
        self._unindexed: set[int] = set()  # changed since an index was used
        self._last: int | None = None
        self._all: dict[int, None] | None = None  # the places of all records in their order, if they were queried
        self._growth = 0  # records more than stored documents

    def get(self, id: str) -> R | None:
        record = self._records.get(self._places.get(id) or NOWHERE)
        if record is not None:
            return record
        place = self._places[id] if id in self._places else self._place_of(id)
        return None if place is None else self.record_at(place)

    def record_at(self, place: int) -> R | None:
        """The record at a place, always the same object."""
        record = self._records.get(place)
        if record is not None:
            return record
        document = None if place in self.changed else self._read_stored(place)
        return None if document is None else self._load(place, document)

    def find(self, where: Fields, order: Sequence[str], limit: int | None, after: str | None) -> list[R]:
        """The arguments are those of `store.base.Transaction.query`."""
        if not where and not order and limit is None and after is None:
            return self._list_all()
        if not self.changed and self.source.has_none(where):
            return []
        match, defaults = Match(self._kind, where), [default_of(self._kind, name.removeprefix("-")) for name in order]
        marker = None if after is None else self._find_marker(after, match)
        if after is not None and marker is None:
            return []
        found = self._select(match, where, order, limit, marker)
        if self.changed or marker or not self._is_sorted(where, order):
            if marker and marker.place not in self.changed:
                found.append((marker.place, marker.fields))
            found = sort_documents(found + self._find_changed(match), order, defaults)
        if marker:
            found = found[next(at for at, (place, _) in enumerate(found, 1) if place == marker.place) :]
        records = (self.record_at(place) for place, _ in found[:limit])
        return [record for record in records if record is not None]

    def _list_all(self) -> list[R]:
        if self._all is None:
            found = {place for place, _ in self._select(Match(self._kind, {}), {}, (), None, None)}
            found.update(place for place, fields in self.changed.items() if fields is not None)
            self._all = dict.fromkeys(sorted(found))
        records = map(self.record_at, self._all)
        return [record for record in records if record is not None]

    def _find_marker(self, id: str, match: Match) -> Marker | None:
        place = self._place_of(id)
        fields = None if place is None else self._fields_at(place)
        return Marker(place, fields) if place is not None and fields is not None and match(fields) else None

    def _select(
        self, match: Match, where: Fields, order: Sequence[str], limit: int | None, marker: Marker | None
    ) -> Documents:
        """Stored documents that match, without those that were changed here, and without the marker."""
        known, is_sorted = self._known(where), self._is_sorted(where, order)
        most = None if limit is None or not is_sorted else limit + len(self._records) + len(self.changed)
        selection = Selection(known, order, most, marker) if is_sorted else Selection(known)
        documents = self.source.select(self._name, selection)
        self._stored |= dict(documents)
        found = ((place, document) for place, document in documents if place not in self.changed)
        return [
            (place, fields)
            for place, fields in found
            if match(self._live(place, fields)) and (marker is None or place != marker.place) and match(fields)
        ]

    def _is_sorted(self, where: Fields, order: Sequence[str]) -> bool:
        """Whether the database can compare all fields, so that it sorts and counts, too."""
        names = [*where, *(name.removeprefix("-") for name in order)]
        return all(in_columns(self._name, name) for name in names) and len(self._known(where)) == len(where)

    def _known(self, where: Fields) -> Fields:
        """The fields that the database can compare, and their values."""
        return {
            name: value
            for name, value in where.items()
            if in_columns(self._name, name) and isinstance(value, str if name == "id" else INDEXED)
        }

    def _find_changed(self, match: Match) -> Documents:
        """The changed records that match."""
        places: Iterable[int] = self.changed
        if len(self.changed) > FEW and match.indexed:
            candidates = [self._index(field, default).find(value) for field, value, default in match.indexed]
            rarest = min(candidates, key=len)
            places = sorted(set(rarest))
        found = ((place, self.changed.get(place)) for place in places)
        return [(place, fields) for place, fields in found if fields is not None and match(fields)]

    def _index(self, field: str, default: object) -> Index[int]:
        if field not in self._indexes:
            rows = {place: fields for place, fields in self.changed.items() if fields is not None}
            self._indexes[field] = Index(field, default, rows)
        for place in self._unindexed:
            if (fields := self.changed.get(place)) is not None:
                for index in self._indexes.values():
                    index.add_one(place, fields)
        self._unindexed.clear()
        return self._indexes[field]

    def count(self, where: Fields) -> int:
        if not where:
            return self.source.count(self._name, {}) + self._growth
        match = Match(self._kind, where)
        if not self._is_sorted(where, ()):
            return len(self._select(match, where, (), None, None)) + len(self._find_changed(match))
        total = self.source.count(self._name, where) + len(self._find_changed(match))
        for place in self.changed.keys() | self._records.keys():
            fields, record = self._stored.get(place), self._records.get(place)
            is_here = place not in self.changed and (record is None or match(vars(record)))
            if fields is not None and match(fields) and not is_here:
                total -= 1
        return total

    def find_due(self, moment: float, due: Any) -> list[R]:
        """The tasks for which *due* is true. *moment* is in seconds since the epoch."""
        documents = self.source.find_due(moment)
        self._stored |= dict(documents)
        found = [(place, fields) for place, fields in documents if place not in self.changed]
        found += [(place, fields) for place, fields in self.changed.items() if fields is not None]
        places = sorted(place for place, fields in found if due(fields) and due(self._live(place, fields)))
        return [record for place in places if (record := self.record_at(place)) is not None]

    def list_next_due(self, moment: float) -> list[Fields]:
        """Tasks, among which is the one whose present phase ends next after *moment*, if there is one."""
        documents = self.source.find_next_due(moment, 1 + len(self.changed))
        found = [fields for place, fields in documents if place not in self.changed]
        return [*found, *(fields for fields in self.changed.values() if fields is not None)]

    def put(self, record: R, place: int | None) -> None:
        if self._is_put(record):
            return
        found = self._place_of(record.id)
        if found is None:
            found = self._new_place(place)
            self._growth += 1
            self._add_place(found)
        self._change(found, vars(record))
        self._last = max(self._last or 0, found) if self._last is not None else None
        self._records[found], self._places[record.id] = record, found
        self._unindexed.add(found)

    def _is_put(self, record: R) -> bool:
        """Whether the present unit of work has put the same object before. Then its fields are known already."""
        place = self._places.get(record.id)
        if place is None or place not in self.log.changed or self._records.get(place) is not record:
            return False
        self.log.add(place)
        self._unindexed.add(place)
        return True

    def _new_place(self, place: int | None) -> int:
        if self._last is None:
            self._last = self._find_last()
        if place is None:
            self._stored.setdefault(self._last + 1, None)
            return self._last + 1
        if self._fields_at(place) is not None:
            raise ValueError(f"another record has place {place} in table {self._name!r}")
        return place

    def _add_place(self, place: int) -> None:
        if self._all is not None and place > next(reversed(self._all), NOWHERE):
            self._all[place] = None
        else:
            self._all = None

    def _find_last(self) -> int:
        """The highest place of a record, or of one that the present unit of work has deleted."""
        gone = {place for place, fields in self.changed.items() if fields is None} - self.log.changed
        last = self.source.last_place(self._name)
        while last in gone:
            last = self.source.find_last_before(self._name, last)
        return max([last, *(self.changed.keys() - gone)])

    def keep(self, changes: Mapping[int, Change]) -> None:
        """Keep the changes of the present unit of work, all of which are given."""
        gone = [place for place in self.log.changed if self.changed[place] is None]
        self.log.keep(changes)
        for place in gone:
            if self._last == place:
                self._last = None
            if self._stored[place] is None:  # the record has come and gone
                del self.changed[place]

    def delete(self, id: str) -> None:
        place = self._place_of(id)
        if place is not None:
            self._change(place, None)
            self._records.pop(place, None)
            self._places[id] = None
            self._growth -= 1
            if self._all is not None:
                self._all.pop(place, None)

    def _change(self, place: int, fields: Fields | None) -> None:
        if place not in self._stored:
            self._stored[place] = self.source.find_by_place(self._name, place)
        self.changed[place] = fields
        self.log.add(place)

    def _place_of(self, id: str) -> int | None:
        if id not in self._places:
            found = self.source.find_by_id(self._name, id) if isinstance(id, str) else None  # requests name any value
            if found and found[0] not in self.changed:
                self._places[id] = found[0]
                self._stored[found[0]] = found[1]
            else:
                self._places[id] = None
        return self._places[id]

    def _fields_at(self, place: int) -> Fields | None:
        return self.changed[place] if place in self.changed else self._read_stored(place)

    def _live(self, place: int, fields: Fields) -> Fields:
        """The fields of the record at a place, with changes that were not put."""
        return vars(self._records[place]) if place in self._records else fields

    def _read_stored(self, place: int) -> Fields | None:
        if place not in self._stored:
            self._stored[place] = self.source.find_by_place(self._name, place)
        return self._stored[place]

    def _load(self, place: int, document: Fields) -> R:
        try:
            record = self._kind.from_document(document)
        except ValueError as error:
            raise damaged(self._path, f"in table {self._name!r}, {error}") from None
        self._records[place], self._places[record.id] = record, place
        return record


def sort_documents(found: Documents, order: Sequence[str], defaults: Sequence[object]) -> Documents:
    """Sort documents by fields, and where these are equal by their places."""
    found = sorted(found, key=lambda each: each[0])
    for name, default in reversed(list(zip(order, defaults, strict=True))):
        field = name.removeprefix("-")
        found.sort(key=partial(_sort_key, field, default), reverse=field != name)
    return found


def _sort_key(field: str, default: object, document: tuple[int, Fields]) -> tuple[bool, Any]:
    return none_first(document[1].get(field, default))

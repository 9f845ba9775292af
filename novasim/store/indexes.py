"""
Queries by values of fields, and indexes for them.

TinyDB has no indexes. Those here are in memory only, and are built when a field is first queried.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Generic, TypeVar

from novasim.records import Record
from novasim.records.base import fields_of

Fields = Mapping[str, Any]
N = TypeVar("N")  # the number of a document, as a store has it

UUID_LENGTH = 36
INDEXED = (str, int, float, type(None))  # types of values that an index can have


class Match:
    """A TinyDB query: documents with these values in these fields; a missing field has the default of its class."""

    def __init__(self, kind: type[Record], where: Fields) -> None:
        self._tests = [(field, value, default_of(kind, field)) for field, value in where.items()]
        indexed = [test for test in self._tests if isinstance(test[1], INDEXED)]
        strings = [test for test in indexed if isinstance(test[1], str)]
        self.indexed = strings or indexed  # strings are the most selective

    def __call__(self, value: Fields) -> bool:
        for field, expected, default in self._tests:
            found = value.get(field, default)
            if found != expected or isinstance(found, bool) != isinstance(expected, bool):  # in JSON, true is not 1
                return False
        return True


class Index(Generic[N]):
    """
    Maps each value of a field to the numbers of documents that have it, or had it in another snapshot.

    Snapshots and transactions share an index: entries are added, never removed. Compare the document to see whether an
    entry still applies.
    """

    def __init__(self, field: str, default: object, rows: Mapping[N, Fields]) -> None:
        self._field, self._default, self._size = field, default, 0
        self._numbers: dict[object, list[N]] = {}
        self.add(rows.items())

    def add(self, rows: Iterable[tuple[N, Fields]]) -> None:
        """Enter documents by their numbers. Threads may do so at the same time."""
        for number, document in rows:
            self.add_one(number, document)

    def add_one(self, number: N, document: Fields) -> None:
        """Enter a document."""
        value = document.get(self._field, self._default)
        if isinstance(value, INDEXED):
            numbers = self._numbers.setdefault(value, [])
            if not numbers or numbers[-1] != number:  # most documents are entered again as they were
                numbers.append(number)
                self._size += 1

    def find(self, value: object) -> list[N]:
        """The numbers of all documents that may have the value. Some appear more than once."""
        return self._numbers.get(value, [])

    def __len__(self) -> int:
        """The number of entries."""
        return self._size


def is_new(value: object, new_ids: Collection[str]) -> bool:
    """Whether a value begins with a new id, so that no stored document has it."""
    return isinstance(value, str) and value[:UUID_LENGTH] in new_ids


def default_of(kind: type[Record], field: str) -> Any:
    """The default of a field. Raises TypeError if the kind has no such field."""
    if (kind, field) not in _defaults:
        if field not in fields_of(kind):
            raise TypeError(f"{kind.__name__} has no field {field!r}")
        _defaults[kind, field] = getattr(kind, field, None)
    return _defaults[kind, field]


_defaults: dict[tuple[object, str], Any] = {}

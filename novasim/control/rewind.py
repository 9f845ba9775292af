"""Moves the documents of a cloud back along the changes in its record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from novasim.errors import CloudFileError
from novasim.jsonutils import encode
from novasim.recorder.changes import drop_fields
from novasim.records import TABLES, Record
from novasim.records.entry import Entry
from novasim.store.base import Transaction
from novasim.store.redaction import LEFT_OUT, is_left_out

Document = dict[str, Any]
Change = dict[str, Any]


class Mismatch(Exception):
    """A document that is not as the record has it: `table`, `id`, and the number of the entry."""

    def __init__(self, change: Change, number: int) -> None:
        super().__init__(f"{change['table']} {change['id']} at entry {number}")
        self.change, self.number = change, number


class Rewind:
    """
    The documents of a transaction, which `save` puts back.

    Args:
        secrets: The values that the record leaves out, by their marks.
    """

    def __init__(self, tx: Transaction, secrets: dict[str, Any]) -> None:
        self.tx, self._secrets = tx, secrets
        self._documents: dict[tuple[str, int], Document | None] = {}
        self._found: dict[tuple[str, int], Record] = {}

    def undo(self, entries: Iterable[Entry], kept: frozenset[str] = frozenset()) -> None:
        """
        Take back the changes of entries, the last one first.

        Args:
            kept: Names of fields that stay as they are in documents that exist before and after.

        Raises:
            Mismatch: the cloud is not as these entries left it.
            CloudFileError: a value that the record leaves out is not known.
        """
        for entry in reversed(list(entries)):
            for change in reversed(entry.changes):
                self._take_back(change, entry.number, kept)

    def _take_back(self, change: Change, number: int, kept: frozenset[str]) -> None:
        key = change["table"], change["place"]
        if key not in self._documents:
            found = self.tx.record_at(_kind(change), change["place"])
            self._documents[key] = found.to_document() if found else None
            if found:
                self._found[key] = found
        current = self._documents[key]
        expected, fields = self._reveal(change["after"]), self._reveal(change["before"])
        if expected and kept:
            expected = drop_fields(expected, kept)
            fields = drop_fields(fields, kept) if fields else fields
        if not _agrees(current, expected):
            raise Mismatch(change, number)
        if current is None or fields is None or change.get("whole"):
            self._documents[key] = fields
            return
        rest = {name: value for name, value in current.items() if name in fields or name not in (expected or {})}
        self._documents[key] = rest | fields

    def _reveal(self, fields: Document | None) -> Document | None:
        """The fields with the values that the record leaves out."""
        if fields is None:
            return None
        return {name: self._find(value) if is_left_out(value) else value for name, value in fields.items()}

    def _find(self, value: Any) -> Any:
        if value[LEFT_OUT] not in self._secrets:
            raise CloudFileError("The record leaves out a password or user data that is needed for this.")
        return self._secrets[value[LEFT_OUT]]

    def save(self) -> None:
        """Put the documents into the transaction."""
        for key, record in self._found.items():
            fields = self._documents[key]
            if fields is None or fields["id"] != record.id:
                self.tx.delete(record)
        for (table, place), fields in self._documents.items():
            if fields is not None:
                record = TABLES[table].__new__(TABLES[table])
                vars(record).update(fields)
                self.tx.put(record, place=place)


def _kind(change: Change) -> type[Record]:
    try:
        return TABLES[change["table"]]
    except KeyError:
        raise CloudFileError(f"The record names an unknown table {change['table']!r}.") from None


def _agrees(current: Document | None, expected: Document | None) -> bool:
    """Whether a document has the expected fields; None expects that there is no document."""
    if current is None or expected is None:
        return current is expected
    return all(name in current and encode(current[name]) == encode(value) for name, value in expected.items())

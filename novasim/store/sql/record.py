"""
The record of a cloud in tables of its database, as `store.base.RecordLog` describes it.

As of a record in files, at least MAX_BYTES of the newest entries are kept, and at most about twice as many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from novasim import jsonutils
from novasim.errors import CloudFileError
from novasim.records.entry import Entry
from novasim.store.record_file import FORMAT, MAX_BYTES, parse_entry
from novasim.store.redaction import LEFT_OUT
from novasim.store.sql.engine import CloudInDatabase, Connection, Row

RECENT = 200  # entries of an existing record that a new page shows
CHECKED = 1000  # entries after which the size of the record is looked at
START = (
    "INSERT INTO records (cloud, is_kept, format) VALUES (?, 1, ?) "
    "ON CONFLICT (cloud) DO UPDATE SET is_kept = 1, format = excluded.format"
)
ADD_ENTRY = "INSERT INTO record_entries (cloud, number, body) VALUES (?, ?, ?)"
ADD_SECRET = (
    "INSERT INTO record_secrets (cloud, mark, body) VALUES (?, ?, ?) "
    "ON CONFLICT (cloud, mark) DO UPDATE SET body = excluded.body"
)  # nosec B105 # it is a statement
FIND_OLD = (
    "SELECT number FROM (SELECT number, sum(length(body)) OVER (ORDER BY number DESC) AS size FROM record_entries "
    "WHERE cloud = ?) AS sizes WHERE size > ? ORDER BY number DESC LIMIT 1"
)
"""The newest entry that is not needed for a number of characters in all newer ones."""
MARK = re.compile(rf'"{LEFT_OUT}":"(\w+)"')


class SqlRecord:
    """The record of the cloud of a store."""

    def __init__(self, store: CloudInDatabase, cloud: str) -> None:
        self._store, self._cloud, self.name = store, cloud, store.path

    def exists(self) -> bool:
        return bool(self._select("SELECT cloud FROM records WHERE cloud = ?"))

    def is_kept(self) -> bool:
        return self._store.is_recorded()

    def is_writable(self) -> bool:
        return True  # what only reads adds nothing

    def check(self) -> None:
        for (found,) in self._select("SELECT format FROM records WHERE cloud = ?"):
            if found > FORMAT:
                raise CloudFileError(
                    f"The record in {self.name} has format {found}, and this novasim knows formats up to {FORMAT}. "
                    "Upgrade novasim."
                )

    def append(self, entries: Sequence[bytes], secrets: Sequence[bytes] = ()) -> None:
        def add(connection: Connection) -> None:
            statement = "SELECT max(number) FROM record_entries WHERE cloud = ?"
            last = connection.select(statement, [self._cloud])[0][0] or 0
            rows = ((self._cloud, number, entry.decode()) for number, entry in enumerate(entries, last + 1))
            connection.execute_many(ADD_ENTRY, rows)
            left_out = ((self._cloud, jsonutils.decode(line)[LEFT_OUT], line.decode()) for line in secrets)
            connection.execute_many(ADD_SECRET, left_out)
            if (last + len(entries)) // CHECKED > last // CHECKED:
                self._drop_old(connection)

        self._store.add(add)

    def _drop_old(self, connection: Connection) -> None:
        """Drop the oldest entries of a large record, and the secrets that no other entry leaves out."""
        if not connection.select(FIND_OLD, [self._cloud, 2 * MAX_BYTES]):
            return
        ((last,),) = connection.select(FIND_OLD, [self._cloud, MAX_BYTES])
        connection.execute("DELETE FROM record_entries WHERE cloud = ? AND number < ?", [self._cloud, last])
        rows = connection.select("SELECT body FROM record_entries WHERE cloud = ?", [self._cloud])
        needed = find_marks(body for (body,) in rows)
        marks = connection.select("SELECT mark FROM record_secrets WHERE cloud = ?", [self._cloud])
        unused = [(self._cloud, mark) for (mark,) in marks if mark not in needed]
        connection.execute_many("DELETE FROM record_secrets WHERE cloud = ? AND mark = ?", unused)

    def read(self, report: Callable[[str], object] | None = None) -> list[Entry]:
        if not self.exists():
            raise CloudFileError(f"There is no record in {self.name}. To begin one: novasim record start")
        self.check()
        return self._read(0, report)

    def _read(self, after: int, report: Callable[[str], object] | None = None) -> list[Entry]:
        statement = "SELECT number, body FROM record_entries WHERE cloud = ? AND number > ? ORDER BY number"
        found, rows = list[Entry](), self._select(statement, after)
        read = jsonutils.choose_decoder(len(rows))
        for number, body in rows:
            try:
                found.append(parse_entry(body.encode(), read)._replace(number=number))
            except ValueError:
                problem = f"{number} is not an entry"
                if report is None:
                    raise CloudFileError(f"The record in {self.name} is damaged: {problem}.") from None
                report(problem)
        return found

    def read_secrets(self) -> dict[str, Any]:
        rows = self._select("SELECT mark, body FROM record_secrets WHERE cloud = ?")
        return {mark: jsonutils.decode(body.encode())["value"] for mark, body in rows}

    def start(self) -> None:
        self.check()
        self._store.add(lambda connection: connection.execute(START, [self._cloud, FORMAT]))

    def stop(self) -> None:
        statement = "UPDATE records SET is_kept = 0 WHERE cloud = ?"
        self._store.add(lambda connection: connection.execute(statement, [self._cloud]))

    def count_bytes(self) -> int:
        rows = self._select("SELECT sum(length(body)) FROM record_entries WHERE cloud = ?")
        return int(rows[0][0] or 0) if rows else 0

    def tail(self) -> SqlTail:
        return SqlTail(self)

    def read_after(self, number: int) -> list[Entry]:
        """The entries after one of them. Damaged ones are left out."""
        return self._read(number, lambda _: None)

    def find_last(self) -> int:
        """The number of the last entry; 0 for a record without entries."""
        rows = self._select("SELECT max(number) FROM record_entries WHERE cloud = ?")
        return int(rows[0][0] or 0) if rows else 0

    def _select(self, statement: str, *values: object) -> list[Row]:
        return self._store.query(statement, [self._cloud, *values])


def find_marks(bodies: Iterable[str]) -> set[str]:
    """The marks of secrets in the texts of entries."""
    return {mark for body in bodies for mark in MARK.findall(body)}


class SqlTail:
    """
    The entries that are added to a record, as `store.base.RecordTail` describes it.

    Attributes:
        offset: The number of the last entry that was read or skipped.
    """

    def __init__(self, record: SqlRecord) -> None:
        self._record, self.offset = record, max(0, record.find_last() - RECENT)

    def read(self) -> list[Entry]:
        entries = self._record.read_after(self.offset)
        self.offset = entries[-1].number if entries else self.offset
        return entries

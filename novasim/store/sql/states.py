"""
The states of a cloud that are kept in its database: saved ones, and backups of those that were replaced.

Each is a cloud of its own, with a name that no user's cloud can have: CLOUD:saved-NAME or CLOUD:bak-NUMBER.
"""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import CloudFileError
from novasim.simulation.time import clock
from novasim.store.base import KeptState, OnReplaced
from novasim.store.documents import Tables
from novasim.store.sql.engine import CloudInDatabase, Connection, Row
from novasim.store.sql.keys import COLUMNS
from novasim.store.sql.revisions import read_upgraded_tables
from novasim.store.sql.writing import OF_DOCUMENT

BACKUPS = 5
SAVED, BACKUP = "saved-", "bak-"
_NAMES = ", ".join([*OF_DOCUMENT[1:], *COLUMNS])
COPY = f"INSERT INTO documents (cloud, {_NAMES}) SELECT ?, {_NAMES} FROM documents WHERE cloud = ?"  # nosec B608 # no values
COPY_ROW = (
    "INSERT INTO clouds (name, created, revision, format, next_due) "
    "SELECT ?, ?, revision, format, next_due FROM clouds WHERE name = ?"
)


class SqlStates:
    """The kept states of the cloud of a store."""

    def __init__(self, store: CloudInDatabase, cloud: str) -> None:
        self._store, self._cloud = store, cloud

    def list_states(self) -> list[KeptState]:
        """All kept states, the newest first."""
        with self._store.reading() as connection:
            return self._list(connection) if connection else []

    def _list(self, connection: Connection) -> list[KeptState]:
        statement = "SELECT name, created FROM clouds WHERE name > ? AND name < ? ORDER BY created DESC, name DESC"
        rows = connection.select(statement, [f"{self._cloud}:", f"{self._cloud};"])
        backups = iter(range(1, len(rows) + 1))
        return [self._describe(row, backups) for row in rows]

    def _describe(self, row: Row, backups: Iterator[int]) -> KeptState:
        end = row[0].removeprefix(f"{self._cloud}:")
        is_backup = end.startswith(BACKUP)
        name = f"bak.{next(backups)}" if is_backup else end.removeprefix(SAVED)
        return KeptState(name, row[0], float(row[1]), is_backup)

    def read(self, state: KeptState) -> Tables:
        """
        The documents of a kept state by table and number, in the present format.

        Raises:
            CloudFileError: it has been replaced meanwhile.
        """
        with self._store.reading() as connection:
            if connection is None or not _exists(connection, state.key):
                raise CloudFileError(f"The state {state.name!r} of {self._store.path} has been replaced. Try again.")
            return read_upgraded_tables(connection, state.key, f"{self._store.path} ({state.name})")

    def save(self, name: str, replaces: bool) -> None:
        """Keep the present state under a name. FileExistsError: there is one of that name, and it is not replaced."""

        def keep(connection: Connection) -> None:
            row = f"{self._cloud}:{SAVED}{name}"
            if not replaces and _exists(connection, row):
                raise FileExistsError(name)
            self._keep(connection, row)

        self._store.add(keep)

    def replace(self, tables: Tables, on_replaced: OnReplaced = None, must_be_new: bool = False) -> str | None:
        """Save another state in place of the present one, as `KeptStates.replace` describes it."""
        return self._store.replace(tables, on_replaced, must_be_new)

    def back_up(self, connection: Connection) -> str | None:
        """Keep the state that is about to be replaced. Return the name of the backup; None if there is no cloud."""
        rows = [state.key for state in self._list(connection) if state.is_backup]
        numbers = [int(row.rpartition("-")[2]) for row in rows]
        for row in rows[BACKUPS - 1 :]:
            _drop(connection, row)
        if not _exists(connection, self._cloud):
            return None
        self._keep(connection, f"{self._cloud}:{BACKUP}{max(numbers, default=0) + 1:012}")
        return "bak.1"

    def _keep(self, connection: Connection, row: str) -> None:
        _drop(connection, row)
        connection.execute(COPY_ROW, [row, clock.wall(), self._cloud])
        connection.execute(COPY, [row, self._cloud])


def _exists(connection: Connection, row: str) -> bool:
    return bool(connection.select("SELECT name FROM clouds WHERE name = ?", [row]))


def _drop(connection: Connection, row: str) -> None:
    connection.execute("DELETE FROM documents WHERE cloud = ?", [row])
    connection.execute("DELETE FROM clouds WHERE name = ?", [row])

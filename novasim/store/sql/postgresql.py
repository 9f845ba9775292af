"""
PostgreSQL: a schema with clouds in a database.

A reader sees a snapshot and waits for no writer. The row of a cloud is the lock of its writers, which ends with the
connection; those of different clouds do not wait for each other. A commit is as durable as the server is set to be.

Bodies of documents are text: as JSONB they would lose the order of their keys and the written form of numbers, which
`cloud export` keeps, and could not contain NUL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from typing import Any

import psycopg

from novasim.errors import CloudFileError
from novasim.store.errors import newer
from novasim.store.sql.announcements import announce, find_listener
from novasim.store.sql.engine import Row
from novasim.store.sql.pool import Raw, find_pool
from novasim.store.sql.postgresql_errors import foreign_schema, is_lost, no_rights, translate, wrong_encoding
from novasim.store.sql.schema import FORMAT, list_statements

MARK = "clouds of novasim, format "  # the comment on the schema, before the number of the format
COLLATION = 'COLLATE "C"'  # texts sort by code points
LOCK = 0x4E6F7661  # the key of advisory locks: "Nova"

_FIND_MARK = b"""
SELECT obj_description(oid, 'pg_namespace'), has_schema_privilege(oid, 'USAGE'), current_user
FROM pg_namespace WHERE nspname = 'novasim'
"""
_BEGIN_READ, _BEGIN_WRITE = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", b"BEGIN"
_LOCK_ROW = "SELECT 1 FROM clouds WHERE name = ? FOR UPDATE"
_LOCK_NAME = f"SELECT pg_advisory_xact_lock({LOCK}, hashtext(?))"


class PostgresqlConnection:
    """A connection within a transaction; it is used by one thread at a time. *shown* is the address in messages."""

    def __init__(self, raw: Raw, shown: str, timeout: float) -> None:
        self.raw, self._shown, self._timeout = raw, shown, timeout

    def select(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        try:
            return self._execute(statement, values).fetchall()
        except psycopg.Error as error:
            raise translate(error, self._shown, self._timeout) from error

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        try:
            self._execute(statement, values)
        except psycopg.Error as error:
            raise translate(error, self._shown, self._timeout) from error

    def execute_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        try:
            with self.raw.cursor() as cursor:
                cursor.executemany(_number_placeholders(statement), rows)
        except psycopg.Error as error:
            raise translate(error, self._shown, self._timeout) from error

    def _execute(self, statement: str, values: Sequence[object]) -> psycopg.Cursor[Any]:
        return self.raw.execute(_number_placeholders(statement), values or None)


class PostgresqlEngine:
    """
    The clouds in a database.

    Args:
        location: The URL of the database. path: The address of the cloud, for messages, without the password.
        timeout: How long to wait for another writer, in seconds.
    """

    skip_locked = "FOR UPDATE SKIP LOCKED"

    def __init__(self, location: str, path: str, timeout: float = 10.0) -> None:
        self.path, self._location, self._timeout = path, location, timeout
        self._exists = False

    def exists(self) -> bool:
        if not self._exists:
            with self._begin(_BEGIN_READ) as raw:
                self._exists = find_tables(raw, self.path)
        return self._exists

    def create(self) -> None:
        """One process creates the tables; others that want to do so wait for it."""
        if self.exists():
            return
        with self._begin(_BEGIN_WRITE) as raw:
            raw.execute(f"SELECT pg_advisory_xact_lock({LOCK}, 0)".encode())
            if not find_tables(raw, self.path):
                raw.execute(b"CREATE SCHEMA novasim")
                for statement in list_statements(COLLATION):
                    raw.execute(statement.encode())
                raw.execute(f"COMMENT ON SCHEMA novasim IS '{MARK}{FORMAT}'".encode())
            raw.execute(b"COMMIT")
        self._exists = True

    @contextmanager
    def read(self) -> Iterator[PostgresqlConnection]:
        with self._begin(_BEGIN_READ) as raw:
            yield PostgresqlConnection(raw, self.path, self._timeout)

    def query(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        raw, cursor = self._take(_number_placeholders(statement), values)
        try:
            return cursor.fetchall()
        finally:
            find_pool(self._location, self._timeout).give_back(raw)

    @contextmanager
    def write(self, cloud: str) -> Iterator[PostgresqlConnection]:
        """
        If there is no such cloud yet, a lock on its name takes the place of that on its row.

        Each statement sees what was committed before it begins: all that earlier writers of the cloud have saved.
        """
        with self._begin(_BEGIN_WRITE) as raw:
            connection = PostgresqlConnection(raw, self.path, self._timeout)
            if not connection.select(_LOCK_ROW, [cloud]):
                connection.select(_LOCK_NAME, [cloud])
                connection.select(_LOCK_ROW, [cloud])
            yield connection
            raw.execute(b"COMMIT")

    def announce(self, cloud: str) -> None:
        pool = find_pool(self._location, self._timeout)
        with suppress(CloudFileError, psycopg.Error):
            raw, _ = pool.take(self.path)
            try:
                announce(raw, cloud)
            finally:
                pool.give_back(raw)

    def watch(self, cloud: str, on_change: Callable[[], object]) -> Callable[[], None]:
        return find_listener(self._location, self.path).add(cloud, on_change)

    def close(self) -> None:
        find_pool(self._location, self._timeout).close()

    @contextmanager
    def _begin(self, statement: bytes) -> Iterator[Raw]:
        """A connection with a transaction, which is dropped at the end unless it was committed."""
        pool = find_pool(self._location, self._timeout)
        raw, _ = self._take(statement)
        try:
            yield raw
        except psycopg.Error as error:
            raise translate(error, self.path, self._timeout) from error
        finally:
            pool.give_back(raw)

    def _take(self, statement: bytes, values: Sequence[object] = ()) -> tuple[Raw, psycopg.Cursor[Any]]:
        """A connection that has executed a first statement, which changes nothing. An idle one may have been cut."""
        pool = find_pool(self._location, self._timeout)
        while True:
            raw, is_reused = pool.take(self.path)
            try:
                return raw, raw.execute(statement, values or None)
            except psycopg.Error as error:
                pool.give_back(raw)
                if not (is_reused and is_lost(error)):
                    raise translate(error, self.path, self._timeout) from error


def find_tables(raw: Raw, path: str) -> bool:
    """Whether a database has our tables. Raises CloudFileError if it has others of that name, or newer ones."""
    row = raw.execute(_FIND_MARK).fetchone()
    encoding = raw.info.parameter_status("server_encoding")
    if row is None:
        if encoding != "UTF8":
            raise wrong_encoding(path, str(encoding))
        return False
    comment, is_usable, user = row
    number = (comment or "").removeprefix(MARK)
    if number == comment or not number.isdecimal():
        raise foreign_schema(path)
    if int(number) > FORMAT:
        raise newer(path, int(number), FORMAT)
    if not is_usable:
        raise no_rights(path, user)
    return True


@lru_cache(maxsize=1000)
def _number_placeholders(statement: str) -> bytes:
    """A statement with $1, $2, ... in place of its question marks."""
    first, *parts = statement.split("?")
    return "".join([first, *(f"${number}{part}" for number, part in zip(count(1), parts))]).encode()

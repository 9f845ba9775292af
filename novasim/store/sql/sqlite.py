"""
SQLite: one file with clouds, and beside it a log while it is in use.

Readers see a snapshot and wait for no writer (WAL). A write is on the disk when it is acknowledged. Writers of one file
exclude each other, whichever cloud they write to.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from threading import Lock
from weakref import finalize

from novasim.errors import CloudFileError
from novasim.filelock import LockTimeout, lock_file
from novasim.fileutils import write_file
from novasim.simulation.time import clock
from novasim.store.errors import damaged, foreign_database, locked, missing, newer, not_sqlite, unreadable, unwritable
from novasim.store.files import DATABASE_LOGS, LOCK
from novasim.store.sql.engine import Row
from novasim.store.sql.schema import FORMAT, list_statements

APPLICATION = 0x4E6F7661  # in the header of our files: "Nova"
MAX_IDLE = 8  # connections that are kept open


class SqliteConnection:
    """
    One connection; it is used by one thread at a time.

    Args:
        file: The inode of the file that it has open, since another file may take its place.
    """

    def __init__(self, path: str, shown: str, timeout: float) -> None:
        self._shown, self._timeout = shown, timeout
        self.raw, self.file = _connect(path, timeout)
        self.raw.execute("PRAGMA synchronous = FULL")

    def select(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        try:
            return self.raw.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise translate(error, self._shown, self._timeout) from error

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        try:
            self.raw.execute(statement, values)
        except sqlite3.Error as error:
            raise translate(error, self._shown, self._timeout) from error

    def execute_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        try:
            self.raw.executemany(statement, rows)
        except sqlite3.Error as error:
            raise translate(error, self._shown, self._timeout) from error


class SqliteEngine:
    """
    The clouds in a file.

    Args:
        location: The absolute path of the file. path: The address of the cloud, for messages.
        timeout: How long to wait for another writer, in seconds.
    """

    skip_locked = ""  # there is one writer at a time

    def __init__(self, location: str, path: str, timeout: float = 10.0) -> None:
        self.path, self._location, self._timeout = path, location, timeout
        self._idle: list[SqliteConnection] = []
        self._lock = Lock()  # fair between threads, which SQLite's own lock is not
        finalize(self, _close, self._idle)  # at the exit of the process at the latest; the last one removes the log

    def exists(self) -> bool:
        try:
            found = os.stat(self._location)
            if stat.S_ISDIR(found.st_mode):
                raise unreadable(self.path, OSError(errno.EINVAL, "It is not a regular file"))
        except FileNotFoundError:
            return False
        except OSError as error:
            raise unreadable(self.path, error) from None
        if not found.st_size:
            raise damaged(self.path, "it is empty")
        return True

    def create(self) -> None:
        """The file appears as a whole, so that no other process sees a part of its tables."""
        if self.exists():
            return
        lock = self._location + LOCK
        try:
            with lock_file(lock, self._timeout, clock.sleep):
                if not self.exists():
                    remove_log(self._location)
                    write_file(self._location, build_file())
            with suppress(OSError):
                os.remove(lock)  # who has waited for it finds a file
        except LockTimeout as error:
            raise locked(self.path, self._timeout, error.holder) from None
        except OSError as error:
            raise unwritable(self.path, error) from None

    @contextmanager
    def read(self) -> Iterator[SqliteConnection]:
        connection = self._take()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            self._give_back(connection)

    def query(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        connection = self._take()
        try:
            return connection.select(statement, values)
        finally:
            self._give_back(connection)

    @contextmanager
    def write(self, cloud: str) -> Iterator[SqliteConnection]:
        if not self._lock.acquire(timeout=self._timeout):
            raise locked(self.path, self._timeout, "")
        try:
            connection = self._take()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                self._give_back(connection)
        finally:
            self._lock.release()

    def announce(self, cloud: str) -> None:
        pass

    def watch(self, cloud: str, on_change: Callable[[], object]) -> None:
        return None

    def close(self) -> None:
        _close(self._idle)

    def _take(self) -> SqliteConnection:
        """A connection to the file that has the name now."""
        try:
            file = os.stat(self._location).st_ino
        except FileNotFoundError:
            raise missing(self.path) from None
        except OSError as error:
            raise unreadable(self.path, error) from None
        while self._idle:
            connection = self._idle.pop()
            if connection.file == file:
                return connection
            connection.raw.close()
        return self._open()

    def _open(self) -> SqliteConnection:
        try:
            connection = SqliteConnection(self._location, self.path, self._timeout)
            _check_owner(connection, self.path)
        except FileNotFoundError:
            raise missing(self.path) from None
        except sqlite3.Error as error:
            if not os.path.exists(self._location):
                raise missing(self.path) from None
            if "not a database" in str(error):
                raise not_sqlite(self.path, self._location) from None
            raise translate(error, self.path, self._timeout) from error
        return connection

    def _give_back(self, connection: SqliteConnection) -> None:
        """Drop the transaction of a connection, if it has one, and keep the connection for later."""
        try:
            if connection.raw.in_transaction:
                connection.raw.execute("ROLLBACK")
        except sqlite3.Error:
            connection.raw.close()
            return
        if len(self._idle) < MAX_IDLE:
            self._idle.append(connection)
        else:
            connection.raw.close()


def _connect(path: str, timeout: float) -> tuple[sqlite3.Connection, int]:
    """A connection, and the inode of the file that it has open. Raises sqlite3.Error, FileNotFoundError."""
    while True:
        file = os.stat(path).st_ino
        raw = sqlite3.connect(
            f"{_as_uri(path)}?mode=rw", timeout, isolation_level=None, check_same_thread=False, uri=True
        )
        if os.stat(path).st_ino == file:
            return raw, file
        raw.close()  # another file has taken its place meanwhile


def _close(connections: list[SqliteConnection]) -> None:
    while connections:
        connections.pop().raw.close()


def build_file() -> bytes:
    """A database without clouds."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        name = os.path.join(folder, "new.db")
        with closing(sqlite3.connect(name, isolation_level=None)) as raw:
            raw.execute("PRAGMA synchronous = OFF")  # this file is only read
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute(f"PRAGMA application_id = {APPLICATION}")
            raw.execute(f"PRAGMA user_version = {FORMAT}")
            for statement in list_statements():
                raw.execute(statement)
        with open(name, "rb") as file:
            return file.read()


def remove_log(path: str) -> None:
    """Remove what an earlier file of this name has left: SQLite would write that log into the new file."""
    for ending in DATABASE_LOGS:
        with suppress(FileNotFoundError):
            os.remove(path + ending)


def _check_owner(connection: SqliteConnection, path: str) -> None:
    """Raise CloudFileError, and change nothing, unless a database is ours and of this version."""
    ((application,),) = connection.raw.execute("PRAGMA application_id")
    ((found,),) = connection.raw.execute("PRAGMA user_version")
    if application != APPLICATION:
        connection.raw.close()
        raise foreign_database(path)
    if found > FORMAT:
        connection.raw.close()
        raise newer(path, found, FORMAT)


def translate(error: sqlite3.Error, path: str, timeout: float) -> CloudFileError:
    """The error of a command for an error of SQLite."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return locked(path, timeout, "")
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return damaged(path, "SQLite says: " + text)
    if "readonly" in text or "read-only" in text:
        return unwritable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    if "full" in text:
        return unwritable(path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    if "unable to open" in text:
        return unreadable(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return unreadable(path, OSError(errno.EIO, f"SQLite says: {text}"))


def _as_uri(path: str) -> str:
    return "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")

"""
The connections of this process to PostgreSQL: one for a command, as many as are in use for a server.

psycopg_pool would do, but opens connections in threads of its own (20 ms more for a command) and reports a wrong
password only as a time-out.
"""

from __future__ import annotations

import atexit
import os
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

from novasim.store.sql.postgresql_errors import busy, translate

Raw = psycopg.Connection[Any]

MAX_CONNECTIONS = 16  # of a process to a database, which allows 100 by default
CONNECT_TIMEOUT = 5  # seconds
IDLE_IN_TRANSACTION = 600  # seconds after which the server ends a transaction of a process that hangs, and its lock
DEFAULTS: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT, "application_name": "novasim"}


class Taken(NamedTuple):
    """A connection, and whether it was idle before: then it may be broken."""

    raw: Raw
    is_reused: bool


class ConnectionPool:
    """
    Connections to one database. Any thread may take some.

    Args:
        location: The URL. timeout: How long to wait for the lock of another writer, in seconds.
    """

    def __init__(self, location: str, timeout: float) -> None:
        self._location, self._timeout = location, timeout
        self._idle: list[Raw] = []
        self._free = BoundedSemaphore(MAX_CONNECTIONS)

    def take(self, shown: str) -> Taken:
        """
        A connection outside of a transaction, for one thread. *shown* is the address in messages.

        Raises:
            CloudFileError: the database cannot be reached, or all connections are in use for too long.
        """
        if not self._free.acquire(timeout=self._timeout):
            raise busy(shown, MAX_CONNECTIONS)
        try:
            with suppress(IndexError):  # another thread may take the last one
                return Taken(self._idle.pop(), True)
            return Taken(open_connection(self._location, shown, self._timeout), False)
        except BaseException:
            self._free.release()
            raise

    def give_back(self, raw: Raw) -> None:
        """Drop the transaction of a connection, if it has one, and keep the connection for later if it works."""
        try:
            if raw.info.transaction_status not in (TransactionStatus.IDLE, TransactionStatus.UNKNOWN):
                raw.execute(b"ROLLBACK")
        except psycopg.Error:
            raw.close()
        finally:
            if not raw.closed:
                self._idle.append(raw)
            self._free.release()

    def close(self) -> None:
        """Close all connections that are not in use."""
        while self._idle:
            self._idle.pop().close()


def open_connection(location: str, shown: str, timeout: float) -> Raw:
    """
    Connect to a database, in which the tables of novasim need no schema before their names.

    Args:
        shown: The address in messages. timeout: How long a statement waits for a lock, in seconds.

    Raises:
        CloudFileError: that is impossible.
    """
    settings = (
        f"SET search_path = novasim; SET lock_timeout = {round(timeout * 1000)}; SET client_encoding = 'UTF8'; "
        f"SET idle_in_transaction_session_timeout = '{IDLE_IN_TRANSACTION}s'"
    )
    try:
        options = DEFAULTS | conninfo_to_dict(location)
        raw: Raw = psycopg.connect("", autocommit=True, cursor_factory=psycopg.RawCursor, **options)
        raw.adapters.register_dumper(int, Int8Dumper)  # else a statement is prepared again for each size of a number
        raw.execute(settings.encode())
    except (psycopg.Error, UnicodeError) as error:
        raise translate(error, shown, timeout) from None
    return raw


_pools: dict[tuple[int, str, float], ConnectionPool] = {}
"""By process, as a child must not use its parent's connections; they stay here, since deleting one would end it."""


def find_pool(location: str, timeout: float) -> ConnectionPool:
    """The pool of this process for a database."""
    key = os.getpid(), location, timeout
    if key not in _pools:
        if not _pools:
            atexit.register(close_pools)
        _pools[key] = ConnectionPool(location, timeout)
    return _pools[key]


def close_pools() -> None:
    """Close all connections of this process that are not in use."""
    for (pid, _, _), pool in list(_pools.items()):
        if pid == os.getpid():
            pool.close()

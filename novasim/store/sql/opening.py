"""Opens clouds in databases."""

from __future__ import annotations

from novasim.errors import CloudFileError
from novasim.store.addresses import SQLITE, Address
from novasim.store.sql.store import SqlStore


def open_database(address: Address, timeout: float = 10.0) -> SqlStore:
    """
    The store of a cloud in a database, which need not exist yet.

    Args:
        timeout: How long to wait for another writer, in seconds.

    Raises:
        CloudFileError: there is no such engine.
    """
    if address.engine == SQLITE:
        from novasim.store.sql.sqlite import SqliteEngine

        return SqlStore(SqliteEngine(address.location, str(address), timeout), address.cloud)
    raise CloudFileError(f"{address}: this novasim has no {address.engine}.")

"""Opens clouds in databases."""

from __future__ import annotations

from novasim.errors import CloudFileError
from novasim.store.addresses import SQLITE, Address
from novasim.store.sql.engine import Engine
from novasim.store.sql.store import SqlStore


def open_database(address: Address, timeout: float = 10.0, resident: bool = False) -> SqlStore:
    """
    The store of a cloud in a database, which need not exist yet.

    Args:
        timeout: How long to wait for another writer, in seconds.
        resident: As `SqlStore` has it.

    Raises:
        CloudFileError: the client library of the engine is not installed.
    """
    store = SqlStore(open_engine(address, timeout), address.cloud, resident)
    store.address = address.text
    return store


def open_engine(address: Address, timeout: float = 10.0) -> Engine:
    """The database of an address. Arguments and errors as for `open_database`."""
    if address.engine == SQLITE:
        from novasim.store.sql.sqlite import SqliteEngine

        return SqliteEngine(address.location, str(address), timeout)
    require_psycopg(address)
    from novasim.store.sql.postgresql import PostgresqlEngine

    return PostgresqlEngine(address.location, str(address), timeout)


def require_psycopg(address: Address) -> None:
    """Raise CloudFileError if psycopg, which is an extra, is not installed."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        from novasim.extras import install_command

        raise CloudFileError(f"{address} needs psycopg: {install_command('postgresql')}") from None

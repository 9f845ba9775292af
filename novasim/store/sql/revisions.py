"""Reads and saves revisions of a cloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from novasim import jsonutils
from novasim.errors import CloudFileError
from novasim.records import TABLES
from novasim.records.cloud import FORMAT
from novasim.simulation.time import clock
from novasim.store.documents import Tables
from novasim.store.errors import newer
from novasim.store.sql.detached import TablesSource
from novasim.store.sql.engine import Connection, Row
from novasim.store.sql.source import Revision, Source
from novasim.store.sql.transaction import SqlTransaction
from novasim.store.sql.writing import write_changes, write_cloud, write_tables


def read_revision(select: Callable[[str, Sequence[object]], list[Row]], cloud: str) -> Revision:
    """
    The revision of a cloud; number 0 if there is no cloud.

    Args:
        select: Returns the rows of a query, whose values are its second argument.
    """
    rows = select("SELECT created, revision, format FROM clouds WHERE name = ?", [cloud])
    return Revision(float(rows[0][0]), int(rows[0][1]), format=int(rows[0][2])) if rows else Revision()


def next_revision(before: Revision) -> Revision:
    """The revision that follows; the first one tells a cloud from an earlier one of the same name by its time."""
    return Revision(before.created if before.number else clock.wall(), before.number + 1)


def save(connection: Connection, cloud: str, before: Revision, tx: SqlTransaction) -> Revision:
    """
    Store what was committed in a transaction, but for the row of the cloud, which `save_revision` stores.

    Returns:
        The revision after it, which is *before* if nothing was changed.
    """
    changes = tx.kept_changes()
    if not changes:
        return before
    after = next_revision(before)
    after.unsaved = before.unsaved, changes
    write_changes(connection, cloud, after.number, changes)
    return after


def save_revision(connection: Connection, cloud: str, before: Revision, after: Revision) -> None:
    """Store the row of a cloud after one or more transactions, if these have changed anything."""
    if after is not before:
        write_cloud(connection, cloud, after.created, after.number)


def open_source(connection: Connection | None, cloud: str, path: str, revision: Revision) -> Source:
    """
    The documents of a cloud in the present format; those of an earlier one are brought to it in memory.

    Raises:
        CloudFileError: the format is later than the present one, or the documents are damaged; *path* is named.
    """
    if revision.format > FORMAT:
        raise newer(path, revision.format, FORMAT)
    if connection is None or revision.format == FORMAT:
        return Source(connection, cloud, path)
    return TablesSource(read_upgraded_tables(connection, cloud, path))


def migrate(connection: Connection, cloud: str, path: str, before: Revision) -> Revision:
    """Store the documents of a cloud in the present format. Return the revision after it. Errors as `open_source`."""
    tables, after = read_upgraded_tables(connection, cloud, path), next_revision(before)
    write_tables(connection, cloud, after.number, tables)
    write_cloud(connection, cloud, after.created, after.number)
    return after


def read_upgraded_tables(connection: Connection | None, cloud: str, path: str) -> Tables:
    """All documents of a cloud by table and number, in the present format. Errors as for `open_source`."""
    from novasim.store.migrate import upgrade  # most commands do not need it

    return upgrade(read_tables(connection, cloud), path)[0]


def try_upgraded_tables(connection: Connection, cloud: str, path: str) -> Tables | None:
    """As `read_upgraded_tables`; None if the cloud is of a later format, or damaged."""
    with suppress(CloudFileError):
        return read_upgraded_tables(connection, cloud, path)
    return None


def read_tables(connection: Connection | None, cloud: str) -> Tables:
    """All documents of a cloud by table and number, as they are stored."""
    if connection is None:
        return {}
    rows = connection.select(
        "SELECT table_name, place, body FROM documents WHERE cloud = ? ORDER BY table_name, place", [cloud]
    )
    decode = jsonutils.choose_decoder(len(rows))
    found: Tables = {}
    with jsonutils.pause_gc():
        for table, place, body in rows:
            found.setdefault(table, {})[str(place)] = decode(body.encode())
    return {name: found[name] for name in [*TABLES, *found] if name in found}

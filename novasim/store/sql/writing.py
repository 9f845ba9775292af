"""Writes the changes of a transaction to the database."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeVar

from novasim import jsonutils
from novasim.errors import NovasimError
from novasim.records import Settings
from novasim.records.cloud import FORMAT
from novasim.simulation.time import clock
from novasim.store.documents import Change, Tables
from novasim.store.sql.engine import Connection
from novasim.store.sql.keys import KEYS, encode_keys, encode_text

T = TypeVar("T")

MOST_ROWS = 32  # of one statement, whose values old versions of SQLite limit to 999; a power of two
OF_DOCUMENT = ("cloud", "table_name", "place", "id", "revision", "body")


def write_changes(connection: Connection, cloud: str, revision: int, changes: Iterable[Change]) -> None:
    """Store changed documents. A document that takes the place or the id of another one comes after it."""
    changes = list(changes)
    gone = [
        (cloud, change.table, change.number)
        for change in changes
        if change.before and (not change.after or change.after["id"] != change.before["id"])
    ]
    if gone:
        connection.execute_many("DELETE FROM documents WHERE cloud = ? AND table_name = ? AND place = ?", gone)
    for table, group in groupby(changes, lambda change: change.table):
        kept = [(change.number, change.after) for change in group if change.after]
        write_documents(connection, cloud, revision, table, kept)


def write_documents(
    connection: Connection, cloud: str, revision: int, table: str, documents: list[tuple[int, Any]]
) -> None:
    """Store documents of one table at their places."""
    encode = jsonutils.choose_encoder(len(documents))
    for group in _divide(documents):
        values: list[object] = []
        for place, document in group:
            values += (cloud, table, place, encode_text(document["id"]), revision, encode(document).decode())
            values += encode_keys(table, document)
        connection.execute(_write_statement(table, len(group)), values)


def _divide(documents: Sequence[T]) -> Iterator[Sequence[T]]:
    """Divide documents into groups of few sizes, since a database keeps a prepared statement for each."""
    start, size = 0, MOST_ROWS
    while start < len(documents):
        while size > len(documents) - start:
            size //= 2
        yield documents[start : start + size]
        start += size


@cache
def _write_statement(table: str, count: int) -> str:
    """
    The statement that stores some documents of a table.

    One statement for many is faster: SQLite opens all indexes, which are of one table each, for each execution.
    """
    names = [*OF_DOCUMENT, *KEYS.get(table, ())]
    changed = ", ".join(f"{name} = excluded.{name}" for name in names[3:])
    row = f"({', '.join('?' * len(names))})"
    return (
        f"INSERT INTO documents ({', '.join(names)}) VALUES {', '.join([row] * count)} "  # nosec B608 # names
        f"ON CONFLICT (cloud, table_name, place) DO UPDATE SET {changed}"
    )


def write_tables(connection: Connection, cloud: str, revision: int, tables: Tables) -> None:
    """Put all documents of another state in place of those of a cloud."""
    connection.execute("DELETE FROM documents WHERE cloud = ?", [cloud])
    for table, rows in tables.items():
        documents = [(int(number), document) for number, document in rows.items()]
        write_documents(connection, cloud, revision, table, documents)


def write_cloud(connection: Connection, cloud: str, created: float, revision: int) -> None:
    """Store the revision of a cloud, and when its next task is due, as its settings have it."""
    statement = "SELECT body FROM documents WHERE cloud = ? AND table_name = ? AND id = 'cloud'"
    rows = connection.select(statement, [cloud, Settings.table])
    settings = jsonutils.decode(rows[0][0].encode()) if rows else {}
    connection.execute(
        "INSERT INTO clouds (name, created, revision, format, next_due) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, format = excluded.format, "
        "next_due = excluded.next_due",
        [cloud, created, revision, settings.get("format", FORMAT), _find_next_due(settings)],
    )


def _find_next_due(settings: dict[str, Any]) -> float:
    """The wall time before which no task is due; infinite if the clock does not run, or the settings are damaged."""
    try:
        return clock.find_next_due(Settings.from_document(settings))
    except (NovasimError, ValueError, TypeError):
        return math.inf

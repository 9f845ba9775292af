"""
The tables of a database with clouds.

The name of the cloud is first in every key, so that a large database can be divided by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from novasim.store.sql.keys import COLUMNS, INDEXES

FORMAT = 1  # of these tables; increment it when they change

TABLES = (
    """
    CREATE TABLE clouds (
        name TEXT {collation} NOT NULL PRIMARY KEY,
        created DOUBLE PRECISION NOT NULL,
        revision BIGINT NOT NULL,
        format BIGINT NOT NULL,
        next_due DOUBLE PRECISION NOT NULL
    )
    """,
    f"""
    CREATE TABLE documents (
        cloud TEXT {{collation}} NOT NULL,
        table_name TEXT {{collation}} NOT NULL,
        place BIGINT NOT NULL,
        id TEXT {{collation}} NOT NULL,
        revision BIGINT NOT NULL,
        body TEXT NOT NULL,
        {" ".join(f"{name} TEXT {{collation}}," for name in COLUMNS)}
        PRIMARY KEY (cloud, table_name, place),
        UNIQUE (cloud, table_name, id)
    )
    """,
    """
    CREATE TABLE records (
        cloud TEXT {collation} NOT NULL PRIMARY KEY,
        is_kept BIGINT NOT NULL,
        format BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE record_entries (
        cloud TEXT {collation} NOT NULL,
        number BIGINT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (cloud, number)
    )
    """,
    """
    CREATE TABLE record_secrets (
        cloud TEXT {collation} NOT NULL,
        mark TEXT {collation} NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (cloud, mark)
    )
    """,
)
"""
`clouds` has a row for each cloud, which is its writer lock; `documents` one for each document; `records` one for each
cloud with a record; the last two hold the entries of records, and what they leave out.
"""


def list_statements(collation: str = "") -> Iterator[str]:
    """
    The statements that create the tables and their indexes.

    Args:
        collation: Makes a database sort texts by code points, if it does not do so by default.
    """
    for table in TABLES:
        yield table.format(collation=collation)
    for table, indexes in INDEXES.items():
        for number, columns in enumerate(indexes, 1):
            yield (f"CREATE INDEX {table}_{number} ON documents (cloud, {columns}, place) WHERE table_name = '{table}'")

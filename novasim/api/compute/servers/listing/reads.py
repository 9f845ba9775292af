"""Reads of other tables than that of servers, on which a list of servers depends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from novasim.records import Record
from novasim.simulation.world import Records

R = TypeVar("R", bound=Record)


class TableReads:
    """
    A transaction for reading, which notes what is read.

    Attributes:
        tables: The names of the tables that were read.
    """

    def __init__(self, tx: Records) -> None:
        self._tx = tx
        self.tables = set[str]()

    def get(self, kind: type[R], id: str) -> R | None:
        """The record of that kind and id."""
        self.tables.add(kind.table)
        return self._tx.get(kind, id)

    def query(self, kind: type[R], where: Mapping[str, object] | None = None) -> list[R]:
        """The records of a kind with these values of fields."""
        self.tables.add(kind.table)
        return self._tx.query(kind, where)

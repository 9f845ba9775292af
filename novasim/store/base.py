"""The store interface: what the core asks of any backend. One test suite is inherited by all of them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from novasim.records import Record

R = TypeVar("R", bound=Record)


class Transaction(Protocol):
    """
    One unit of work over a consistent snapshot.

    Within one transaction the same id always gives the same object. A changed object is saved only if it
    was `put`. Order is the order of first insertion.
    """

    def get(self, kind: type[R], id: str) -> R | None:
        """The record of that table and id, or None."""

    def find(self, kind: type[R], **fields: object) -> list[R]:
        """All records whose top-level fields equal *fields* (strings, numbers, None, booleans), in order."""

    def all(self, kind: type[R]) -> list[R]:
        """All records of a table, in order of insertion."""

    def count(self, kind: type[R]) -> int:
        """How many records a table has, without decoding them."""

    def put(self, record: Record) -> None:
        """Insert or replace by id."""

    def delete(self, record: Record) -> None:
        """Remove by id; removing what is not there is no error."""


class Store(Protocol):
    """A world that outlives a command."""

    def read(self) -> AbstractContextManager[Transaction]:
        """A snapshot. What is put into it is seen inside it and never saved (settling uses that)."""

    def write(self) -> AbstractContextManager[Transaction]:
        """
        Exclusive among processes and threads; saved as a whole on a clean exit if anything was put or
        deleted, dropped as a whole on an exception. Saved means it survives a kill.
        """

    def exists(self) -> bool:
        """Whether a world was ever saved here."""

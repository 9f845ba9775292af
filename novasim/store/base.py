"""The store interface: what the core asks of any backend. One test suite is inherited by all of them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from novasim.records import Record

R = TypeVar("R", bound=Record)


class Transaction(Protocol):
    """
    One unit of work over a consistent snapshot, for one thread.

    Within one transaction the same id always gives the same object. A changed object is saved only if it was
    `put`; it is saved as it is at the end of the transaction, so changes after the `put` are kept too. Order is
    the order of first insertion: replacing keeps a record's place, deleting it and putting it again does not.
    """

    def get(self, kind: type[R], id: str) -> R | None:
        """The record of that table and id, or None."""

    def find(self, kind: type[R], **fields: object) -> list[R]:
        """
        All records whose top-level fields equal *fields* (strings, numbers, None, booleans), in order.

        A field that a record does not hold counts with the default of its class. Records put in this transaction
        are found by what they were at their latest `put` and still are: change first, then put.

        Raises:
            TypeError: the kind has no such field.
        """

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
        """
        A snapshot, without waiting for any writer. What is put into it is seen inside it and never saved
        (settling uses that). A world that was never saved has no records.

        Raises:
            CloudFileError: the world cannot be read; raised on entering, or when a damaged record is met.
        """

    def write(self) -> AbstractContextManager[Transaction]:
        """
        Exclusive among processes and threads; saved as a whole on a clean exit if anything was put or
        deleted, dropped as a whole on an exception. Saved means it survives a kill.

        Whoever makes a world looks inside the transaction whether it is there: another may have been faster.

        Raises:
            CloudFileError: the world cannot be read or is locked too long (on entering), or cannot be saved
                (on leaving); the stored world is then as it was.
        """

    def batch(self) -> AbstractContextManager[Store]:
        """
        Many transactions saved at once: a store whose every `write` counts or is dropped on its own, and of which
        all that counted is saved on a clean exit. Exclusive as one `write` is.

        Raises:
            CloudFileError: as `write` does; if saving fails, nothing of the batch was stored.
        """

    def mark(self) -> object:
        """What stays the same object for as long as nothing else is stored. Raises CloudFileError as `read` does."""

    def exists(self) -> bool:
        """Whether a world was ever saved here."""

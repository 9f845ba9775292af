"""The store interface: what the core asks of any backend. One test suite is inherited by all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from novasim.records import Record, Task

R = TypeVar("R", bound=Record)


class Transaction(Protocol):
    """
    One unit of work over a consistent snapshot, for one thread.

    Within one transaction the same id always gives the same object. A changed object is saved only if it was
    `put`; it is saved as it is at the end of the transaction, including changes after the `put`. Tables keep the
    order of first insertion: replacing a record keeps its place, deleting it and putting it again does not.
    """

    def get(self, kind: type[R], id: str) -> R | None:
        """The record of that table and id, or None."""

    def query(
        self,
        kind: type[R],
        where: Mapping[str, object] | None = None,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: str | None = None,
    ) -> list[R]:
        """
        The records of a table that match.

        A record that does not hold a field has the default of its class. A record put in this transaction is found
        by its fields at its latest `put` if it still has them: change it first, then put it.

        Args:
            where: Top-level fields and the value that each must equal, as JSON compares: true is not 1.
            order: Fields to sort by, the most important first; "-" before a name means descending. None sorts
                before any value. Equal records, and all records without *order*, keep the order of insertion.
            limit: The number of records to return at most; None for all.
            after: Id of a record: the result starts behind it. Empty if that record does not match.

        Raises:
            TypeError: the kind has no such field.
        """

    def count(self, kind: type[R], where: Mapping[str, object] | None = None) -> int:
        """How many records `query` would return."""

    def due_before(self, time: float) -> list[Task]:
        """The tasks whose present phase ends at or before *time* (seconds since the epoch), in order of insertion."""

    def put(self, record: Record) -> None:
        """Insert or replace by id."""

    def delete(self, record: Record) -> None:
        """Remove by id. Removing a record that does not exist is no error."""


class Store(Protocol):
    """A world that outlives a command."""

    def read(self) -> AbstractContextManager[Transaction]:
        """
        A snapshot, without waiting for any writer. Records put into it are seen inside it and never saved
        (settling uses that). A world that was never saved has no records.

        Raises:
            CloudFileError: the world cannot be read; raised on entering, or when a damaged record is met.
        """

    def write(self) -> AbstractContextManager[Transaction]:
        """
        A transaction that excludes other writers, in all processes and threads. On a clean exit all of it is
        saved, durably; on an exception all of it is dropped.

        A caller that creates a world checks inside the transaction whether it exists: another may have been faster.

        Raises:
            CloudFileError: the world cannot be read or is locked too long (on entering), or cannot be saved
                (on leaving); the stored world is then unchanged.
        """

    def batch(self) -> AbstractContextManager[Store]:
        """
        Many transactions saved at once: a store in which every `write` is kept or dropped on its own. On a clean
        exit everything kept is saved. Exclusive as one `write` is.

        Raises:
            CloudFileError: as `write` does; if saving fails, nothing of the batch is stored.
        """

    def revision(self) -> object:
        """An object that stays the same (`is`) until something is stored. Raises CloudFileError as `read` does."""

    def exists(self) -> bool:
        """Whether a world was ever saved here."""

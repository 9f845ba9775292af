"""The interface of all store backends. All of them pass the same tests."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol, TypeVar

from novasim.records import Record, Task

R = TypeVar("R", bound=Record)
V = TypeVar("V")
OnSaved = Callable[[], object] | None


class Change(NamedTuple):
    """A document that a transaction changes."""

    table: str
    number: int  # of the document in its table
    place: int  # in the order of insertion, for `Transaction.put`
    before: Mapping[str, Any] | None  # its fields; None if it did not exist
    after: Mapping[str, Any] | None  # its fields; None if it is deleted


class Transaction(Protocol):
    """
    One unit of work over a consistent snapshot, for one thread.

    The same id always gives the same object. A changed object is saved only if it was `put`, with all changes made
    before the end of the transaction. Tables keep the order of first insertion: a record that is replaced keeps its
    place; a record that is deleted and put again goes to the end.
    """

    def get(self, kind: type[R], id: str) -> R | None:
        """The record of that table and id."""

    def record_at(self, kind: type[R], place: int) -> R | None:
        """The record with that `Change.place`."""

    def query(
        self,
        kind: type[R],
        where: Mapping[str, object] | None = None,
        order: Sequence[str] = (),
        limit: int | None = None,
        after: str | None = None,
    ) -> list[R]:
        """
        The records of a table that match. A record put in this transaction is matched by its values at its last `put`.

        Args:
            where: Values of fields, compared as in JSON: true is not 1. A missing field has its class's default.
            order: Fields to sort by, descending with "-" before the name. None sorts before any value. Equal records
                stay in the order of insertion.
            limit: The number of records to return at most.
            after: ID of the record to start after; the result is empty if that record does not match.

        Raises:
            TypeError: the kind has no such field.
        """

    def count(self, kind: type[R], where: Mapping[str, object] | None = None) -> int:
        """The number of records that `query` would return."""

    def due_before(self, time: float) -> list[Task]:
        """Tasks whose present phase ends at or before *time* (seconds since the epoch), in the order of insertion."""

    def put(self, record: Record, place: int | None = None) -> None:
        """
        Insert or replace by id.

        Args:
            place: `Change.place` of a deleted record that comes back; by default a new record is the last.

        Raises:
            ValueError: another record has that place.
        """

    def delete(self, record: Record) -> None:
        """Remove by id. Removing a record that does not exist is not an error."""

    def get_or_compute(self, key: Hashable, compute: Callable[[], V]) -> V:
        """
        A value, not None, that follows from the key and the stored world alone, and that nobody changes.

        It is kept until something else is stored. It is computed each time in a transaction that has changed a record.
        """

    def changes(self) -> list[Change]:
        """The documents that this transaction would change if it ended now. ValueError, TypeError: not JSON."""

    def take_changes(self, complete: bool = True) -> list[Change]:
        """
        The documents that have changed since the previous call, or since the beginning.

        Args:
            complete: Whether to include records that were put before the previous call and changed since. Without it,
                the call takes time only for what was put or deleted since.
        """


class Store(Protocol):
    """
    A world that outlives a command. Every method raises CloudFileError if the world cannot be read or saved.

    Attributes:
        path: The name of the world in messages: the path of a file, or the address of a cloud in a database.
        record: The path of the record beside the world, whether it exists or not; "" if there can be none.
    """

    path: str
    record: str

    def read(self) -> AbstractContextManager[Transaction]:
        """
        A snapshot, without waiting for a writer. Records put into it are visible inside it and never saved
        (settling uses that). A world that was never saved has no records.
        """

    def write(self, on_saved: OnSaved = None) -> AbstractContextManager[Transaction]:
        """
        A transaction that excludes other writers, in all processes and threads: saved as a whole, durably, on a clean
        exit, and dropped on an exception. To create a world, check inside the transaction that no other process has
        created it.

        Args:
            on_saved: Called after a save, also if nothing has changed, while other writers are still excluded.
        """

    def batch(self, on_saved: OnSaved = None) -> AbstractContextManager[Store]:
        """
        Many transactions that are saved together on a clean exit: a store in which every `write` is kept or dropped
        on its own. Exclusive as one `write` is. If saving fails, nothing of the batch is stored.

        Args:
            on_saved: As for `write`.
        """

    def revision(self) -> object:
        """An object that stays the same for as long as nothing else is stored."""

    def tables(self) -> dict[str, dict[str, Any]]:
        """The stored documents by table and number. They must not be changed."""

    def dump(self) -> bytes:
        """The whole world as a cloud file holds it."""

    def exists(self) -> bool:
        """Whether a world was ever saved here."""

"""The interface of all store backends. All of them pass the same tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from novasim.records import Record, Task
from novasim.store.documents import Change, Tables

if TYPE_CHECKING:
    from novasim.records.entry import Entry
    from novasim.store.materialized import MaterializedViews

R = TypeVar("R", bound=Record)
OnSaved = Callable[[], object] | None
OnReplaced = Callable[[Tables | None], object] | None
"""Called with the documents that are replaced, or None if they cannot be read, within the transaction."""


class Transaction(Protocol):
    """
    One unit of work over a consistent snapshot, for one thread.

    The same id always gives the same object. A changed object is saved only if it was `put`, with all changes made
    before the end of the transaction. Tables keep the order of first insertion: a record that is replaced keeps its
    place; a record that is deleted and put again goes to the end.

    Attributes:
        reads_pages: Whether a query with an order and a limit reads only these records, if it can.
    """

    reads_pages: bool

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

    def expect_new(self, id: str) -> None:
        """
        Note an id that was generated just now, so that it is not looked up in vain.

        No stored record has this id, or one that begins with it, or has it in another field.
        """

    def delete(self, record: Record) -> None:
        """Remove by id. Removing a record that does not exist is not an error."""

    def materialized_views(self) -> AbstractContextManager[MaterializedViews | None]:
        """
        The materialized views of the store, at the snapshot of this transaction and without its own changes.

        None if there are none: in a transaction that writes or in a batch, and while another thread uses them.
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


class RecordTail(Protocol):
    """
    The entries that are added to a record.

    Attributes:
        offset: Grows with each entry that was read.
    """

    offset: int

    def read(self) -> list[Entry]:
        """The entries since the last call; at first the last ones of those that exist."""


class RecordLog(Protocol):
    """
    The record of a cloud, whether it exists or not. All methods raise CloudFileError if it cannot be used.

    Attributes:
        name: Where it is, for messages.
    """

    @property
    def name(self) -> str: ...

    def exists(self) -> bool:
        """Whether entries were ever added."""

    def is_kept(self) -> bool:
        """Whether entries are to be added: whether it exists, and was not stopped."""

    def check(self) -> None:
        """Check that entries can be added, before anything is changed."""

    def is_writable(self) -> bool:
        """Whether the user of this process has the right to add entries."""

    def append(self, entries: Sequence[bytes], secrets: Sequence[bytes] = ()) -> None:
        """
        Add entries, encoded as JSON, and what they leave out.

        In `on_saved` of a store, they are saved together with its changes. In the midst of a transaction they are
        saved on their own, whatever becomes of that.
        """

    def read(self, report: Callable[[str], object] | None = None) -> list[Entry]:
        """
        All entries, oldest first.

        Args:
            report: Called with what is wrong with a damaged entry, which is left out then.
        """

    def read_secrets(self) -> dict[str, Any]:
        """What the record leaves out, by marks."""

    def start(self) -> None:
        """Let entries be added again after a stop."""

    def stop(self) -> None:
        """Let no entries be added any more."""

    def count_bytes(self) -> int:
        """The size of the record."""

    def tail(self) -> RecordTail:
        """The end of the record."""


class KeptState(NamedTuple):
    """
    A state of a world that is kept in its database.

    Args:
        name: Of a saved state, or bak.1 for the newest backup, bak.2 for the next one, and so on.
        key: What tells it apart in the database.
        time: When it was kept, in seconds since the epoch (wall time).
    """

    name: str
    key: str
    time: float
    is_backup: bool


class KeptStates(Protocol):
    """The states of a world that are kept in its database: saved ones, and backups of those that were replaced."""

    def list_states(self) -> list[KeptState]:
        """All kept states, the newest first."""

    def read(self, state: KeptState) -> Tables:
        """The documents of a kept state by table and number. CloudFileError: it has been replaced meanwhile."""

    def save(self, name: str, replaces: bool) -> None:
        """Keep the present state under a name. FileExistsError: there is one of that name, and it is not replaced."""

    def replace(self, tables: Tables, on_replaced: OnReplaced = None, must_be_new: bool = False) -> str | None:
        """
        Save another state in place of the present one. Return the name of the backup that this becomes.

        FileExistsError: there is a cloud, and it *must_be_new*.
        """


class Store(Protocol):
    """
    A world that outlives a command. Every method raises CloudFileError if the world cannot be read or saved.

    Attributes:
        path: The name of the world in messages: the path of a file, or the address of a cloud in a database.
        has_saved: Whether this store has saved a change.
    """

    path: str

    @property
    def has_saved(self) -> bool: ...

    @property
    def record(self) -> RecordLog | None:
        """The record of the world; None if there can be none, as in memory."""

    def is_recorded(self) -> bool:
        """Whether a record is kept. Without one, this is all that it costs."""

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
            on_saved: Called after a save, even if nothing has changed, while other writers are still excluded.
        """

    def batch(self, on_saved: OnSaved = None) -> AbstractContextManager[Store]:
        """
        Many transactions that are saved together on a clean exit: a store in which every `write` is kept or dropped
        on its own. Exclusive as one `write` is. If saving fails, nothing of the batch is stored.

        A `write` may find a record in memory as an earlier one has left it. The batch is not read during a `write`.

        Args:
            on_saved: As for `write`.
        """

    def revision(self) -> object:
        """An object that stays the same for as long as nothing else is stored."""

    def tables(self) -> dict[str, dict[str, Any]]:
        """The stored documents by table and number. They must not be changed."""

    @property
    def kept(self) -> KeptStates | None:
        """The states that are kept in the database; None for a file, beside which they are files, and in memory."""

    def dump(self) -> bytes:
        """The whole world as a cloud file holds it."""

    def exists(self) -> bool:
        """Whether a world was ever saved here."""

    def watch(self, on_change: Callable[[], object]) -> Callable[[], object] | None:
        """
        Call a function, in another thread, soon after each change of the world by any process.

        A call may be missing: look at the revision from time to time, too.

        Returns:
            A function that ends this; None if the store cannot do it.
        """

    def close(self) -> None:
        """Close what is open and not in use, such as connections. The store can be used again."""

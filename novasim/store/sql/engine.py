"""What the store needs of a database engine. Each dialect has one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from novasim.store.base import OnReplaced
from novasim.store.documents import Tables

Row = Sequence[Any]


class Connection(Protocol):
    """
    A connection within one transaction of the database. Errors are raised as CloudFileError.

    Placeholders in statements are question marks, which stand nowhere else in them.
    """

    def select(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """The rows of a query."""

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Execute a statement that has no result."""

    def execute_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement for each row of values."""


class Engine(Protocol):
    """
    A database with clouds. Every method raises CloudFileError for a database that cannot be used.

    Attributes:
        path: The address of the cloud, for messages.
        skip_locked: What makes a query of clouds leave out those that another transaction is changing, and hold others.
    """

    path: str
    skip_locked: str

    def exists(self) -> bool:
        """Whether the database has the tables of clouds. CloudFileError: it has other tables, or newer ones."""

    def create(self) -> None:
        """Create the tables, and the database if need be, unless another process has created them meanwhile."""

    def read(self) -> AbstractContextManager[Connection]:
        """A snapshot that is dropped at the end. It waits for no writer, and is only used if `exists`."""

    def query(self, statement: str, values: Sequence[object] = ()) -> list[Row]:
        """The rows of one query, which needs no transaction. It waits for no writer, and is only used if `exists`."""

    def write(self, cloud: str) -> AbstractContextManager[Connection]:
        """
        A transaction that excludes other writers of a cloud, and is committed on a clean exit, durably.

        CloudFileError: another writer has held the lock for too long.
        """

    def announce(self, cloud: str) -> None:
        """Tell other processes that a cloud has changed, if the database can do that. Errors are ignored."""

    def watch(self, cloud: str, on_change: Callable[[], object]) -> Callable[[], None] | None:
        """As `store.base.Store.watch` for a cloud."""

    def close(self) -> None:
        """Close all connections that are not in use."""


class CloudInDatabase(Protocol):
    """
    A cloud as its record and its kept states use it.

    Attributes:
        path: The address of the cloud, for messages.
    """

    path: str

    def is_recorded(self) -> bool:
        """Whether a record is kept."""

    def reading(self) -> AbstractContextManager[Connection | None]:
        """A snapshot; None if there is no database. A thread that is saving sees what it saves."""

    def query(self, statement: str, values: Sequence[object]) -> list[Row]:
        """The rows of one query; none without a database. A thread that is saving sees what it saves."""

    def add(self, work: Callable[[Connection], object]) -> None:
        """Do *work* in the transaction that this thread is saving; or else on its own, after the present one."""

    def replace(self, tables: Tables, on_replaced: OnReplaced = None, must_be_new: bool = False) -> str | None:
        """Save another state in place of the stored one, as `KeptStates.replace` describes it."""

"""The store interface over a cloud in a database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from novasim.records.cloud import FORMAT
from novasim.store.base import OnReplaced, OnSaved, RecordLog
from novasim.store.documents import Tables, check_records, encode_file
from novasim.store.errors import FAILURES, newer
from novasim.store.sql.batch import SqlBatch
from novasim.store.sql.engine import Connection, Engine, Row
from novasim.store.sql.revisions import (
    migrate,
    next_revision,
    open_source,
    read_revision,
    read_upgraded_tables,
    save,
    save_revision,
    try_upgraded_tables,
)
from novasim.store.sql.source import Revision
from novasim.store.sql.transaction import SqlTransaction
from novasim.store.sql.writing import write_cloud, write_tables
from novasim.store.transaction import Snapshot

if TYPE_CHECKING:
    from novasim.store.materialized import MaterializedViews
    from novasim.store.sql.kept_tables import KeptTables
    from novasim.store.sql.states import SqlStates


class _Thread(threading.local):
    """
    What the present thread does with a store.

    Attributes:
        is_writing: Whether it is in a transaction that writes.
        saving: The connection of that transaction, while it is saved.
        has_added: Whether something was added to that transaction that does not change the revision.
        later: What is to be done after it.
    """

    def __init__(self) -> None:
        self.is_writing, self.has_added, self.saving = False, False, None
        self.later: list[Callable[[Connection], object]] = []

    is_writing: bool
    has_added: bool
    saving: Connection | None


class SqlStore:
    """
    A cloud in a database.

    Args:
        cloud: The name of the cloud in the database.
        resident: Whether it is used for long: then small tables stay in memory until the cloud changes.

    Attributes:
        path: The address of the cloud, for messages. address: The same with its password, to open the cloud again.
        has_saved: Whether this store has saved a change.
    """

    def __init__(self, engine: Engine, cloud: str, resident: bool = False) -> None:
        self._engine, self._cloud, self._is_resident = engine, cloud, resident
        self.path = self.address = engine.path
        self._kept_tables: KeptTables | None = None
        self._revision = Revision()
        self.has_saved = False
        self._thread = _Thread()
        self._views: MaterializedViews | None = None

    def exists(self) -> bool:
        return self.revision().number > 0

    def revision(self) -> Revision:
        return self._note(read_revision(self.query, self._cloud))

    @property
    def record(self) -> RecordLog | None:
        """The record, in tables of the database."""
        from novasim.store.sql.record import SqlRecord

        return SqlRecord(self, self._cloud)

    def is_recorded(self) -> bool:
        return bool(self.query("SELECT cloud FROM records WHERE cloud = ? AND is_kept = 1", [self._cloud]))

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        with self.reading() as connection:
            revision = self._observe(connection)
            source = open_source(connection, self._cloud, self.path, revision)
            tx = SqlTransaction(source, revision, self.path, self._get_views, self._keep_tables(revision))
            with self._blame(connection):
                yield tx

    @contextmanager
    def write(self, on_saved: OnSaved = None) -> Iterator[SqlTransaction]:
        with self._exclusive() as connection:
            revision = self._migrate(connection)
            source = open_source(connection, self._cloud, self.path, revision)
            tx = SqlTransaction(source, revision, self.path, kept=self._keep_tables(revision))
            with self._blame(connection):
                yield tx
            tx.commit()
            after = save(connection, self._cloud, revision, tx)
            save_revision(connection, self._cloud, revision, after)
            self._finish(connection, on_saved)
            kept = tx.follow(after)
            self._announce(revision, after)
        self._keep(revision, after, kept)

    @contextmanager
    def batch(self, on_saved: OnSaved = None) -> Iterator[SqlBatch]:
        with self._exclusive() as connection:
            before = self._migrate(connection)
            batch = SqlBatch(connection, self._cloud, self.path, before, self._keep_tables(before))
            yield batch
            after = batch.revision()
            save_revision(connection, self._cloud, before, after)
            self._finish(connection, on_saved)
            self._announce(before, after)
        self._keep(before, after, batch.kept_tables)

    def watch(self, on_change: Callable[[], object]) -> Callable[[], None] | None:
        return self._engine.watch(self._cloud, on_change)

    def close(self) -> None:
        self._engine.close()

    def tables(self) -> Tables:
        """The stored documents by table and number, in the present format: the whole cloud."""
        with self.reading() as connection:
            return read_upgraded_tables(connection, self._cloud, self.path)

    def dump(self) -> bytes:
        """The whole world as a cloud file holds it."""
        return b"".join(encode_file(self.tables()))

    def snapshot(self) -> Snapshot:
        """The stored state in memory, for `restore`: the whole cloud."""
        return Snapshot(self.tables())

    def restore(self, snapshot: Snapshot, on_replaced: OnReplaced = None) -> None:
        """Save a state in place of the stored one, which is not kept."""
        self.replace(snapshot.tables, on_replaced, keeps=False)

    def replace(
        self, tables: Tables, on_replaced: OnReplaced = None, must_be_new: bool = False, keeps: bool = True
    ) -> str | None:
        """
        Save another state in place of the stored one, which becomes a backup with *keeps*.

        Returns:
            The name of the backup, if there is one.

        FileExistsError: there is a cloud, and it *must_be_new*.
        """
        with self._exclusive() as connection:
            before = self._observe(connection)
            if must_be_new and before.number:
                raise FileExistsError(self.path)
            old = try_upgraded_tables(connection, self._cloud, self.path) if on_replaced else None
            kept = self.kept.back_up(connection) if keeps else None
            after = next_revision(before)
            write_tables(connection, self._cloud, after.number, tables)
            write_cloud(connection, self._cloud, after.created, after.number)
            self._finish(connection, partial(on_replaced, old) if on_replaced else None)
        self._keep(before, after)
        return kept

    @property
    def kept(self) -> SqlStates:
        """The states of the cloud that are kept in the database."""
        from novasim.store.sql.states import SqlStates

        return SqlStates(self, self._cloud)

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """A snapshot; None if there is no database. A thread that is saving sees what it saves."""
        if self._thread.saving:
            yield self._thread.saving
        elif self._engine.exists():
            with self._engine.read() as connection:
                yield connection
        else:
            yield None

    def query(self, statement: str, values: Sequence[object]) -> list[Row]:
        """The rows of one query; none without a database. A thread that is saving sees what it saves."""
        if self._thread.saving:
            return self._thread.saving.select(statement, values)
        return self._engine.query(statement, values) if self._engine.exists() else []

    def add(self, work: Callable[[Connection], object]) -> None:
        """Do *work* in the transaction that this thread is saving; or else on its own, after the present one."""
        if self._thread.saving:
            work(self._thread.saving)
            self._thread.has_added = True
        elif self._thread.is_writing:
            self._thread.later.append(work)
        else:
            self._engine.create()
            with self._engine.write(self._cloud) as connection:
                work(connection)
            self._engine.announce(self._cloud)

    @contextmanager
    def _exclusive(self) -> Iterator[Connection]:
        """A transaction of the database that excludes other writers."""
        self._engine.create()
        self._thread.is_writing, self._thread.has_added = True, False
        try:
            with self._engine.write(self._cloud) as connection:
                yield connection
        finally:
            self._thread.is_writing, later, self._thread.later = False, self._thread.later, []
            for work in later:
                self.add(work)

    def _observe(self, connection: Connection | None) -> Revision:
        """The revision that a snapshot has; the same object as before if it is the same."""
        return self._note(read_revision(connection.select, self._cloud) if connection else Revision())

    def _migrate(self, connection: Connection) -> Revision:
        """The revision of a cloud in the present format. The state in an earlier one is kept as a backup."""
        found = self._observe(connection)
        if found.format > FORMAT:
            raise newer(self.path, found.format, FORMAT)
        if found.format == FORMAT:
            return found
        self.kept.back_up(connection)
        return migrate(connection, self._cloud, self.path, found)

    def _note(self, found: Revision) -> Revision:
        if not found.is_same(self._revision):
            self._revision = found
        return self._revision

    def _finish(self, connection: Connection, on_saved: OnSaved) -> None:
        """Call *on_saved* within the transaction of the database, so that what it writes there is saved, too."""
        if on_saved:
            self._thread.saving = connection
            try:
                on_saved()
            finally:
                self._thread.saving = None

    def _get_views(self) -> MaterializedViews:
        """The materialized views of this store. Few commands need them."""
        if self._views is None:
            from novasim.store.materialized import MaterializedViews

            self._views = MaterializedViews()
        return self._views

    def _announce(self, before: Revision, after: Revision) -> None:
        if self._views and after is not before:
            self._views.announce(before, after, after.unsaved)
        after.unsaved = None

    def _keep_tables(self, revision: Revision) -> KeptTables | None:
        """The small tables at a revision, in a server."""
        if not self._is_resident or revision.format != FORMAT:
            return None
        kept = self._kept_tables
        if kept is None or not kept.revision.is_same(revision):
            from novasim.store.sql.kept_tables import KeptTables

            kept = self._kept_tables = KeptTables(revision, kept if kept and kept.revision.precedes(revision) else None)
        return kept

    def _keep(self, before: Revision, after: Revision, kept: KeptTables | None = None) -> None:
        """Note a revision that was committed. Another thread may have observed it already."""
        is_new = not after.is_same(before)
        if is_new:
            self._revision, self.has_saved, self._kept_tables = after, True, kept
        if is_new or self._thread.has_added:
            self._engine.announce(self._cloud)

    @contextmanager
    def _blame(self, connection: Connection | None) -> Iterator[None]:
        """Raise CloudFileError for an error that a damaged document may have caused."""
        try:
            yield
        except FAILURES:
            if connection is not None:
                check_records(read_upgraded_tables(connection, self._cloud, self.path), self.path)
            raise

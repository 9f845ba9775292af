"""A store within a transaction of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from novasim.store.base import KeptStates, OnSaved, RecordLog
from novasim.store.documents import Tables, encode_file
from novasim.store.sql.engine import Connection
from novasim.store.sql.revisions import read_tables, save
from novasim.store.sql.source import Revision, Source
from novasim.store.sql.transaction import SqlTransaction

if TYPE_CHECKING:
    from novasim.store.sql.kept_tables import KeptTables


class SqlBatch:
    """
    A store within a transaction of the database: each `write` is kept or dropped on its own.

    Its writes share one transaction of records, so that a record is read once, and stored once when the batch ends. A
    write that fails ends this transaction, since it may have changed records in memory, and so does a read.

    Attributes:
        kept_tables: The small tables at its revision, in a server.
    """

    record: RecordLog | None = None
    kept: KeptStates | None = None
    has_saved = False

    def __init__(
        self, connection: Connection, cloud: str, path: str, revision: Revision, kept: KeptTables | None = None
    ) -> None:
        self._connection, self._cloud, self.path = connection, cloud, path
        self._revision, self.kept_tables = revision, kept
        self._readers: list[SqlTransaction] = []
        self._tx: SqlTransaction | None = None  # with what is not stored yet
        self._is_writing = False
        self._failure: BaseException | None = None

    def exists(self) -> bool:
        return self._revision.number > 0 or bool(self._tx and self._tx.kept_changes())

    def is_recorded(self) -> bool:
        return False

    def watch(self, on_change: Callable[[], object]) -> None:
        return None

    def close(self) -> None:
        pass

    def revision(self) -> Revision:
        self._store()
        return self._revision

    @contextmanager
    def read(self) -> Iterator[SqlTransaction]:
        self._store()
        tx = self._open()
        self._readers.append(tx)
        try:
            yield tx
        finally:
            self._readers.remove(tx)

    @contextmanager
    def write(self, on_saved: OnSaved = None) -> Iterator[SqlTransaction]:
        tx = self._tx = self._tx or self._open()
        self._is_writing = True
        try:
            yield tx
            tx.commit()
        except BaseException:
            self._is_writing = False
            self._store()
            raise
        self._is_writing = False
        if on_saved:
            on_saved()

    @contextmanager
    def batch(self, on_saved: OnSaved = None) -> Iterator[SqlBatch]:
        self._store()
        batch = SqlBatch(self._connection, self._cloud, self.path, self._revision, self.kept_tables)
        batch._readers = self._readers
        with self._savepoint():
            yield batch
            batch._store()
            if on_saved:
                on_saved()
        self._revision, self.kept_tables = batch._revision, batch.kept_tables

    def tables(self) -> Tables:
        """The stored documents by table and number, with what the batch has stored."""
        self._store()
        return read_tables(self._connection, self._cloud)

    def dump(self) -> bytes:
        """The whole world as a cloud file holds it."""
        return b"".join(encode_file(self.tables()))

    def _store(self) -> None:
        """Store what was committed. If that fails, the batch fails."""
        if self._is_writing:
            raise RuntimeError("A batch cannot be read during a write")
        if self._failure:
            raise self._failure
        tx, self._tx = self._tx, None
        if tx is None:
            return
        try:
            for reader in self._readers:
                reader.detach(read_tables(self._connection, self._cloud))
            self._revision = save(self._connection, self._cloud, self._revision, tx)
        except BaseException as error:
            self._failure = error
            raise
        self.kept_tables = tx.follow(self._revision)

    def _open(self) -> SqlTransaction:
        source = Source(self._connection, self._cloud, self.path)
        return SqlTransaction(source, self._revision, self.path, kept=self.kept_tables)

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self._connection.execute("SAVEPOINT novasim")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO novasim")
            self._connection.execute("RELEASE novasim")
            raise
        self._connection.execute("RELEASE novasim")

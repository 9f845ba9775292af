"""A world in a file that TinyDB can open, read and saved as bytes and spliced where it changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from novasim.store.batch import Batch
from novasim.store.files import Version, read_file, remove_leftovers, replace_file, version_of
from novasim.store.lines import compose
from novasim.store.lock import writer_lock
from novasim.store.migrate import load
from novasim.store.work import Reading, Tables, Work


class Snapshot(NamedTuple):
    """A state of the file; *older* as in store.migrate.Loaded."""

    tables: Tables
    version: Version | None
    older: int | None = None


class TinyStore:
    """
    The store interface over a cloud file (symbolic links are followed).

    It keeps the latest snapshot, so that reading again costs no more than asking whether the file has changed.
    At each save the old content is kept as PATH.bak (or PATH.bak-formatN, if it was of format N and migrated),
    for `store.backup.restore`.

    Args:
        timeout: How long to wait for another writer, in seconds.
        resident: Whether it is asked for long, and often: then what was read is split at once, and not kept twice.

    Raises (on any use): CloudFileError.
    """

    def __init__(self, path: str | os.PathLike[str], timeout: float = 10.0, resident: bool = False) -> None:
        self.path = os.path.realpath(path)
        self.timeout = timeout
        self.resident = resident
        self._latest = Snapshot({}, None)

    def exists(self) -> bool:
        return os.path.exists(self.path)

    @contextmanager
    def read(self) -> Iterator[Work]:
        yield Work(self._load().tables, self.path)

    @contextmanager
    def write(self) -> Iterator[Work]:
        with self.batch() as batch, batch.write() as work:
            yield work

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        with writer_lock(self.path, self.timeout):
            remove_leftovers(self.path)
            before = self._load()
            batch = Batch(before.tables, self.path)
            yield batch
            if batch.tables is not before.tables:
                self._save(before, batch.tables)

    def revision(self) -> object:
        return self._load().tables

    def dump(self) -> bytes:
        """The whole world as the file holds it, if novasim wrote it last."""
        return b"".join(compose(self._load().tables))

    def _load(self) -> Snapshot:
        latest = self._latest
        if latest.version is not None and latest.version == version_of(self.path):
            return latest
        found = read_file(self.path)
        if found is None:
            return Snapshot({}, None)
        tables, older = load(found.data, self.path)
        if self.resident:
            self._take_apart(tables)
        self._latest = Snapshot(tables, found.version, older)
        return self._latest

    def _take_apart(self, tables: Tables) -> None:
        for name, table in tables.items():
            with Reading(self.path, name):
                table.take_apart()

    def _save(self, before: Snapshot, after: Tables) -> None:
        keep = ".bak" if before.older is None else f".bak-format{before.older}"
        version = replace_file(self.path, compose(after), keep=self.path + keep)
        self._latest = Snapshot(after, version)

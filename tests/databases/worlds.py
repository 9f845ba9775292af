"""Worlds of recorded requests in SQLite databases, one file each."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

from novasim.store import open_store
from novasim.store.sql.store import SqlStore


class InSqlite:
    """
    Copies worlds into databases in a temporary folder; called as `worlds.copy_store` is.

    A file is removed when its store is collected, since a recording has thousands of worlds.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._numbers = itertools.count()

    def __enter__(self) -> InSqlite:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def __call__(self, store: Any) -> SqlStore:
        """A store in a new database with the same content."""
        path = Path(self._folder.name) / f"{next(self._numbers)}.db"
        copy = open_store(f"sqlite:{path}", resident=True)
        assert isinstance(copy, SqlStore)
        weakref.finalize(copy, path.unlink, missing_ok=True)
        if isinstance(store, SqlStore):
            store.close()  # writes the log into the file
            shutil.copyfile(store.path.partition(":")[2], path)
        else:
            copy.replace(store.tables(), keeps=False)
        return copy

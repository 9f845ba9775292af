"""TinyDB over a cloud file: the layout of `store.lines`, replaced as a whole and never written in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinydb.storages import Storage

from novasim.store.files import read_file, replace_file
from novasim.store.lines import LAYOUT, compose
from novasim.store.whole import parse, tables_of


class LineStorage(Storage):
    """
    `TinyDB(path, storage=LineStorage)` reads and writes a cloud file. It takes no lock: hold `store.lock` around it.

    Raises:
        CloudFileError: the file cannot be used.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def read(self) -> dict[str, dict[str, Any]] | None:
        """All tables, or None if there is no file."""
        found = read_file(self._path)
        if found is None:
            return None
        content = parse(found.data, self._path)
        content.pop(LAYOUT, None)
        return content

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Put *data* in place of the file."""
        replace_file(self._path, compose(tables_of(data, self._path)))

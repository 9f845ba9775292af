"""The end of a record in a file, which a live page follows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from novasim.records.entry import Entry
from novasim.store.record_file import parse_entry

TAIL = 65_536  # bytes of an existing record that a new page shows


class FileTail:
    """
    The entries that are added to a record, as `store.base.RecordTail` describes it.

    Args:
        path: The file; it need not exist.

    Attributes:
        offset: How many bytes of it were read or skipped.
    """

    def __init__(self, path: str) -> None:
        self._path, self._file, self._rest = path, 0, b""
        self.offset = max(0, self._size() - TAIL)
        self._skips_first = self.offset > 0  # it is the end of a line

    def read(self) -> list[Entry]:
        """The entries since the last call. A damaged line is left out."""
        size = self._size()
        if size < self.offset:
            self.offset, self._rest = 0, b""
        if size == self.offset:
            return []
        try:
            with open(self._path, "rb") as file:
                file.seek(self.offset)
                data = file.read(size - self.offset)
        except OSError:
            return []
        self.offset += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        if self._skips_first and lines:
            del lines[0]
            self._skips_first = False
        return list(_parse(lines))

    def _size(self) -> int:
        """The size of the file. A new file in its place counts as empty, so that it is read from its beginning."""
        try:
            found = os.stat(self._path) if self._path else None
        except OSError:
            found = None
        if found is None:
            return 0
        if self._file not in (0, found.st_ino):
            self.offset, self._rest = 0, b""
        self._file = found.st_ino
        return found.st_size


def _parse(lines: list[bytes]) -> Iterator[Entry]:
    for line in lines:
        with suppress(ValueError):
            yield parse_entry(line)

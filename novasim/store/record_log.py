"""The record beside a cloud file, as `store.base.RecordLog` describes it, and its end, which a live page follows."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from novasim.errors import CloudFileError
from novasim.records.entry import Entry
from novasim.store.files import is_recorded
from novasim.store.record_file import (
    CLOSED,
    SECRETS,
    WRITE_BITS,
    RecordFile,
    is_header,
    parse_entry,
    read_entries,
    read_secrets,
    require_record,
)

TAIL = 65_536  # bytes of an existing record that a new page shows


class FileRecord:
    """
    A record in a file. A file that is read-only is a record that was stopped.

    Args:
        like: The cloud file whose mode and group a new file gets; "" for mode 0600.
        keeps_secrets: Whether to keep what the record leaves out in another file beside it.
    """

    def __init__(self, path: str, like: str = "", keeps_secrets: bool = True) -> None:
        self.name, self._file = path, RecordFile(path, like)
        self._secrets = RecordFile(path + SECRETS, like) if keeps_secrets else None

    def exists(self) -> bool:
        return os.path.exists(self.name)

    def is_kept(self) -> bool:
        return is_recorded(self.name)

    def is_writable(self) -> bool:
        is_effective = os.access in os.supports_effective_ids
        return os.access(self.name, os.W_OK, effective_ids=is_effective) or not self.exists()

    def check(self) -> None:
        self._file.check()
        if self._secrets:
            self._secrets.check()

    def append(self, entries: Sequence[bytes], secrets: Sequence[bytes] = ()) -> None:
        if secrets and self._secrets:
            self._secrets.append(list(secrets))
        if entries:
            self._file.append(list(entries))

    def read(self, report: Callable[[str], object] | None = None) -> list[Entry]:
        return read_entries(self.name, report)

    def read_secrets(self) -> dict[str, Any]:
        return read_secrets(self.name)

    def start(self) -> None:
        if os.path.lexists(self.name):
            require_record(self.name)
            _change_mode(self.name, lambda mode: mode | stat.S_IWUSR)

    def stop(self) -> None:
        _change_mode(self.name, lambda mode: mode & ~WRITE_BITS)

    def count_bytes(self) -> int:
        count = 0
        for name in (self.name, self.name + CLOSED):
            with suppress(FileNotFoundError):
                count += os.path.getsize(name)
        return count

    def tail(self) -> FileTail:
        return FileTail(self.name)


def _change_mode(path: str, change: Callable[[int], int]) -> None:
    """Change the mode of a record. Raises CloudFileError, as for one that another process has removed."""
    try:
        os.chmod(path, change(stat.S_IMODE(os.stat(path).st_mode)))
    except OSError as error:
        raise CloudFileError(f"The record {path} cannot be changed: {error.strerror}.") from None


class FileTail:
    """
    The entries that are added to a record, as `store.base.RecordTail` describes it.

    Args:
        path: The file; it need not exist.

    Attributes:
        offset: How many bytes of it were read or skipped.
    """

    def __init__(self, path: str) -> None:
        self._path, self._file, self._rest, self.offset = path, 0, b"", 0
        with suppress(OSError):
            found = os.stat(path)
            self._file, self.offset = found.st_ino, max(0, found.st_size - TAIL)
        self._skips_first = self.offset > 0  # it is the end of a line

    def read(self) -> list[Entry]:
        """The entries since the last call. A damaged line is left out."""
        data = self._read_added()
        *lines, self._rest = (self._rest + data).split(b"\n")
        if self._skips_first and lines:
            del lines[0]
            self._skips_first = False
        return list(_parse(lines))

    def _read_added(self) -> bytes:
        """What was added since the last call."""
        with suppress(OSError), open(self._path, "rb") as file:
            found, left = os.fstat(file.fileno()), b""
            if found.st_ino != self._file or found.st_size < self.offset:
                left = self._begin(found.st_ino)
            file.seek(self.offset)
            data = file.read()
            self.offset += len(data)
            return left + data
        return b""

    def _begin(self, inode: int) -> bytes:
        """Begin with another file. Return what was not read of the earlier one, if it is PATH.1 now."""
        left = b""
        with suppress(OSError), open(self._path + CLOSED, "rb") as file:
            if os.fstat(file.fileno()).st_ino == self._file:
                file.seek(self.offset)
                left = file.read()
        if not left:
            self._rest = b""
        self._file, self.offset = inode, 0
        return left


def _parse(lines: list[bytes]) -> Iterator[Entry]:
    for line in lines:
        if not is_header(line):
            with suppress(ValueError):
                yield parse_entry(line)

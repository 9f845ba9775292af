"""The record beside a cloud file, as `store.base.RecordLog` describes it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from typing import Any

from novasim.records.entry import Entry
from novasim.store.files import is_recorded
from novasim.store.record_file import (
    CLOSED,
    SECRETS,
    WRITE_BITS,
    RecordFile,
    read_entries,
    read_secrets,
    require_record,
)
from novasim.store.record_tail import FileTail


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
            os.chmod(self.name, _read_mode(self.name) | stat.S_IWUSR)

    def stop(self) -> None:
        os.chmod(self.name, _read_mode(self.name) & ~WRITE_BITS)

    def count_bytes(self) -> int:
        return sum(os.path.getsize(name) for name in (self.name, self.name + CLOSED) if os.path.exists(name))

    def tail(self) -> FileTail:
        return FileTail(self.name)


def _read_mode(path: str) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)

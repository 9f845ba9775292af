"""The backups that a replaced cloud file becomes: PATH.bak.1 (the newest) to PATH.bak.5."""

from __future__ import annotations

import os
from contextlib import suppress

from novasim.errors import CloudFileError
from novasim.store.documents import Tables, check_records
from novasim.store.files import link_file

BACKUPS = 5
PERIOD = 60.0  # seconds between two backups that saves make


def keep(path: str, now: float) -> str | None:
    """
    Make the file, if it exists, the newest backup, whose name is returned. The caller holds the writer lock.

    Args:
        now: Wall time in seconds since the epoch.
    """
    if not os.path.exists(path):
        return None
    for number in range(BACKUPS, 1, -1):
        with suppress(FileNotFoundError):
            os.replace(f"{path}.bak.{number - 1}", f"{path}.bak.{number}")
    link_file(path, f"{path}.bak.1", now)
    return f"{path}.bak.1"


def keep_once_a_minute(path: str, tables: Tables, now: float) -> None:
    """`keep`, unless a backup is younger than a minute or a document in the file, which holds *tables*, is damaged."""
    with suppress(FileNotFoundError):
        if 0 <= now - os.stat(f"{path}.bak.1").st_mtime < PERIOD:
            return
    with suppress(CloudFileError):
        check_records(tables, path)
        keep(path, now)

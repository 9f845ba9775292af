"""The backups that a replaced cloud file becomes: PATH.bak.1 (the newest) to PATH.bak.5."""

from __future__ import annotations

import os
from contextlib import suppress

from novasim.errors import CloudFileError
from novasim.fileutils import link_file
from novasim.store.transaction import Snapshot

BACKUPS = 5
PERIOD = 60.0  # minimum seconds between two backups by saves


def create_backup(path: str, now: float) -> str | None:
    """
    Keep the file, if it exists, as the newest backup. Return the name of the backup. The caller holds the writer lock.

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


def back_up_replaced_file(path: str, snapshot: Snapshot, now: float) -> None:
    """
    Keep the file, which contains *snapshot*, as a backup if it has an older format.

    An undamaged file of the present format becomes a backup if the newest backup is older than PERIOD.
    """
    if snapshot.older is None:
        with suppress(FileNotFoundError):
            if 0 <= now - os.stat(f"{path}.bak.1").st_mtime < PERIOD:
                return
        from novasim.store.validation import check_records  # most saves do not need it

        try:
            check_records(snapshot.tables, path)
        except CloudFileError:
            return
    create_backup(path, now)

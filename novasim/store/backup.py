"""The backups that a replaced cloud file becomes: PATH.bak.1 (the newest) to PATH.bak.5."""

from __future__ import annotations

import errno
import os
from contextlib import suppress

from novasim.errors import CloudFileError
from novasim.filelock import ForeignFile
from novasim.fileutils import link_file
from novasim.store.documents import check_records
from novasim.store.files import BACKUP
from novasim.store.transaction import Snapshot

BACKUPS = 5
PERIOD = 60.0  # minimum seconds between two backups by saves


def create_backup(path: str, now: float) -> str | None:
    """
    Keep the file, if it exists, as the newest backup. Return the name of the backup. The caller holds the writer lock.

    An older backup with the same content is removed, so that going back and forth pushes out no other state.

    Args:
        now: Wall time in seconds since the epoch.

    Raises:
        ForeignFile: something else has the name of a backup. OSError: the backup cannot be written.
    """
    if not os.path.exists(path):
        return None
    for number in range(1, BACKUPS + 1):
        if os.path.lexists(name := f"{path}{BACKUP}.{number}") and (os.path.islink(name) or not os.path.isfile(name)):
            raise ForeignFile(errno.EEXIST, "It is not a backup of novasim", name)
    for number in range(_find_same(path), 1, -1):
        with suppress(FileNotFoundError):
            os.replace(f"{path}{BACKUP}.{number - 1}", f"{path}{BACKUP}.{number}")
    link_file(path, f"{path}{BACKUP}.1", now)
    return f"{path}{BACKUP}.1"


def _find_same(path: str) -> int:
    """The number of the backup with the content of the file, or else of the oldest one."""
    size = os.path.getsize(path)
    for number in range(1, BACKUPS):
        with suppress(FileNotFoundError):
            backup = f"{path}{BACKUP}.{number}"
            if os.path.getsize(backup) == size and _read(backup) == _read(path):
                return number
    return BACKUPS


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def back_up_replaced_file(path: str, snapshot: Snapshot, now: float) -> None:
    """
    Keep the file, which contains *snapshot*, as a backup if it has an older format.

    An undamaged file of the present format becomes a backup if the newest backup is older than PERIOD.
    """
    if snapshot.older is None:
        with suppress(FileNotFoundError):
            if 0 <= now - os.stat(f"{path}{BACKUP}.1").st_mtime < PERIOD:
                return
        try:
            check_records(snapshot.tables, path)
        except CloudFileError:
            return
    create_backup(path, now)

"""Restores backups of a cloud file, and exports and imports copies."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from novasim.errors import CloudFileError
from novasim.simulation.time import clock
from novasim.store.backup import create_backup
from novasim.store.errors import damaged, no_backup
from novasim.store.files import read_file, replace_file, writer_lock
from novasim.store.migrate import load
from novasim.store.validation import check_records

PathLike = str | os.PathLike[str]


class RestoreResult(NamedTuple):
    """The name that the backup had, its time (wall time), and the backup that the replaced file became."""

    backup: Path
    made: float
    kept: Path | None


def list_backups(path: PathLike) -> list[Path]:
    """The backups of the file, including those of earlier versions (PATH.bak), the newest first."""
    real = Path(os.path.realpath(path))
    found = [name for name in real.parent.iterdir() if name.name.startswith(real.name + ".bak")]
    return sorted(found, key=lambda name: (-name.stat().st_mtime_ns, name.name))


def restore(path: PathLike, timeout: float = 10.0) -> RestoreResult:
    """
    Put the newest backup without damage in place of the file, which becomes a backup itself.

    Raises:
        CloudFileError: no backup can be used, the file is locked for longer than *timeout* seconds, or it cannot
            be replaced.
    """
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        for backup in list_backups(real):
            try:
                data = _read_sound(str(backup))
            except CloudFileError:
                continue
            return RestoreResult(backup, backup.stat().st_mtime, _replace(real, data))
        raise no_backup(real)


def read_state(path: PathLike) -> bytes:
    """
    The content of an undamaged cloud file.

    Raises:
        CloudFileError: there is no file, or it is damaged.
    """
    return _read_sound(os.path.realpath(path))


def import_file(
    source: PathLike, path: PathLike, timeout: float = 10.0, complete: Callable[[bytes], bytes] = bytes
) -> Path | None:
    """
    Replace the cloud file with an undamaged copy. Return the backup of the replaced file, if there was one.

    Args:
        complete: Adds to the content of the copy what an export leaves out.

    Raises:
        CloudFileError: the copy is missing or damaged (then nothing changes), or the file cannot be replaced.
    """
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        return _replace(real, complete(_read_sound(os.path.realpath(source))))


def _replace(path: str, data: bytes) -> Path | None:
    kept: list[str | None] = []
    replace_file(path, [data], lambda: kept.append(create_backup(path, clock.wall())))
    return Path(kept[0]) if kept[0] else None


def _read_sound(path: str) -> bytes:
    found = read_file(path)
    if found is None:
        raise damaged(path, "it does not exist")
    check_records(load(found[0], path)[0], path)
    return found[0]

"""Copies of a cloud file beside it, and the way back to them."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from novasim.errors import CloudFileError
from novasim.store.check import check
from novasim.store.faults import damaged, shown
from novasim.store.files import Found, read_file, replace_file
from novasim.store.lock import writer_lock
from novasim.store.migrate import load

ASIDE = ".before-restore"


def backup(path: str | os.PathLike[str], timeout: float = 10.0) -> Path:
    """
    Copy the file to the next free of PATH.bak1, PATH.bak2, ... and tell which that was.

    Raises:
        CloudFileError: there is no file, it is damaged, locked for longer than *timeout* seconds, or the copy
            cannot be written.
    """
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        found = _good(real)
        name = next(name for name in (f"{real}.bak{number}" for number in count(1)) if not os.path.lexists(name))
        replace_file(name, [found.data])
    return Path(name)


def restore(path: str | os.PathLike[str], timeout: float = 10.0) -> Path:
    """
    Put the newest backup without problems in place of the file and tell which that was.

    What is there now stays as PATH.before-restore, whatever it is.

    Raises:
        CloudFileError: no backup can be used, the file is locked for longer than *timeout* seconds, or it cannot
            be replaced.
    """
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        for name in backups(real):
            if not check(str(name)):
                replace_file(real, [_good(str(name)).data], keep=real + ASIDE)
                return name
    raise CloudFileError(
        f"Cloud file {shown(real)} has no backup that can be used. Move it away and make a new cloud with "
        "'novasim cloud init'."
    )


def backups(path: str | os.PathLike[str]) -> list[Path]:
    """The backups of the file, the newest first."""
    real = Path(os.path.realpath(path))
    begins = real.name + ".bak"
    found = [name for name in real.parent.iterdir() if name.name.startswith(begins) and name.suffix != ".tmp"]
    return sorted(found, key=lambda name: name.stat().st_mtime_ns, reverse=True)


def _good(path: str) -> Found:
    found = read_file(path)
    if found is None:
        raise damaged(path, "it is not there")
    load(found.data, path)
    return found

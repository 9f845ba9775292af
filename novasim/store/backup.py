"""Copies of a cloud file beside it, and the way back to them."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import count
from pathlib import Path

from novasim.errors import CloudFileError
from novasim.records import TABLES
from novasim.store.errors import damaged, shown
from novasim.store.files import Found, read_file, replace_file
from novasim.store.lock import writer_lock
from novasim.store.migrate import load
from novasim.store.work import Work

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
    Put the newest backup of which every record can be read in place of the file and tell which that was.

    What is there now stays as PATH.before-restore, whatever it is.

    Raises:
        CloudFileError: no backup can be used, the file is locked for longer than *timeout* seconds, or it cannot
            be replaced.
    """
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        for name in backups(real):
            with suppress(CloudFileError):
                data = _good(str(name)).data
                break
        else:
            raise _none(real)
        replace_file(real, [data], keep=real + ASIDE)
    return name


def copy_out(path: str | os.PathLike[str], target: str | os.PathLike[str], timeout: float = 10.0) -> None:
    """
    Copy a sound cloud file to *target*, replacing what is there as a whole.

    Raises:
        CloudFileError: there is no file, it is damaged, or the copy cannot be written.
    """
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        replace_file(os.path.realpath(target), [_good(real).data])


def copy_in(
    source: str | os.PathLike[str], path: str | os.PathLike[str], timeout: float = 10.0, aside: str = ASIDE
) -> None:
    """
    Put a sound copy in place of the cloud file; what was there stays under its name with *aside* behind it.

    Raises:
        CloudFileError: the copy is missing or damaged (then nothing changes), or the file cannot be replaced.
    """
    real = os.path.realpath(path)
    with writer_lock(real, timeout):
        data = _good(os.path.realpath(source)).data
        replace_file(real, [data], keep=real + aside)


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
    work = Work(load(found.data, path).tables, path)
    for kind in TABLES.values():
        work.query(kind)
    return found


def _none(path: str) -> CloudFileError:
    return CloudFileError(
        f"Cloud file {shown(path)} has no backup that can be used. Move it away and make a new cloud with "
        "'novasim cloud init'."
    )

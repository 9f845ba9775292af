"""Reading and replacing a file: a reader sees the old or the new content, a crash leaves one of them."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from novasim.store.errors import unreadable, unwritable

Buffer = bytes | memoryview
Version = tuple[int, int, int]  # inode, size, time of change in ns


class Found(NamedTuple):
    """A file's content, and what tells whether it has changed since."""

    data: bytes
    version: Version


def version_of(path: str) -> Version | None:
    """
    The version of the file now, or None if there is none.

    Every save makes another inode. Its number is not given out anew while the backup still has it, so two saves
    within one tick of the file system's clock do not look alike.
    """
    try:
        return _version(os.stat(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from None


def read_file(path: str) -> Found | None:
    """The file's content, or None if there is no file. Raises CloudFileError if it cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file")
        with open(path, "rb", buffering=0) as file:
            return Found(file.readall(), _version(os.fstat(file.fileno())))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from None


def replace_file(path: str, pieces: Iterable[Buffer], keep: str | None = None) -> Version:
    """
    Put the pieces in place of the file, durably, with mode 0600.

    The caller holds the writer lock, so a temporary file that is there was left by a writer who died.

    Args:
        keep: A name under which the old content stays.

    Raises:
        CloudFileError: it could not be done; the file is as it was.
    """
    try:
        version = _write(path + ".tmp", pieces)
        if keep:
            _keep_copy(path, keep)
        os.replace(path + ".tmp", path)
        _sync_folder(path)
        return version
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        remove_leftovers(path)


def _keep_copy(path: str, name: str) -> None:
    """Give the file's content a second name: a link where the file system has links, else a copy."""
    leftover = path + ".tmp-link"
    with suppress(FileNotFoundError):
        os.unlink(leftover)
    try:
        os.link(path, leftover)
    except FileNotFoundError:
        return
    except OSError:
        import shutil

        shutil.copy2(path, leftover)
    os.replace(leftover, name)


def remove_leftovers(path: str) -> None:
    """Remove what a writer who was killed left behind. The caller holds the writer lock."""
    for suffix in (".tmp", ".tmp-link"):
        with suppress(OSError):
            os.unlink(path + suffix)


def _write(path: str, pieces: Iterable[Buffer]) -> Version:
    with suppress(FileNotFoundError):
        os.unlink(path)
    with open(path, "xb", opener=_open_private) as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
        return _version(os.fstat(file.fileno()))


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(path: str) -> None:
    """Make the new name durable. Not every system lets a folder be opened or synced."""
    if os.name == "nt":
        return
    try:
        folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EINVAL, errno.ENOTSUP):
            raise


def _version(found: os.stat_result) -> Version:
    return found.st_ino, found.st_size, found.st_mtime_ns

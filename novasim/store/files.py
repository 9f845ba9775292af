"""Reading, locking and replacing a file: readers see the old or the new content, a crash leaves one of them."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from novasim.simulation.time.clock import sleep
from novasim.store.errors import locked, unreadable, unwritable

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        with suppress(OSError):
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            return True
        return False

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False


Version = tuple[int, int, int]  # inode, size, time of change in ns: another one after every save


class Found(NamedTuple):
    """A file's content, and the version that it has."""

    data: bytes
    version: Version


def version_of(path: str) -> Version | None:
    """The version of the file; None if there is no file. Raises CloudFileError."""
    try:
        return _version(os.stat(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from None


def read_file(path: str) -> Found | None:
    """The content of the file; None if there is no file. Raises CloudFileError."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file")
        with open(path, "rb", buffering=0) as file:
            return Found(file.readall(), _version(os.fstat(file.fileno())))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from None


def replace_file(path: str, pieces: Iterable[bytes], keep: Callable[[str], object] | None = None) -> Version:
    """
    Put the pieces in place of the file, durably, with mode 0600. The caller holds the writer lock.

    Args:
        keep: Called with *path* when the new content is on the disk and the old one still in place.

    Raises:
        CloudFileError: it could not be done; the file is unchanged.
    """
    try:
        version = _write(path + ".tmp", pieces, newer_than=version_of(path))
        if keep:
            keep(path)
        os.replace(path + ".tmp", path)
        _sync_folder(path)
        return version
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        for leftover in (path + ".tmp", path + ".tmp-link"):
            with suppress(OSError):
                os.unlink(leftover)


def link_file(path: str, name: str, time: float) -> None:
    """Give the file another name and *time* as its time of change: by a link, or a copy if that is impossible."""
    leftover = path + ".tmp-link"
    with suppress(FileNotFoundError):
        os.unlink(leftover)
    try:
        os.link(path, leftover)
    except OSError:
        import shutil

        shutil.copy2(path, leftover)
    os.utime(leftover, (time, time))
    os.replace(leftover, name)


@contextmanager
def writer_lock(path: str, timeout: float) -> Iterator[None]:
    """
    Hold the lock file beside *path*, waiting *timeout* seconds at most. The system unlocks it if its holder dies.

    The lock file stays: if it were removed, two writers could each lock their own. A missing folder is created.

    Raises:
        CloudFileError: another writer holds the lock for longer, or the lock file cannot be created.
    """
    folder = os.path.dirname(path) or "."
    try:
        if not os.path.exists(folder):
            os.makedirs(folder, mode=0o700, exist_ok=True)
        file = os.open(path + ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        _acquire(file, path, timeout)
        yield
    finally:
        os.close(file)


def _acquire(file: int, path: str, timeout: float) -> None:
    waited, pause = 0.0, 0.001
    try:
        while not _try_lock(file):
            if waited >= timeout:
                holder = "" if sys.platform == "win32" else os.pread(file, 20, 0).decode("ascii", "replace").strip()
                raise locked(path, timeout, holder)
            sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, 0.02)
        if sys.platform != "win32":  # where others cannot read a locked region
            os.ftruncate(file, 0)
            os.pwrite(file, b"%d\n" % os.getpid(), 0)
    except OSError as error:
        raise unwritable(path, error) from None


def _write(path: str, pieces: Iterable[bytes], newer_than: Version | None) -> Version:
    with suppress(FileNotFoundError):
        os.unlink(path)
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.writelines(pieces)
        file.flush()
        written = os.fstat(file.fileno()).st_mtime_ns
        if newer_than and written <= newer_than[2]:  # two saves within one tick of the file system's clock
            os.utime(path, ns=(written, newer_than[2] + 1))
        os.fsync(file.fileno())
        return _version(os.fstat(file.fileno()))


def _sync_folder(path: str) -> None:
    """Make the new name durable. Not every system can open or sync a folder."""
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

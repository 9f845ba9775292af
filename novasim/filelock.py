"""
Locks files that processes share.

These are a few dozen lines of our own, since importing filelock would cost every change 24 ms.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LONGEST_PAUSE, SHORTEST_PAUSE = 0.005, 0.001  # seconds between two attempts to lock a file, at first and later
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag


class ForeignFile(OSError):
    """A file that novasim would have to write to was not written by novasim."""


class LockTimeout(Exception):
    """Another process holds a lock for too long; `holder` is its process id, or "" if that is unknown."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def try_lock(file: int) -> bool:
    """Lock an open file, unless another process has locked it. Returns whether it is locked now. Raises OSError."""
    if sys.platform == "win32":
        with suppress(OSError):
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            return True
    else:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False


def wait_for_lock(file: int) -> None:
    """Wait until no other process has locked an open file, and lock it. Not every system and file has locks."""
    if sys.platform != "win32":
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)


@contextmanager
def lock_file(path: str, timeout: float, sleep: Callable[[float], object], like: str | None = None) -> Iterator[None]:
    """
    Hold a lock, which the system releases when its holder dies. A missing folder is created.

    The lock file is not removed, because two processes could then lock different files.

    Args:
        timeout: In seconds.
        like: A file whose mode and group the lock gets, so that the same users can lock it.

    Raises:
        LockTimeout: another process holds the lock for more than *timeout* seconds.
        ForeignFile: the file exists and is not a lock that this function made.
        OSError: the file cannot be created.
    """
    create_folders(os.path.dirname(path) or ".")
    file = _acquire_lock(path, timeout, sleep, like)
    try:
        if sys.platform != "win32":  # where others cannot read a locked region
            os.ftruncate(file, 0)
            os.pwrite(file, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(file)


def _acquire_lock(path: str, timeout: float, sleep: Callable[[float], object], like: str | None) -> int:
    """Open and lock a file. If it was removed before that, lock the one that has taken its place. See `lock_file`."""
    waited = 0.0
    while True:
        file = _open_lock(path)
        try:
            copy_access(like, file)
            while not try_lock(file):
                if waited >= timeout:
                    raise LockTimeout(_read_holder(file))
                # Processes that have waited longer try more often, so that none waits for much longer than the others.
                sleep(pause := max(SHORTEST_PAUSE, LONGEST_PAUSE / (1 + 50 * waited)))
                waited += pause
            if has_name(file, path):
                return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def has_name(file: int, path: str) -> bool:
    """Whether an open file is the one that a path names now."""
    try:
        return os.path.samestat(os.fstat(file), os.lstat(path))
    except FileNotFoundError:
        return False


def _open_lock(path: str) -> int:
    """Open a lock, which holds nothing or the number of a process. A link is not followed."""
    if os.path.islink(path):
        raise ForeignFile(errno.EEXIST, "It is a link", path)
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | _NOFOLLOW, 0o600)
    except IsADirectoryError:
        raise ForeignFile(errno.EEXIST, "It is a folder", path) from None
    found = os.fstat(file)
    is_ours = stat.S_ISREG(found.st_mode) and found.st_nlink <= 1 and found.st_size <= 20  # 0: removed meanwhile
    if not is_ours or not (_read_holder(file) or "0").isdigit():
        os.close(file)
        raise ForeignFile(errno.EEXIST, "It is not a lock file of novasim", path)
    return file


def _read_holder(file: int) -> str:
    return "" if sys.platform == "win32" else os.pread(file, 20, 0).decode("ascii", "replace").strip()


def copy_access(like: str | None, file: int) -> None:
    """Give an open file the mode and group of another one, if that exists, and as root its owner."""
    if like is None or sys.platform == "win32":
        return
    with suppress(OSError):  # the file belongs to another user
        model, found = os.stat(like), os.fstat(file)
        mode = model.st_mode & 0o777
        if model.st_gid != found.st_gid or (model.st_uid != found.st_uid and os.geteuid() == 0):
            try:
                os.fchown(file, model.st_uid if os.geteuid() == 0 else -1, model.st_gid)
            except PermissionError:  # not a member of that group: its rights are not for another group
                mode &= ~0o070
        if mode != found.st_mode & 0o777:
            os.fchmod(file, mode)


def create_folders(path: str) -> None:
    """Create a missing folder and the missing ones above it, each with mode 0700. Raises OSError."""
    if os.path.exists(path):
        return
    create_folders(os.path.dirname(path) or ".")
    with suppress(FileExistsError):  # another process was faster
        os.mkdir(path, mode=0o700)  # the mode of os.makedirs is for the last folder only

"""
Reads, locks and atomically replaces files. After a crash a file has the old or the new content.

The lock is a dozen lines of our own, since importing filelock would cost every change 24 ms; atomicwrites is no longer
maintained and syncs no folder.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

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


Version = tuple[int, int, int]  # inode, size, time of change in ns; changes with every `replace_file`
_NEW = ".novasim-tmp"
"""Added to a path: its new content, until it takes the place of the old one. What a crash left there is removed."""
LONGEST_PAUSE, SHORTEST_PAUSE = 0.005, 0.001  # seconds between two attempts to lock a file, at first and later
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag


class ForeignFile(OSError):
    """A file that novasim would have to write to was not written by novasim."""


class LockTimeout(Exception):
    """Another process holds a lock for too long; `holder` is its process id, or "" if that is unknown."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def version_of(path: str) -> Version:
    """The version of a file. Raises OSError."""
    return _version(os.stat(path))


def read_file(path: str) -> tuple[bytes, Version]:
    """The content of a regular file, and its version. Raises OSError."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(errno.EINVAL, "It is not a regular file")
    with open(path, "rb", buffering=0) as file:
        return file.readall(), _version(os.fstat(file.fileno()))


def read_input(path: str, limit: int) -> bytes:
    """
    The first *limit* bytes of a file that a user named: a regular file, or an open file such as /dev/stdin.

    Raises:
        OSError: it cannot be read, or reading it might never end, as for another pipe or device.
    """
    mode, is_open = os.stat(path).st_mode, path == "/dev/stdin" or path.startswith("/dev/fd/")
    if not (is_open or stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # a folder fails with the words of the system
        raise OSError(errno.EINVAL, "It is not a regular file", path)
    with open(path, "rb") as file:
        return file.read(limit)


def replace_file(
    path: str, pieces: Iterable[bytes], before_replace: Callable[[], object] | None = None, like: str | None = None
) -> Version:
    """
    Replace a file with the pieces, durably. The caller excludes other writers.

    If the file was replaced and the system cannot say that this will outlast a power failure, a warning is logged.

    Args:
        before_replace: Called when the new content is on the disk and the old one still in place.
        like: A file whose mode and group the file gets, if it exists; otherwise the mode is 0600.

    Raises:
        OSError: it could not be done, or the file may not be written; it is unchanged.
    """
    _require_writable(path)
    try:
        version = _write(path + _NEW, pieces, path, like)
        if before_replace:
            before_replace()
        os.replace(path + _NEW, path)
        _sync_folder(path)
        return version
    finally:
        for leftover in (path + _NEW, path + _NEW + "-link"):
            with suppress(OSError):
                _remove_leftover(leftover)


def _require_writable(path: str) -> None:
    """Raise PermissionError for a file that may not be written. Its folder alone would allow to replace it."""
    is_effective = os.access in os.supports_effective_ids
    if os.path.exists(path) and not os.access(path, os.W_OK, effective_ids=is_effective):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)


def link_file(path: str, name: str, time: float) -> None:
    """
    Hard-link a file to another name, or copy it there, and set its modification time. Raises OSError.

    Args:
        time: In seconds since the epoch.
    """
    leftover = path + _NEW + "-link"
    _remove_leftover(leftover)
    if not _try_link(path, leftover):
        _write(leftover, [read_file(path)[0]], path, like=path)
    os.utime(leftover, (time, time))
    os.replace(leftover, name)


def _try_link(path: str, name: str) -> bool:
    """Whether a file has got another name. Of a file of another user, the time of the link could not be changed."""
    if sys.platform != "win32" and os.stat(path).st_uid != os.geteuid():
        return False
    with suppress(OSError):
        os.link(path, name)
        return True
    return False


def write_file(path: str, data: bytes, *, replace: bool = False, like: str | None = None) -> None:
    """
    Write a new file, or replace an existing one.

    Args:
        like: A file whose mode and group the file gets; by default the mode is 0600.

    Raises:
        FileExistsError: the file exists, and *replace* is False.
        OSError: it is not a regular file, or it cannot be written. A link is not followed.
    """
    if os.path.lexists(path):
        if not replace:
            raise FileExistsError(errno.EEXIST, "It exists", path)
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file", path)
    replace_file(path, [data], like=like)


def find_owner(path: str) -> str:
    """The name of the user to whom a file belongs; "" if that is this process's user, or unknown."""
    try:
        uid = os.stat(path).st_uid
        if sys.platform == "win32" or uid == os.geteuid():
            return ""
        import pwd

        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
    except OSError:
        return ""


def create_folders(path: str) -> None:
    """Create a missing folder and the missing ones above it, each with mode 0700. Raises OSError."""
    if os.path.exists(path):
        return
    create_folders(os.path.dirname(path) or ".")
    with suppress(FileExistsError):  # another process was faster
        os.mkdir(path, mode=0o700)  # the mode of os.makedirs is for the last folder only


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
    file = _open_lock(path)
    try:
        copy_access(like, file)
        waited = 0.0
        while not _try_lock(file):
            if waited >= timeout:
                raise LockTimeout(_read_holder(file))
            # Processes that have waited longer try more often, so that none waits for much longer than the others.
            sleep(pause := max(SHORTEST_PAUSE, LONGEST_PAUSE / (1 + 50 * waited)))
            waited += pause
        if sys.platform != "win32":  # where others cannot read a locked region
            os.ftruncate(file, 0)
            os.pwrite(file, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(file)


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


def _remove_leftover(path: str) -> None:
    """Remove a file that a crash left, if there is one. Raises ForeignFile for anything else of that name."""
    with suppress(FileNotFoundError):
        mode = os.lstat(path).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            raise ForeignFile(errno.EEXIST, "It is not a file of novasim", path)
        os.unlink(path)


def _write(path: str, pieces: Iterable[bytes], replaced: str, like: str | None) -> Version:
    _remove_leftover(path)
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        copy_access(like, file.fileno())
        file.writelines(pieces)
        file.flush()
        with suppress(FileNotFoundError):
            before, now = os.stat(replaced).st_mtime_ns, os.fstat(file.fileno()).st_mtime_ns
            if now <= before:  # two saves within one tick of the file system's clock
                os.utime(path, ns=(now, before + 1))
        os.fsync(file.fileno())
        return _version(os.fstat(file.fileno()))


def _sync_folder(path: str) -> None:
    """Make a new name durable. Not every system can open or sync a folder. The file has its new content already."""
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
            import logging

            logging.getLogger("novasim").warning(
                "%r was saved, but a power failure may undo that: %s.", path, error.strerror
            )


def _version(found: os.stat_result) -> Version:
    return found.st_ino, found.st_size, found.st_mtime_ns

"""
Reads and atomically replaces files. After a crash a file has the old or the new content.

This is our own, since atomicwrites is no longer maintained and syncs no folder.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count
from typing import BinaryIO

from novasim.filelock import ForeignFile, copy_access, has_name, try_lock

Version = tuple[int, int, int]  # inode, size, time of change in ns; changes with every `replace_file`
UNFINISHED, _LINK = ".novasim-tmp", ".novasim-tmp-link"
"""Added to a path: its new content, until it takes the place of the old one. What a crash left there is removed."""
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NOFOLLOW | getattr(os, "O_BINARY", 0)


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
    path: str,
    pieces: Iterable[bytes],
    before_replace: Callable[[], object] | None = None,
    like: str | None = None,
    must_be_new: bool = False,
) -> Version:
    """
    Replace a file with the pieces, durably. Processes that do so at the same time do not disturb each other.

    If the file was replaced and the system cannot say that this will outlast a power failure, a warning is logged.

    Args:
        before_replace: Called when the new content is on the disk and the old one still in place.
        like: A file whose mode and group the file gets, if it exists; otherwise the mode is 0600.
        must_be_new: Whether to refuse to replace a file that another process has created meanwhile.

    Raises:
        FileExistsError: the file exists, and it *must_be_new*.
        OSError: it could not be done, or the file may not be written; it is unchanged.
    """
    _require_writable(path)
    name, file = _create_new(path)
    try:
        version = _fill(name, file, pieces, path, like)
        if before_replace:
            before_replace()
        if sys.platform == "win32":  # which renames no open file
            file.close()
        (_rename_to_new if must_be_new else os.replace)(name, path)
        _sync_folder(path)
        return version
    finally:
        with file, suppress(OSError, ValueError):
            if file.closed or has_name(file.fileno(), name):
                os.unlink(name)
        with suppress(OSError):
            _remove_leftover(path + UNFINISHED + "-2")
            if before_replace:
                _remove(path + _LINK)


def _require_writable(path: str) -> None:
    """Raise PermissionError for a file that may not be written. Its folder alone would allow to replace it."""
    is_effective = os.access in os.supports_effective_ids
    if os.path.exists(path) and not os.access(path, os.W_OK, effective_ids=is_effective):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)


def link_file(path: str, name: str, time: float) -> None:
    """
    Hard-link a file to another name, or copy it there, and set its modification time. Raises OSError.

    The caller excludes other processes that do so.

    Args:
        time: In seconds since the epoch.
    """
    leftover = path + _LINK
    _remove(leftover)
    if not _try_link(path, leftover):
        with os.fdopen(os.open(leftover, _CREATE, 0o600), "wb") as file:
            _fill(leftover, file, [read_file(path)[0]], path, like=path)
    os.utime(leftover, (time, time))
    os.replace(leftover, name)  # which does nothing if both are the same file
    _remove(leftover)


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
    with suppress(FileNotFoundError):
        mode = os.lstat(path).st_mode
        if not replace:
            raise FileExistsError(errno.EEXIST, "It exists", path)
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "It is not a regular file", path)
    replace_file(path, [data], like=like, must_be_new=not replace)


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


def _create_new(path: str) -> tuple[str, BinaryIO]:
    """
    Create and lock the file of the new content of *path*. Returns its name, too.

    A file that no process has locked was left by a crash. That of a running process stays: the new one has a number.
    """
    for number in count(1):
        name = path + UNFINISHED + (f"-{number}" if number > 1 else "")
        while _remove_leftover(name):
            try:
                file = os.open(name, _CREATE, 0o600)
            except FileExistsError:
                continue
            if _is_lockable(file) and has_name(file, name):
                return name, os.fdopen(file, "wb")
            os.close(file)  # another process took it for a leftover, since it was not locked yet
    raise AssertionError("there is no last number")


def _remove_leftover(path: str) -> bool:
    """
    Remove a file that a crash left, if there is one. Raises ForeignFile for anything else of that name.

    Returns:
        True if nothing has that name now; False if a running process writes to the file.
    """
    with suppress(FileNotFoundError):
        file = _try_open(path) if _is_file(path) else None
        try:
            if file is not None and not _is_lockable(file):
                return False
            if file is None or has_name(file, path):
                os.unlink(path)
        finally:
            if file is not None:
                os.close(file)
    return True


def _remove(path: str) -> None:
    """Remove a leftover of this process or a killed one, if there is one. Raises ForeignFile as `_remove_leftover`."""
    with suppress(FileNotFoundError):
        _is_file(path)
        os.unlink(path)


def _is_file(path: str) -> bool:
    """Whether a leftover is a file that can be opened, rather than a link. Raises ForeignFile for anything else."""
    mode = os.lstat(path).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise ForeignFile(errno.EEXIST, "It is not a file of novasim", path)
    return stat.S_ISREG(mode)


def _try_open(path: str) -> int | None:
    """Open a file to lock it; None for that of another user, and on Windows, which removes no open file."""
    if sys.platform != "win32":
        with suppress(PermissionError):
            return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    return None


def _is_lockable(file: int) -> bool:
    """Lock an open file, unless another process has locked it. Not every file system has locks."""
    try:
        return sys.platform == "win32" or try_lock(file)
    except OSError:
        return True


def _rename_to_new(name: str, path: str) -> None:
    """Rename a file. Raises FileExistsError if the new name is taken, which only a hard link finds out in one step."""
    if sys.platform == "win32":
        os.rename(name, path)
        return
    try:
        os.link(name, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        if os.path.lexists(path):  # on a file system without hard links
            raise FileExistsError(errno.EEXIST, "It exists", path) from None
        os.replace(name, path)


def _fill(name: str, file: BinaryIO, pieces: Iterable[bytes], replaced: str, like: str | None) -> Version:
    """Write the content of a new file to the disk. Its time is later than that of the file that it replaces."""
    copy_access(like, file.fileno())
    file.writelines(pieces)
    file.flush()
    with suppress(FileNotFoundError):
        before, now = os.stat(replaced).st_mtime_ns, os.fstat(file.fileno()).st_mtime_ns
        if now <= before:  # two saves within one tick of the file system's clock
            os.utime(name, ns=(now, before + 1))
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

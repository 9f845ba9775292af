"""The writer lock: one writer at a time among all processes, ended by the system if its holder dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from novasim.simulation.time.clock import sleep
from novasim.store.errors import locked, unwritable

if sys.platform == "win32":
    import msvcrt

    def _try(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def writer_lock(path: str, timeout: float) -> Iterator[None]:
    """
    Hold the lock file beside *path* (its folder is made if missing), waiting *timeout* seconds for it at most.

    The lock file stays: were it removed, two could each lock their own.

    Raises:
        CloudFileError: another holds it for longer, or it cannot be made.
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
        while not _try(file):
            if waited >= timeout:
                raise locked(path, timeout, _holder(file))
            sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, 0.02)
        if sys.platform != "win32":  # where a locked region cannot be read by others
            os.ftruncate(file, 0)
            os.pwrite(file, b"%d\n" % os.getpid(), 0)
    except OSError as error:
        raise unwritable(path, error) from None


def _holder(file: int) -> str:
    """The process that wrote its number into the lock file, or "" if that cannot be told."""
    if sys.platform == "win32":
        return ""
    return os.pread(file, 20, 0).decode("ascii", "replace").strip()

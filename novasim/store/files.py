"""Cloud files on the disk: `novasim.fileutils` with errors that name the file, the problem and the remedy."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from stat import S_IWUSR
from typing import TypeVar

from novasim import filelock, fileutils
from novasim.fileutils import Version
from novasim.simulation.time.clock import sleep
from novasim.store.errors import foreign, locked, unreadable, unwritable

T = TypeVar("T")

LOCK, BACKUP, SAVED, RECORD = ".lock", ".bak", ".saved-", ".record"
"""What follows the name of a cloud file in the names of the files beside it; the last one also ends other records."""
DATABASE_LOGS = ("-wal", "-shm", "-journal")
"""What follows the name of an SQLite database in the names of the files that SQLite keeps beside it."""


def version_of(path: str) -> Version | None:
    """The version of the file; None if there is no file. Raises CloudFileError."""
    return _look(fileutils.version_of, path)


def read_file(path: str) -> tuple[bytes, Version] | None:
    """The content of the file and its version; None if there is no file. Raises CloudFileError."""
    return _look(fileutils.read_file, path)


def replace_file(path: str, pieces: Iterable[bytes], before_replace: Callable[[], object] | None = None) -> Version:
    """As `fileutils.replace_file`, with the mode and group of the old file. The caller holds the writer lock."""
    try:
        return fileutils.replace_file(path, pieces, before_replace, like=path)
    except filelock.ForeignFile as error:
        raise foreign(path, error.filename, error.strerror) from None
    except OSError as error:
        raise unwritable(path, error) from None


@contextmanager
def writer_lock(path: str, timeout: float) -> Iterator[None]:
    """Exclude other writers of the file, waiting at most *timeout* seconds for them. Raises CloudFileError."""
    if os.path.exists(path) and not os.path.isfile(path):
        raise unreadable(path, OSError(errno.EINVAL, "It is not a regular file"))
    with ExitStack() as stack:
        try:
            stack.enter_context(filelock.lock_file(path + LOCK, timeout, sleep, like=path))
        except filelock.LockTimeout as error:
            raise locked(path, timeout, error.holder) from None
        except filelock.ForeignFile as error:
            raise foreign(path, error.filename, error.strerror) from None
        except OSError as error:
            raise unwritable(path, error) from None
        yield


def is_recorded(path: str) -> bool:
    """Whether a record is kept in a file: whether that exists and is not read-only."""
    try:
        return bool(path and os.stat(path).st_mode & S_IWUSR)
    except OSError:
        return False


def _find_database(cloud: str) -> str:
    """The path of the file of a database; "" for any other address."""
    from novasim.store.addresses import SQLITE, parse_address

    address = parse_address(cloud)
    return os.path.realpath(address.location) if address and address.engine == SQLITE else ""


def is_part_of_cloud(path: str, cloud: str) -> bool:
    """Whether a path is that of a cloud file or database, or of its lock, a backup, a saved state or its record."""
    target = os.path.realpath(path)
    if ":" in cloud and (own := _find_database(cloud)):
        return target == own or target.startswith(tuple(own + ending for ending in DATABASE_LOGS))
    own = os.path.realpath(cloud)
    return target == own or target.startswith(tuple(own + ending for ending in (LOCK, BACKUP, SAVED, RECORD)))


def _look(function: Callable[[str], T], path: str) -> T | None:
    try:
        return function(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error) from None

"""One-line errors about cloud files: the file, the problem and the remedy."""

from __future__ import annotations

import errno
import os
import shlex
from contextlib import suppress

from novasim.errors import CellDown, CloudFileError, UsageError
from novasim.fileutils import find_owner
from novasim.records.cloud import FORMAT

FAILURES = (
    CellDown,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
)
"""Exceptions that a document with a wrong value can cause. CellDown is one only if it comes from wrong settings."""
OTHER_FILE = "or name another file with --cloud"

_REMEDIES: dict[int | None, str] = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "Fix the permissions of the file or its folder"),
    **dict.fromkeys((errno.ENOSPC, errno.EFBIG, errno.EDQUOT), "Free disk space"),
}
"""What helps against an error of the system that prevents a save."""


def missing(path: str) -> CloudFileError:
    """There is no file, and it is not to be created: the command only reads, or the file was there before."""
    from novasim.store.addresses import parse_address

    path = os.path.abspath(path) if parse_address(path) is None else path
    return _error(path, "does not exist.", f"Create it with: {_command(path)} cloud init")


def damaged(path: str, problem: str) -> CloudFileError:
    """The content cannot be used; *problem* says why, as in "it is empty"."""
    novasim = _command(path)
    remedy = f"'{novasim} cloud check' shows what is wrong, '{novasim} cloud restore' brings back the last backup."
    return _error(path, f"is damaged: {problem}.", remedy)


def unreadable(path: str, error: OSError) -> CloudFileError:
    """The file cannot be opened or read."""
    problem = f"cannot be read: {error.strerror or error}. {_describe_owners(path, error)}"
    return _error(path, problem.rstrip(), f"Fix that, {OTHER_FILE}.")


def unwritable(path: str, error: OSError) -> CloudFileError:
    """The file cannot be replaced."""
    remedy = f"It is unchanged. {_describe_owners(path, error)}{_REMEDIES.get(error.errno, 'Fix that')}, {OTHER_FILE}."
    return _error(path, f"cannot be saved: {error.strerror or error}.", remedy)


def unwritable_output(path: str, error: OSError) -> UsageError:
    """A file that a command was told to write cannot be written. The user chose its name."""
    owner = find_owner(path)
    belongs = f" It belongs to {owner}." if owner else ""
    return UsageError(f"{path} cannot be written: {error.strerror}.{belongs}")


def locked(path: str, seconds: float, holder: str) -> CloudFileError:
    """Another process still holds the lock; *holder* is its process id, or "" if that is unknown."""
    who = f"process {holder}" if holder else "another novasim"
    remedy = f"Try again when that process has finished, {OTHER_FILE}."
    return _error(path, f"is locked: {who} has been writing to it for more than {seconds:g} s.", remedy)


def foreign(path: str, other: str, fault: str | None) -> CloudFileError:
    """Saving would write to *other*, a file that novasim did not make."""
    problem = f"cannot be saved. It needs the file {other}: {fault}."
    return _error(path, problem, f"Move that file away, {OTHER_FILE}.")


def newer(path: str, found: int, known: int) -> CloudFileError:
    """A later novasim wrote the file."""
    problem = f"has format {found}, and this novasim knows formats up to {known}."
    return _error(path, problem, f"Upgrade novasim, {OTHER_FILE}.")


def unusable_settings(path: str, found: int | None, exists: bool) -> CloudFileError:
    """A cloud has no settings, because it does not exist or is damaged; or they have the later format *found*."""
    if found is not None:
        return newer(path, found, FORMAT)
    return damaged(path, "it has no settings of the cloud") if exists else missing(path)


def foreign_database(path: str) -> CloudFileError:
    """A database that novasim did not create."""
    return _error(path, "is a database that novasim did not create.", "It is unchanged. Name another one with --cloud.")


def other_kind(path: str, problem: str, address: str) -> CloudFileError:
    """The file is a cloud of another kind: *problem* says what it is, and *address* is what to write instead."""
    return _error(path, f"{problem}.", f"To use it: {_command(address)} list")


def not_sqlite(path: str, location: str) -> CloudFileError:
    """The file at *location* is not an SQLite database; it may be a cloud file."""
    problem = "is not an SQLite database"
    with suppress(OSError), open(location, "rb") as file:
        if file.read(1) == b"{":
            return other_kind(path, f"{problem}, but a file of JSON", location)
    return _error(path, f"{problem}.", "It is unchanged. Name another one with --cloud.")


def no_backup(path: str) -> CloudFileError:
    """There is nothing to restore."""
    remedy = f"Move it away and create a new cloud: {_command(path)} cloud init"
    return _error(path, "has no backup that can be used.", remedy)


def _describe_owners(path: str, error: OSError) -> str:
    """If rights are missing: to whom the file, its lock and its folder belong, unless it is this process's user."""
    if not isinstance(error, PermissionError):
        return ""
    names = (path, f"{path}.lock", os.path.dirname(path) or ".")
    owners = [f"{name} belongs to {owner}" for name in names if (owner := find_owner(name))]
    return f"{', '.join(owners)}. " if owners else ""


def _command(path: str) -> str:
    """The beginning of a command for this file, whatever --cloud or NOVASIM_CLOUD name."""
    from novasim.store.addresses import hide_passwords

    path = hide_passwords(path)
    return f"novasim --cloud {shlex.quote(path if path.isprintable() else repr(path))}"


def _error(path: str, problem: str, remedy: str) -> CloudFileError:
    from novasim.store.addresses import hide_passwords, names_engine

    what, path = "Cloud" if names_engine(path) else "Cloud file", hide_passwords(path)
    return CloudFileError(f"{what} {path if path.isprintable() else repr(path)} {problem}", remedy)


class CreatedMeanwhile(Exception):
    """Another process has created the cloud since the command began. Nothing was changed: the command begins again."""

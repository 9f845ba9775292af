"""Errors of cloud files, each in one line: the file, the fault and the way out."""

from __future__ import annotations

from novasim.errors import CloudFileError

OTHER_FILE = "or name another file with --cloud"
RESCUE = "'novasim cloud check' shows what is wrong, 'novasim cloud restore' brings back the last backup."


def damaged(path: str, fault: str) -> CloudFileError:
    """The content cannot be used; *fault* says why, as in "it is empty"."""
    return _error(path, f"is damaged: {fault}. {RESCUE}")


def unreadable(path: str, error: OSError) -> CloudFileError:
    """The file cannot be opened or read."""
    return _error(path, f"cannot be read: {error.strerror or error}. Put that right, {OTHER_FILE}.")


def unwritable(path: str, error: OSError) -> CloudFileError:
    """The file cannot be replaced."""
    way_out = f"It is unchanged; make room or put the permissions of its folder right, {OTHER_FILE}."
    return _error(path, f"cannot be saved: {error.strerror or error}. {way_out}")


def locked(path: str, seconds: float, holder: str) -> CloudFileError:
    """Another writer does not end; *holder* is its process id, or "" if that is unknown."""
    who = f"process {holder}" if holder else "another novasim"
    way_out = f"Try again when that has ended, {OTHER_FILE}."
    return _error(path, f"is locked: {who} has been writing to it for more than {seconds:g} s. {way_out}")


def foreign(path: str, other: str, fault: str | None) -> CloudFileError:
    """Saving would write to *other*, a file that novasim did not make."""
    return _error(path, f"cannot be saved. It needs the file {other}: {fault}. Move that file away, {OTHER_FILE}.")


def newer(path: str, found: int, known: int) -> CloudFileError:
    """A later novasim wrote the file."""
    way_out = f"Upgrade novasim, {OTHER_FILE}."
    return _error(path, f"has format {found}, and this novasim knows formats up to {known}. {way_out}")


def no_backup(path: str) -> CloudFileError:
    """There is nothing to restore."""
    way_out = "Move it away and create a new cloud with 'novasim cloud init'."
    return _error(path, f"has no backup that can be used. {way_out}")


def _error(path: str, fault: str) -> CloudFileError:
    return CloudFileError(f"Cloud file {path if path.isprintable() else repr(path)} {fault}")

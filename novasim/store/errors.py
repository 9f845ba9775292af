"""What can be wrong with a cloud file: one line with the file, the fault and the way out."""

from __future__ import annotations

from novasim.errors import CloudFileError

OTHER_FILE = "or name another file with --cloud"
RESCUE = "'novasim cloud check' shows what is wrong, 'novasim cloud restore' brings back the last backup."


def shown(path: str) -> str:
    """A path that cannot break the line it is printed in."""
    return path if path.isprintable() else repr(path)


def damaged(path: str, fault: str) -> CloudFileError:
    """The content cannot be used; *fault* says why, as in "it is empty"."""
    return CloudFileError(f"Cloud file {shown(path)} is damaged: {fault}. {RESCUE}")


def unreadable(path: str, error: OSError) -> CloudFileError:
    """The file cannot be opened or read."""
    return CloudFileError(
        f"Cloud file {shown(path)} cannot be read: {error.strerror or error}. Put that right, {OTHER_FILE}."
    )


def unwritable(path: str, error: OSError) -> CloudFileError:
    """The new content cannot be put in place of the old."""
    return CloudFileError(
        f"Cloud file {shown(path)} cannot be saved: {error.strerror or error}. It is unchanged; make room or put "
        f"the permissions of its folder right, {OTHER_FILE}."
    )


def locked(path: str, seconds: float, holder: str) -> CloudFileError:
    """Another writer does not end; *holder* is its process id, or "" if that is not known."""
    who = f"process {holder}" if holder else "another novasim"
    return CloudFileError(
        f"Cloud file {shown(path)} is locked: {who} has been writing to it for more than {seconds:g} s. "
        f"Try again when that has ended, {OTHER_FILE}."
    )


def newer(path: str, found: int, known: int) -> CloudFileError:
    """A later novasim wrote the file."""
    return CloudFileError(
        f"Cloud file {shown(path)} has format {found}, and this novasim knows formats up to {known}. "
        f"Upgrade novasim, {OTHER_FILE}."
    )

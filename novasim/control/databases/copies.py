"""Copies a cloud from one store to another."""

from __future__ import annotations

from novasim.control.backups import read_state, replace_state
from novasim.control.worlds import describe_address
from novasim.errors import CloudFileError, UsageError
from novasim.records.caller import PYTHON, Origin
from novasim.store import open_store
from novasim.store.addresses import hide_passwords
from novasim.store.errors import missing
from novasim.store.memory import MemoryStore


def copy_cloud(source: str, target: str, force: bool = False, origin: Origin = PYTHON) -> str | None:
    """
    Copy a cloud, with its secrets, and compare the copy with it. Its record and its kept states are not copied.

    Args:
        source, target: As for `novasim.store.open_store`.
        force: Whether to replace a cloud that exists.
        origin: For the record of the target, as `Cloud.origin`.

    Returns:
        The name of the backup that the replaced cloud became, if there was one.

    Raises:
        UsageError: both are the same, or the target exists and *force* is False.
        CloudFileError: the source does not exist or is damaged, or the target cannot be used.
    """
    if describe_address(source) == describe_address(target):
        raise UsageError("A cloud cannot be copied to itself.")
    if not open_store(source).exists():
        raise missing(source)
    content = read_state(source)
    shown = hide_passwords(target)
    try:
        kept = replace_state(target, content, origin=origin, must_be_new=not force)
    except FileExistsError:
        raise UsageError(f"The cloud {shown} already exists. --force replaces it and keeps a backup.") from None
    if open_store(target).dump() != MemoryStore(content).dump():
        raise CloudFileError(f"The copy {shown} differs from the cloud. Another process has changed it meanwhile.")
    return kept.name if kept else None

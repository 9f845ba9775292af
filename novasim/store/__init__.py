"""Keeps a world: a small transaction interface over a TinyDB file, or in memory."""

from __future__ import annotations

import os
from stat import S_IWUSR
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from novasim.store.tiny import TinyStore


def open_store(path: str | PathLike[str], resident: bool = False, owns_process: bool = False) -> TinyStore:
    """
    The store of a cloud file, which need not exist yet. Nothing is read or created before the first use.

    Args:
        resident, owns_process: As `store.tiny.TinyStore` has them.
    """
    from novasim.store.tiny import TinyStore

    return TinyStore(path, resident=resident, owns_process=owns_process)


def is_recorded(path: str) -> bool:
    """Whether a record is kept in a file: whether that exists and is not read-only."""
    try:
        return bool(path and os.stat(path).st_mode & S_IWUSR)
    except OSError:
        return False

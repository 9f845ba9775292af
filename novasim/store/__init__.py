"""Keeps a world: a small transaction interface over a TinyDB file, or in memory."""

from __future__ import annotations

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

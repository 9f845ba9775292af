"""Where a world is kept: a small transaction interface, in memory or in one TinyDB file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from novasim.store.tiny import TinyStore

FORMAT = 1  # of Settings.format; a change of the stored shape raises it and adds a step to store.migrate


def open_store(path: str | PathLike[str], resident: bool = False) -> TinyStore:
    """
    The store of a cloud file, which need not exist yet; nothing is read or made before the first use.

    Args:
        resident: As `store.tiny.TinyStore` has it.
    """
    from novasim.store.tiny import TinyStore

    return TinyStore(path, resident=resident)

"""Keeps a world: a small transaction interface over a TinyDB file, a database, or in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from novasim.store.base import Store


def open_store(address: str | PathLike[str], resident: bool = False, owns_process: bool = False) -> Store:
    """
    The store of a cloud, which need not exist yet. Nothing is read or created before the first use.

    Args:
        address: The path of a file, or sqlite:PATH or postgresql://..., each with ?cloud=NAME if need be.
        resident, owns_process: As `store.tiny.TinyStore` has them.

    Raises:
        CloudFileError: the address is mistyped.
    """
    if isinstance(address, str) and ":" in address:
        from novasim.store.addresses import parse_address

        if found := parse_address(address):
            from novasim.store.sql.opening import open_database

            return open_database(found, resident=resident)
    from novasim.store.tiny import TinyStore

    return TinyStore(address, resident=resident, owns_process=owns_process)

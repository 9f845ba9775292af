"""Opening a cloud file, and making its default world at first use."""

from __future__ import annotations

import os

from novasim.cloud import Cloud
from novasim.simulation.time import clock
from novasim.store import open_store
from novasim.store.base import Store


def open_cloud(path: str | os.PathLike[str], resident: bool = False) -> Cloud:
    """
    The cloud in a file; a new one gets the default world (seed from NOVASIM_SEED, if set).

    Args:
        resident: Whether it stays in memory for long, as in a server.

    Raises:
        CloudFileError: the file cannot be used.
    """
    store = open_store(path, resident)
    if not store.exists():
        make_world(store, seed=clock.seed_of_environment())
    return Cloud(store)


def make_world(store: Store, seed: int | None = None, hosts: int = 3, unlimited: bool = False) -> None:
    """Fill an empty store with the default world; what another process made meanwhile is kept."""
    from novasim.records import Settings
    from novasim.simulation import default_world

    with store.write() as tx:
        if tx.get(Settings, "cloud") is None:
            default_world.build(tx, clock.wall(), seed, hosts, unlimited)

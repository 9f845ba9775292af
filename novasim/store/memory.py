"""A world in memory: for tests, and for clouds that end with the process."""

from __future__ import annotations

from novasim.store.migrate import load
from novasim.store.snapshots import IN_MEMORY, SnapshotStore
from novasim.store.transaction import Snapshot


class MemoryStore(SnapshotStore):
    """
    The store interface without a file.

    Args:
        content: The result of `dump` of any store; the new world begins as a copy of that one.
    """

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(Snapshot(load(content, IN_MEMORY)[0]) if content else None)

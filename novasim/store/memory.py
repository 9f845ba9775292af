"""A world in memory: for tests, and for clouds that end with the process."""

from __future__ import annotations

from novasim.store.documents import Tables
from novasim.store.migrate import load
from novasim.store.snapshots import IN_MEMORY, SnapshotStore
from novasim.store.transaction import Snapshot


class MemoryStore(SnapshotStore):
    """
    The store interface without a file.

    Args:
        content: The result of `dump` of any store; the new world begins as a copy of that one.
        tables: Instead, the result of `tables` of any store.
    """

    def __init__(self, content: bytes = b"", tables: Tables | None = None) -> None:
        tables = load(content, IN_MEMORY)[0] if content else tables
        super().__init__(None if tables is None else Snapshot(dict(tables)))

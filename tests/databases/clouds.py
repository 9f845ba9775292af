"""The clouds of the tests of commands, in databases if NOVASIM_TESTS_CLOUD is sqlite or postgresql."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from novasim.store import open_store

ENGINE = os.environ.get("NOVASIM_TESTS_CLOUD", "").removeprefix("http")


class DatabaseAddress(str):
    """The address of a cloud, for tests that expect the path of a cloud file and look at its content."""

    __slots__ = ()

    @contextmanager
    def open(self) -> Iterator[Any]:
        """The store at the address, as long as it is needed."""
        store = open_store(str(self))
        try:
            yield store
        finally:
            store.close()

    def exists(self) -> bool:
        with self.open() as store:
            return bool(store.exists())

    def read_bytes(self) -> bytes:
        """The content of the cloud, as a file would have it."""
        with self.open() as store:
            return bytes(store.dump())

    def read_text(self, encoding: str = "utf-8") -> str:
        return self.read_bytes().decode(encoding)

    def write_bytes(self, content: bytes) -> None:
        """Save the content of a cloud file."""
        from novasim.store.memory import MemoryStore

        with self.open() as store:
            store.replace(MemoryStore(content).tables(), keeps=False)


def new_address(request: pytest.FixtureRequest, folder: Path) -> Any:
    """The address of a cloud that does not exist yet."""
    request.addfinalizer(gc.collect)  # closes the connections of commands, whose stores are parts of cycles
    if ENGINE == "sqlite":
        return DatabaseAddress(f"sqlite:{folder / 'cloud.db'}")
    return DatabaseAddress(request.getfixturevalue("postgresql_url"))

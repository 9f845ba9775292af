"""Filling cloud files, and what is said of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from novasim.errors import CloudFileError
from novasim.records import Record, Server
from novasim.store import open_store
from tests.store.worlds import server


def fill(path: Path, *records: Record) -> None:
    """Put records into the cloud in a file."""
    with open_store(path).write() as tx:
        for record in records:
            tx.put(record)


def refusals(path: Path) -> list[str]:
    """The messages of reading and of writing, each of one line; both must be refused."""
    found = []
    for enter in (open_store(path).read, open_store(path).write):
        with pytest.raises(CloudFileError) as caught, enter() as tx:
            tx.put(server(99))
            tx.query(Server)
        found.append(str(caught.value))
        assert "\n" not in found[-1]
        assert str(path) in found[-1]
        assert caught.value.exit_code == 9
    return found

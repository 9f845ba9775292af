"""A user of the command line whose cloud keeps a record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from novasim.store.record_file import read_entries
from tests.cli.conftest import User


class Recorded(User):
    """Runs command lines, and reads the record."""

    @property
    def record(self) -> Path:
        return self.path.with_name(self.path.name + ".record")

    def entries(self) -> list[Any]:
        return read_entries(str(self.record))

    def last(self) -> Any:
        return self.entries()[-1]

    def export(self) -> bytes:
        """The exported bytes of the cloud."""
        return self("cloud export -").stdout_bytes

    def log(self, line: str = "") -> Any:
        return json.loads(self(f"log {line} -f json").stdout)


@pytest.fixture
def user(tmp_path, monkeypatch):
    """A user with a server web1 under a manual clock; the record begins after that."""
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    monkeypatch.setenv("NOVASIM_SEED", "1")
    user = Recorded(tmp_path / "lab.json")
    user("create web1 --flavor m1.tiny --image cirros")
    user("clock advance 30")
    user("record start")
    return user

"""A user of the command line whose cloud keeps a record."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from novasim.store.record_file import read_entries
from tests.cli.conftest import User
from tests.databases import clouds as databases


class Recorded(User):
    """Runs command lines, and reads the record."""

    @property
    def record(self) -> Path:
        return self.path.with_name(self.path.name + ".record")

    def entries(self) -> list[Any]:
        if databases.ENGINE:
            with self.path.open() as store:
                return store.record.read()
        return read_entries(str(self.record))

    def last(self) -> Any:
        return self.entries()[-1]

    def export(self) -> bytes:
        """The exported bytes of the cloud."""
        return self("cloud export -").stdout_bytes

    def log(self, line: str = "") -> Any:
        return json.loads(self(f"log {line} -f json").stdout)


def build(user: Recorded) -> Recorded:
    """Give a user a server web1 under a manual clock, and a record that begins after that."""
    user("create web1 --flavor m1.tiny --image cirros")
    user("clock advance 30")
    user("record start")
    return user


@cache
def build_files() -> dict[str, bytes]:
    """The files of the user's cloud by name, built once for all tests."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOVASIM_CLOCK", "manual")
        patch.setenv("NOVASIM_SEED", "1")
        build(Recorded(Path(folder) / "lab.json"))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@pytest.fixture
def user(request, tmp_path, monkeypatch):
    """A user with a server web1 under a manual clock; the record begins after that."""
    monkeypatch.setenv("NOVASIM_CLOCK", "manual")
    monkeypatch.setenv("NOVASIM_SEED", "1")
    if databases.ENGINE:
        return build(Recorded(databases.new_address(request, tmp_path)))
    for name, content in build_files().items():
        (tmp_path / name).touch(0o600)
        (tmp_path / name).write_bytes(content)
    return Recorded(tmp_path / "lab.json")

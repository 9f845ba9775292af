"""Clouds in memory that are recorded into a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from novasim import Cloud
from novasim.store.record_file import read_entries
from novasim.teach.coverage.items import Item
from novasim.teach.coverage.summary import MET, Coverage


class RecordedCloud:
    """A cloud with the instant clock, whose callers are `demo`, `admin` and the reader `eve`."""

    def __init__(self, record: Path) -> None:
        self.record = record
        self.demo = Cloud.in_memory(hosts=4)
        self.admin = self.demo.as_("admin")

    def coverage(self) -> Coverage:
        return Coverage([read_entries(str(self.record))])

    def met(self, dimension: str) -> set[Item]:
        return {each.item for each in self.coverage().select(dimension, MET)}


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """A cloud whose requests are recorded from its beginning."""
    path = tmp_path / "cloud.record"
    monkeypatch.setenv("NOVASIM_RECORD", str(path))
    return RecordedCloud(path)

"""The size of a record in a database: old entries go, and with them the secrets that only they have left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from novasim.jsonutils import encode
from novasim.store import open_store
from novasim.store.redaction import LEFT_OUT
from novasim.store.sql import record as limits
from tests.store.worlds import settings

COUNT = 40


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return request.getfixturevalue("postgresql_url") if request.param == "postgresql" else f"sqlite:{tmp_path}/lab.db"


def test_old_entries_are_dropped(address, monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    monkeypatch.setattr(limits, "CHECKED", 5)
    store = open_store(address)
    with store.write() as tx:
        tx.put(settings())
    record = store.record
    assert record is not None
    record.start()
    sizes = []
    for number in range(COUNT):
        mark = f"m{number // 2}"  # of two entries
        entry = {"kind": "request", "message": "x" * 100, "after": {"user_data": {LEFT_OUT: mark}}}
        record.append([encode(entry)], [encode({LEFT_OUT: mark, "value": number})])
        sizes.append(record.count_bytes())
    entries = record.read()
    assert [entry.number for entry in entries] == list(range(COUNT - len(entries) + 1, COUNT + 1))
    assert record.read_secrets().keys() == {entry.after["user_data"][LEFT_OUT] for entry in entries if entry.after}
    length = len(encode(entry))
    assert 1000 <= sizes[-1] <= max(sizes) <= 2000 + 6 * length
    assert record.tail().read()[-1].number == COUNT

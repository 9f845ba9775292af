"""The stores of this package; each inherits the same suites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from novasim.records import Settings
from novasim.store import open_store
from novasim.store.base import Store
from novasim.store.memory import MemoryStore
from tests.store.suites.batches import BatchSuite
from tests.store.suites.changes import ChangeSuite, ViewSuite
from tests.store.suites.queries import QuerySuite
from tests.store.suites.record import RecordSuite
from tests.store.suites.transactions import TransactionSuite
from tests.store.worlds import server, settings


class StoreSuite(TransactionSuite, QuerySuite, ChangeSuite, BatchSuite, ViewSuite, RecordSuite):
    """All of them."""


class TestMemoryStore(StoreSuite):
    @pytest.fixture
    def store(self):
        return MemoryStore()

    def reopened(self, store):
        return store


class TestTinyStore(StoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return open_store(tmp_path / "cloud.json")

    def reopened(self, store: Store) -> Store:
        return open_store(store.path)


class TestResidentTinyStore(TestTinyStore):
    """As a server has it: what is read is split at once, and another process writes between two looks."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return open_store(tmp_path / "cloud.json", resident=True)

    def reopened(self, store: Store) -> Store:
        return open_store(store.path, resident=True)


class TestSqliteStore(StoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return open_store(f"sqlite:{tmp_path / 'cloud.db'}")

    def reopened(self, store: Store) -> Store:
        return open_store(store.path)


class TestSqliteStoreOfOneOfManyClouds(TestSqliteStore):
    """As above, beside another cloud in the same file, and as a server has it: small tables are kept."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        other = open_store(f"sqlite:{tmp_path / 'cloud.db'}")
        with other.write() as tx:
            tx.put(settings())
            for number in range(3):
                tx.put(server(number))
        before = other.dump()
        yield open_store(f"sqlite:{tmp_path / 'cloud.db'}?cloud=ann", resident=True)
        assert other.dump() == before

    def reopened(self, store: Store) -> Store:
        return open_store(store.path, resident=True)


class TestPostgresqlStore(StoreSuite):
    @pytest.fixture
    def store(self, postgresql_url: str) -> Store:
        return open_store(postgresql_url, resident=True)

    def reopened(self, store: Store) -> Store:
        return open_store(store.path)


class TestMemoryStoreFromContent(TestMemoryStore):
    """As above, but in a world that was loaded: another path through the code, the same behaviour."""

    @pytest.fixture
    def store(self):
        return MemoryStore()

    def reopened(self, store):
        return MemoryStore(store.dump()) if store.exists() else store


class TestFractions:
    """A number that is not whole has several written forms, so only decoding can tell."""

    def test_query_by_a_fraction(self):
        store = MemoryStore()
        with store.write() as tx:
            tx.put(settings(speed=1e-7))
            tx.put(settings(id="other", speed=1e22))
        with store.read() as tx:
            assert [found.id for found in tx.query(Settings, {"speed": 1e-7})] == ["cloud"]
            assert [found.id for found in tx.query(Settings, {"speed": 10**22})] == ["other"]
            assert tx.query(Settings, {"speed": 0.5}) == []

"""The clouds in a database as a collection."""

from __future__ import annotations

from novasim.store.addresses import Address
from novasim.store.cloud_names import check_cloud_name, is_cloud_name
from novasim.store.sql.opening import open_engine
from novasim.store.sql.store import SqlStore


class DatabaseClouds:
    """All clouds in a database, as `store.clouds.Clouds` describes it. They share their connections."""

    def __init__(self, address: Address) -> None:
        self.address = str(address)
        self._address, self._engine = address, open_engine(address)

    def names(self) -> list[str]:
        return [name for name in self._select("SELECT name FROM clouds ORDER BY name") if is_cloud_name(name)]

    def exists(self, name: str) -> bool:
        return is_cloud_name(name) and bool(self._select("SELECT name FROM clouds WHERE name = ?", name))

    def open(self, name: str) -> SqlStore:
        check_cloud_name(name)
        store = SqlStore(self._engine, name)
        store.path = str(self._address._replace(cloud=name))
        return store

    def _select(self, statement: str, *values: str) -> list[str]:
        if not self._engine.exists():
            return []
        with self._engine.read() as connection:
            return [str(name) for (name,) in connection.select(statement, values)]

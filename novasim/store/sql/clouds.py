"""The clouds in a database as a collection."""

from __future__ import annotations

from novasim.store.addresses import Address
from novasim.store.cloud_names import check_cloud_name, is_cloud_name
from novasim.store.sql.opening import open_engine
from novasim.store.sql.source import Revision
from novasim.store.sql.store import SqlStore

MAX_CLAIMED = 20  # clouds
LEASE = 1.0  # seconds for which other processes leave a claimed cloud alone
FIND_DUE = (
    "SELECT name FROM clouds WHERE next_due <= ? AND name NOT LIKE '%:%' "  # nosec B608 # kept states have a colon
    f"ORDER BY next_due LIMIT {MAX_CLAIMED}"
)


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
        store = SqlStore(self._engine, name, resident=True)
        address = self._address._replace(cloud=name)
        store.path, store.address = str(address), address.text
        return store

    def claim_due(self, wall: float) -> list[str]:
        if not self._select(FIND_DUE, wall):  # waits for no writer
            return []
        with self._engine.write("") as connection:
            names = [str(name) for (name,) in connection.select(f"{FIND_DUE} {self._engine.skip_locked}", [wall])]
            claims = ((wall + LEASE, name) for name in names)
            connection.execute_many("UPDATE clouds SET next_due = ? WHERE name = ?", claims)
        return [name for name in names if is_cloud_name(name)]

    def postpone(self, name: str, revision: object, wall: float) -> None:
        if isinstance(revision, Revision):
            statement = "UPDATE clouds SET next_due = ? WHERE name = ? AND created = ? AND revision = ?"
            with self._engine.write(name) as connection:
                connection.execute(statement, [wall, name, revision.created, revision.number])

    def close(self) -> None:
        self._engine.close()

    def _select(self, statement: str, *values: object) -> list[str]:
        if not self._engine.exists():
            return []
        return [str(name) for (name,) in self._engine.query(statement, values)]

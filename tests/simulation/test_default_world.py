"""The default world of a new cloud."""

from __future__ import annotations

from novasim.records import Project
from novasim.simulation import default_world
from novasim.store.memory import MemoryStore


def test_an_unlimited_world_has_no_quotas():
    store = MemoryStore()
    with store.write() as tx:
        default_world.build_default_world(tx, 0.0, 1, unlimited=True)
        assert {limit for project in tx.query(Project) for limit in project.quotas.values()} == {-1}
        assert "cores" in tx.query(Project, {"name": "demo"})[0].quotas

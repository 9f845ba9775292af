"""An entry is as large as what it changes, however large the cloud is."""

from __future__ import annotations

import pytest

from novasim.cloud import Cloud
from novasim.control.clock import set_clock
from novasim.control.worlds import create_world
from novasim.library.cloud import Cloud as Library
from novasim.store.memory import MemoryStore

LIMIT = 32 * 1024  # bytes for each changed server
ACTIONS = {
    "os-stop": None,
    "os-start": None,
    "resize": {"flavorRef": "2"},
    "confirmResize": None,
    "shelve": None,
    "unshelve": None,
    "forceDelete": None,
}


@pytest.fixture
def path(tmp_path, monkeypatch):
    path = tmp_path / "x.record"
    monkeypatch.setenv("NOVASIM_RECORD", str(path))
    return path


def test_bytes_for_each_changed_server(path):
    store = MemoryStore()
    create_world(store, hosts=100, unlimited=True, seed=0)
    world = Cloud(store)
    set_clock(world, "instant")
    cloud = Library(world)
    image, network = cloud.id_of("image", "cirros"), cloud.id_of("network", "private")
    body = {"name": "s", "flavorRef": "1", "imageRef": image, "networks": [{"uuid": network}]}
    count = {"min_count": 200, "max_count": 200}
    cloud.request("POST", "/servers", {"server": body | count}, version="2.96")
    assert path.stat().st_size < 200 * LIMIT
    id = cloud.get("/servers", [("limit", "1")])["servers"][0]["id"]
    for key, arguments in ACTIONS.items():
        path.unlink()
        cloud.request("POST", f"/servers/{id}/action", {key: arguments}, version="2.96")
        assert path.stat().st_size < LIMIT, key

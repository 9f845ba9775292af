"""Cloud files with many servers."""

from __future__ import annotations

from pathlib import Path

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.records import Caller, Image
from novasim.simulation import default_world
from novasim.store import open_store

MINOR = 96  # the microversion of all requests


def create_cloud(path: Path, servers: int) -> tuple[Caller, dict[str, str], str]:
    """Create a cloud file; return a caller, the description of another server, and the ID of an existing one."""
    store = open_store(path)
    with store.write() as tx:
        default_world.build_default_world(tx, 0.0, seed=1, hosts=20 + servers // 25, unlimited=True, clock="instant")
    with store.read() as tx:
        caller, image = find_caller(tx, "demo"), tx.query(Image)[0].id
    server = {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "auto"}
    body = {"server": {**server, "min_count": servers, "max_count": servers}}
    response = handle(Cloud(store), Request(caller, "POST", "/servers", MINOR, (), body))
    assert response.code == 202, response
    return caller, server, response.body["server"]["id"]

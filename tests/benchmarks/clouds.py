"""Clouds with many servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from novasim.api.callers import find_caller
from novasim.api.dispatch import handle
from novasim.api.request import Request
from novasim.cloud import Cloud
from novasim.records import Caller, Image, Subnet
from novasim.simulation import default_world
from novasim.store import open_store

MINOR = 96  # the microversion of all requests


def create_cloud(path: Path | str, servers: int, **options: Any) -> tuple[Caller, dict[str, str], str]:
    """
    Create a cloud with servers. Returns a caller, the description of another server, and the ID of an existing one.

    Args:
        path: The path or the address of the cloud.
        options: Nova's options of the cloud.
    """
    store = open_store(path)
    with store.write() as tx:
        world = default_world.build_default_world(
            tx, 0.0, seed=1, hosts=20 + servers // 25, unlimited=True, clock="instant"
        )
        world.settings.options |= options
        tx.put(world.settings)
        subnet = tx.query(Subnet, {"name": "private-v4"})[0]
        subnet.cidr = "10.0.0.0/12"  # a million addresses; by default there are 65,000
        tx.put(subnet)
    with store.read() as tx:
        caller, image = find_caller(tx, "demo"), tx.query(Image)[0].id
    server = {"name": "s", "flavorRef": "1", "imageRef": image, "networks": "auto"}
    body = {"server": {**server, "min_count": servers, "max_count": servers}}
    response = handle(Cloud(store), Request(caller, "POST", "/servers", MINOR, (), body))
    assert response.code == 202, response
    return caller, server, response.body["server"]["id"]

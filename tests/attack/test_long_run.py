"""Ten minutes of mixed load, in the time of a clock that the test sets: the cloud stays small, as serve purges it."""

from __future__ import annotations

import random

from novasim import Cloud
from novasim.api.request import Request
from novasim.control.exports import remove_secrets
from novasim.control.purge import AutomaticPurge, purge_cloud
from novasim.serve.writer import handle_batch
from tests.attack import extent

DURATION = extent(60, 600)  # seconds
STEP = 0.5  # seconds between two batches
POPULATION = 40  # servers that the clients keep
UNLIMITED = {"quota_set": {"instances": -1, "cores": -1, "ram": -1}}


class Load:
    """Clients that create, reboot, list, show and delete servers of one project."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.random, self.servers = cloud, random.Random(1), []
        flavor, image = cloud.id_of("flavor", "m1.tiny"), cloud.id_of("image", "cirros")
        self.new = {"server": {"name": "s", "flavorRef": flavor, "imageRef": image, "networks": "auto"}}

    def next_request(self) -> Request:
        chance, caller = self.random.random(), self.cloud.caller
        if len(self.servers) < POPULATION and chance < 0.7:
            return Request(caller, "POST", "/servers", 96, body=self.new)
        if not self.servers:
            return Request(caller, "GET", "/servers", 96)
        server = self.random.choice(self.servers)
        if chance < 0.5 and len(self.servers) >= POPULATION:
            return Request(caller, "DELETE", f"/servers/{self.servers.pop(0)}", 96)
        if chance < 0.6:
            return Request(caller, "POST", f"/servers/{server}/action", 96, body={"reboot": {"type": "SOFT"}})
        return Request(caller, "GET", "/servers" if chance < 0.8 else f"/servers/{server}", 96)

    def run_batch(self, purge: AutomaticPurge) -> None:
        requests = [self.next_request() for _ in range(self.random.randrange(1, 5))]
        for response in handle_batch(self.cloud.world, requests, purge):
            assert response.code < 500
            if response.code == 202 and isinstance(response.body, dict) and "server" in response.body:
                self.servers.append(response.body["server"]["id"])


def test_file_is_at_most_twice_as_large_as_after_a_purge():
    cloud, wall = Cloud.in_memory(clock="real"), [2e9]
    cloud.world.wall = lambda: wall[0]
    cloud.as_("admin").request("PUT", f"/os-quota-sets/{cloud.caller.project_id}", UNLIMITED)
    load, purge = Load(cloud), AutomaticPurge()
    for _ in range(int(DURATION / STEP)):
        load.run_batch(purge)
        wall[0] += STEP
    size = len(cloud.world.store.dump())
    purged = purge_cloud(cloud.world)
    assert purged.servers >= 10
    assert size <= 2 * len(remove_secrets(cloud.world.store.dump()))

"""Requests that a server saves together are answered, and change the cloud, as requests that are saved one by one."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from novasim.api.dispatch import handle
from novasim.api.request import Request, Response
from novasim.cloud import Cloud
from novasim.control.purge import AutomaticPurge
from novasim.serve.writer import Writer, handle_batch
from novasim.store import open_store
from novasim.store.transaction import Snapshot
from tests.api.volume.client import VolumeClient
from tests.play import Play

REQUESTS = 90
MAX_BATCH = 12
ACTIONS: dict[str, Any] = {
    "lock": {"locked_reason": "because"},
    "unlock": None,
    "pause": None,
    "unpause": None,
    "os-stop": None,
    "os-start": None,
    "resize": {"flavorRef": "2"},
    "confirmResize": None,
    "revertResize": None,
    "shelve": None,
    "unshelve": None,
    "createImage": {"name": "snap", "metadata": {"a": "1"}},
    "addFloatingIp": {"address": "198.51.100.7"},
    "addSecurityGroup": {"name": "default"},
    "createBackup": {"name": "b", "backup_type": "daily", "rotation": 1},
    "migrate": {"host": "nosuch"},
    "os-resetState": {"state": "error"},
}


class Random:
    """Random requests about the servers that earlier responses named."""

    def __init__(self, play: Play) -> None:
        self._play, self._chance = play, random.Random(1)
        self.servers = [play.create(f"s{number}") for number in range(3)]

    def next(self) -> Request:
        server, number = self._chance.choice(self.servers), self._chance.randrange(100)
        key = self._chance.choice([*ACTIONS])
        method, path, body = self._chance.choice(
            [
                ("POST", f"/servers/{server}/action", {key: ACTIONS[key]}),
                ("POST", f"/servers/{server}/action", {key: ACTIONS[key]}),
                ("POST", f"/servers/{server}/metadata", {"metadata": {f"k{number % 5}": f"{number}"}}),
                ("DELETE", f"/servers/{server}/metadata/k{number % 5}", None),
                ("PUT", f"/servers/{server}", {"server": {"name": f"n{number}"}}),
                ("PUT", f"/servers/{server}/tags/t{number % 5}", None),
                ("DELETE", f"/servers/{server}", None),
                ("POST", "/servers", {"server": self._server(f"n{number}", "1")}),
                ("POST", "/servers", {"server": self._server(f"n{number}", "nosuch")}),
            ]
        )
        caller = self._play.callers[self._chance.choice(["demo", "demo", "reader"])]
        return Request(caller, method, path, 96, (), body)

    def _server(self, name: str, flavor: str) -> dict[str, Any]:
        networks = [{"uuid": self._play.network}]
        return {"name": name, "flavorRef": flavor, "imageRef": self._play.image, "networks": networks}


def shown(response: Response) -> tuple[int, Any]:
    return response.code, response.body


@pytest.mark.parametrize("address", ["{}/cloud.json", "sqlite:{}/cloud.db"])
def test_requests_of_a_batch_do_not_affect_each_other(tmp_path, address):
    play = Play()
    requests = Random(play)
    store = open_store(address.format(tmp_path), resident=True)
    store.restore(Snapshot(play.store.tables()))
    cloud, alone, together = Cloud(store, wall=lambda: 0.0), list[Any](), list[Any]()
    while len(alone) < REQUESTS:
        batch = [requests.next() for _ in range(1 + len(alone) % MAX_BATCH)]
        responses = [handle(play.cloud, request) for request in batch]
        alone += [shown(response) for response in responses]
        together += [shown(response) for response in handle_batch(cloud, batch, AutomaticPurge())]
        created = [each.body["server"]["id"] for each in responses if each.body and "server" in each.body]
        requests.servers = [*requests.servers, *created][-5:]
        assert store.tables() == play.store.tables()
    assert together == alone
    assert {code // 100 for code, _ in alone} == {2, 4}


def test_a_response_is_not_changed_by_the_next_request_of_its_batch():
    cinder = VolumeClient()
    path, caller = f"/v3/{cinder.project}/volumes/{cinder.volume()}/action", cinder.play.callers["demo"]
    bodies = [{"os-set_image_metadata": {"metadata": {"a": "1"}}}, {"os-unset_image_metadata": {"key": "a"}}]
    requests = [Request(caller, "POST", path, 60, (), body, "volume") for body in bodies]
    first, second = handle_batch(cinder.play.cloud, requests, AutomaticPurge())
    assert (first.code, first.body, second.code) == (200, {"metadata": {"a": "1"}}, 200)


def test_requests_that_arrive_while_another_process_writes_join_the_batch(tmp_path):
    play, address = Play(), f"sqlite:{tmp_path}/cloud.db"
    store, other = open_store(address, resident=True), open_store(address)
    store.restore(Snapshot(play.store.tables()))
    before = store.revision()
    requests = [Request(play.callers["demo"], "POST", "/v2/images", body={"name": "a"}, service="image")] * 2

    async def submit() -> list[Response]:
        writer = Writer(Cloud(store, wall=lambda: 0.0))
        with other.write():
            first = asyncio.ensure_future(writer.submit(requests[0]))
            await asyncio.sleep(0)
            while writer._pending:
                await asyncio.sleep(0)
            second = asyncio.ensure_future(writer.submit(requests[1]))
            await asyncio.sleep(0)
        responses = await asyncio.gather(first, second)
        await writer.close()
        return responses

    assert [response.code for response in asyncio.run(submit())] == [201, 201]
    assert store.revision().number == before.number + 1

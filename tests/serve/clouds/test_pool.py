"""Clouds are opened at their first use, and closed when they are idle."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.api.routes import REMOTE_MOUNT
from novasim.control.worlds import create_default_world
from novasim.records import Settings
from novasim.remote.protocol import KEY, LEASE
from novasim.store.clouds import open_clouds
from tests.serve.clouds.client import Client, Server

SERVERS = "compute/v2.1/servers"


@pytest.fixture(params=["folder", "database"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A collection without clouds."""
    return str(tmp_path / "lab") if request.param == "folder" else f"sqlite:{tmp_path}/lab.db"


def create(address: Path | str, *names: str) -> None:
    clouds = open_clouds(str(address), creates=True)
    for name in names:
        create_default_world(clouds.open(name), seed=1)


async def create_server(client: Client, cloud: str) -> str:
    images = (await client.request("GET", f"/{cloud}/image/v2/images?name=cirros", who="demo")).body["images"]
    body = {"server": {"name": "web", "flavorRef": "1", "imageRef": images[0]["id"], "networks": "none"}}
    headers = {"openstack-api-version": "compute 2.37"}
    return (await client.request("POST", f"/{cloud}/{SERVERS}", body, headers, "demo")).body["server"]["id"]


async def count_servers(client: Client, cloud: str) -> int:
    return len((await client.request("GET", f"/{cloud}/{SERVERS}", who="demo")).body["servers"])


async def close_idle(server: Server) -> None:
    """Wait until no cloud is open."""
    assert await becomes_true(lambda: not len(server.pool)), "clouds stay open"


async def becomes_free(reference: weakref.ref[object]) -> bool:
    """Whether an object is freed; the thread that closes its cloud may still hold it for a moment."""

    def is_free() -> bool:
        gc.collect()
        return reference() is None

    return await becomes_true(is_free)


async def becomes_true(check: Callable[[], bool]) -> bool:
    """Whether *check* becomes true within a minute."""
    for _ in range(3000):
        if check():
            return True
        await asyncio.sleep(0.02)
    return False


def test_an_idle_cloud_is_closed_and_its_memory_given_back(address):
    create(address, "ann")

    async def play() -> None:
        async with Server(address, idle_time=0.05) as server:
            await create_server(server, "ann")
            async with server.pool.use("ann") as app:
                store = weakref.ref(app.cloud.store)
            del app
            assert store() is not None
            await close_idle(server)
            assert await becomes_free(store)
            assert await count_servers(server, "ann") == 1

    asyncio.run(play())


def test_saved_states_outlive_an_idle_cloud(tmp_path, monkeypatch):
    """`reset` returns to the state in which the server has first opened the cloud."""
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    create(tmp_path, "ann")

    async def play() -> None:
        async with Server(tmp_path, idle_time=0.05) as server:
            await create_server(server, "ann")
            await server.request("POST", "/ann/novasim/save", {"name": "one"}, who="admin")
            await create_server(server, "ann")
            await close_idle(server)
            for path, body, count in (("load", {"name": "one"}, 1), ("reset", None, 0), ("load", {"name": "one"}, 1)):
                response = await server.request("POST", f"/ann/novasim/{path}", body, who="admin")
                assert (response.code, await count_servers(server, "ann")) == (200, count), response
                await close_idle(server)

    asyncio.run(play())


def test_a_new_cloud_of_the_same_name_has_none_of_the_old_states(tmp_path):
    create(tmp_path, "ann")

    async def play() -> None:
        async with Server(tmp_path, idle_time=0.05) as server:
            await server.request("POST", "/ann/novasim/save", {"name": "one"}, who="admin")
            await close_idle(server)
            (tmp_path / "ann.json").unlink()
            create(tmp_path, "ann")
            new = Client(server.app, has_prefixes=True)  # without the old tokens
            states = await new.request("GET", "/ann/novasim/save", who="admin")
            assert states.body == {"names": ["first"]}

    asyncio.run(play())


def test_the_stepping_clock_of_an_idle_cloud_is_saved(address):
    create(address, "ann")

    async def play() -> None:
        async with Server(address, idle_time=0.05) as server:
            await server.request("POST", "/ann/novasim/clock", {"mode": "stepping"}, who="admin")
            id = await create_server(server, "ann")
            shown = await server.request("GET", f"/ann/{SERVERS}/{id}", who="demo")  # the build ends
            assert shown.body["server"]["status"] == "ACTIVE"
            before = (await server.request("GET", "/ann/novasim/clock", who="admin")).body
            await close_idle(server)
            assert (await server.request("GET", "/ann/novasim/clock", who="admin")).body == before
            assert before["tasks"] == 0

    asyncio.run(play())


def test_no_more_clouds_are_open_than_the_limit_unless_they_are_used(address):
    names = [f"c{number}" for number in range(6)]
    create(address, *names)

    async def play() -> None:
        async with Server(address, max_open=2) as server:
            for name in names * 2:
                assert await count_servers(server, name) == 0
                assert len(server.pool) <= 2
            async with server.pool.use("c0"), server.pool.use("c1"), server.pool.use("c2"):
                assert len(server.pool) == 3
            counts = await asyncio.gather(*(count_servers(server, name) for name in names * 5))
            assert counts == [0] * 30

    asyncio.run(play())


@pytest.mark.parametrize("ends", ["page", "server"])
def test_a_live_page_keeps_its_cloud_open(tmp_path, ends):
    create(tmp_path, "ann")

    async def play() -> None:
        async with Server(tmp_path, idle_time=0.05) as server:
            closed, chunks = asyncio.Event(), list[bytes]()
            token = await server.token("/ann", "demo")
            task = asyncio.create_task(server.watch("/ann/live/events", token, closed, chunks))
            assert await becomes_true(lambda: b"event: state" in b"".join(chunks))
            await asyncio.sleep(0.3)
            assert len(server.pool) == 1
            id = await create_server(server, "ann")
            assert await becomes_true(lambda: id.encode() in b"".join(chunks))
            closed.set() if ends == "page" else server.pool.close_streams()
            await asyncio.wait_for(task, 120)
            if ends == "page":
                await close_idle(server)

    asyncio.run(play())


def test_a_transaction_of_a_command_keeps_its_cloud_open(tmp_path):
    create(tmp_path, "ann")

    async def play() -> None:
        async with Server(tmp_path, idle_time=0.05) as server:
            body = {"as": "admin", "words": [], "step": "1"}
            path = f"/ann{REMOTE_MOUNT}"
            lease = await server.request("POST", f"{path}/leases", body, {KEY: "1"}, "admin")
            await asyncio.sleep(0.2)
            assert len(server.pool) == 1
            headers = {KEY: "2", LEASE: lease.body["lease"]}
            assert (await server.request("POST", f"{path}/commit", body, headers, "admin")).code == 200
            await close_idle(server)

    asyncio.run(play())


def test_a_damaged_cloud_is_unavailable_alone(tmp_path):
    create(tmp_path, "ann", "bob")
    whole = (tmp_path / "ann.json").read_bytes()

    async def play() -> None:
        async with Server(tmp_path) as server:
            headers = {"x-auth-token": await server.token("/ann", "demo")}
        (tmp_path / "ann.json").write_bytes(whole[:1000])
        async with Server(tmp_path) as server:
            refused = await server.request("GET", f"/ann/{SERVERS}", headers=headers)
            assert (refused.code, list(refused.body)) == (503, ["serviceUnavailable"])
            assert "is damaged" in refused.body["serviceUnavailable"]["message"]
            assert await count_servers(server, "bob") == 0
            (tmp_path / "ann.json").write_bytes(whole)
            assert (await server.request("GET", f"/ann/{SERVERS}", headers=headers)).code == 200

    asyncio.run(play())


def test_only_an_option_lets_requests_create_clouds(address):
    async def play() -> None:
        async with Server(address) as server:
            assert (await server.request("GET", "/new/identity/v3")).code == 404
            assert server.clouds.names() == []
        async with Server(address, creates_on_use=True) as server:
            assert await asyncio.gather(*(count_servers(server, "new") for _ in range(5))) == [0] * 5
            assert server.clouds.names() == ["new"]

    asyncio.run(play())


def test_two_servers_that_create_a_cloud_at_once_create_one(address):
    collections = [open_clouds(address, creates=True) for _ in range(2)]
    with ThreadPoolExecutor(8) as threads:
        created = list(threads.map(lambda number: create_default_world(collections[number % 2].open("ann")), range(8)))
    assert sorted(created) == [False] * 7 + [True]
    with collections[0].open("ann").read() as tx:
        assert tx.get(Settings, "cloud").token_key


def test_only_regular_files_with_a_valid_name_are_clouds(tmp_path):
    create(tmp_path, "ann")
    for name in ("Bob.json", "identity.json", "ann.json.bak.1", "notes.txt", ".json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "link.json").symlink_to("ann.json")
    clouds = open_clouds(str(tmp_path))
    assert clouds.names() == ["ann"]
    assert not any(clouds.exists(name) for name in ("Bob", "identity", "folder", "link", "../ann", ""))

    async def ask() -> None:
        async with Server(tmp_path, creates_on_use=True) as server:
            response = await server.request("GET", "/link/identity/v3")
            assert response.body["error"]["message"] == "There is no cloud 'link' at this address."

    asyncio.run(ask())


def test_a_cloud_that_was_removed_is_closed(tmp_path):
    create(tmp_path, "ann")

    async def play() -> None:
        async with Server(tmp_path, idle_time=0.05) as server:
            await count_servers(server, "ann")
            (tmp_path / "ann.json").unlink()
            await close_idle(server)
            assert (await server.request("GET", f"/ann/{SERVERS}")).code == 404

    asyncio.run(play())

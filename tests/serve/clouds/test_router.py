"""Many clouds at one address: paths, links, tokens, and what a cloud does not do to another."""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.control.worlds import create_default_world
from novasim.serve.app import App
from novasim.store import open_store
from novasim.store.cloud_names import RESERVED
from novasim.store.clouds import open_clouds
from tests.serve.clouds.client import URL, Client, Server

NEWEST = {"openstack-api-version": "compute 2.96, volume 3.60, placement 1.39"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the clouds ann and bob. Bob's cloud is a copy of Ann's: it has the same key."""
    path = tmp_path / "clouds"
    path.mkdir()
    create_default_world(open_store(path / "ann.json"), seed=1)
    shutil.copy(path / "ann.json", path / "bob.json")
    return path


async def create_things(client: Client, prefix: str) -> list[str]:
    """Create servers, an image and a volume; return the Location headers."""
    images = (await client.request("GET", f"{prefix}/image/v2/images?name=cirros", who="demo")).body["images"]
    server = {"name": "web", "flavorRef": "1", "imageRef": images[0]["id"], "networks": "none"}
    locations = []
    for _ in range(3):
        made = await client.request("POST", f"{prefix}/compute/v2.1/servers", {"server": server}, NEWEST, "demo")
        assert made.code == 202, made
        locations.append(made.headers["location"])
    image = {"name": "mine", "disk_format": "raw", "container_format": "bare"}
    made = await client.request("POST", f"{prefix}/image/v2/images", image, who="demo")
    locations.append(made.headers["location"])
    data = {"content-type": "application/octet-stream"}
    upload = await client.request("PUT", f"{prefix}/image/v2/images/{made.body['id']}/file", b"12345", data, "demo")
    assert upload.code == 204
    token = await client.request("GET", f"{prefix}/identity/v3/auth/projects", who="demo")
    project = token.body["projects"][0]["id"]
    volume = {"volume": {"size": 1, "name": "disk"}}
    assert (await client.request("POST", f"{prefix}/volume/v3/{project}/volumes", volume, who="demo")).code == 202
    return locations


def list_paths(project: str) -> list[str]:
    """Version documents, and lists with links: of their items, and to their next page."""
    volumes = f"/volume/v3/{project}"
    return [
        *("/", "/openapi.json", "/identity", "/identity/v3", "/compute", "/compute/v2.1/", "/compute/v2", "/image"),
        *("/network", "/network/v2.0", "/volume", "/volume/v3", "/placement", "/compute/v2.1/servers?limit=1"),
        *("/compute/v2.1/servers/detail", "/compute/v2.1/flavors?limit=1"),
        *("/compute/v2.1/os-hypervisors?limit=1", "/network/v2.0/networks?limit=1", "/image/v2/images?limit=1"),
        *(f"{volumes}/volumes?limit=1", f"{volumes}/types", "/identity/v3/projects", "/identity/v3/auth/catalog"),
        *("/identity/v3/endpoints", "/placement/resource_providers", "/compute/v2.1/os-simple-tenant-usage?limit=1"),
    ]


def test_all_links_begin_with_the_prefix_of_the_cloud(folder, monkeypatch):
    """Every response is that of a server with one cloud, but for the prefix in its links."""
    monkeypatch.setenv("NOVASIM_CLOCK", "instant")
    shutil.copy(folder / "ann.json", folder.parent / "one.json")

    async def compare() -> None:
        from novasim.cloud import Cloud

        app = App(Cloud(open_store(folder.parent / "one.json", resident=True)))
        one = Client(app)
        async with Server(folder) as many:
            expected, got = await create_things(one, ""), await create_things(many, "/ann")
            assert [each.replace(URL, f"{URL}/ann") for each in expected] == got
            project = (await one.request("GET", "/identity/v3/auth/projects", who="admin")).body["projects"][0]["id"]
            for path in list_paths(project):
                alone = await one.request("GET", path, headers=NEWEST, who="admin")
                among = await many.request("GET", f"/ann{path}", headers=NEWEST, who="admin")
                assert among.code == alone.code < 400, path
                assert among.content.decode() == alone.content.decode().replace(URL, f"{URL}/ann"), path
            refused = await many.request("GET", "/ann/compute/v2.1/servers")
            assert (refused.code, refused.headers["www-authenticate"]) == (401, f'Keystone uri="{URL}/ann/identity"')
        await app.close()

    asyncio.run(compare())


@pytest.mark.parametrize(
    ("header", "prefix"), [("/sim", "/sim"), ("/a/b/", "/a/b"), ("//evil.example.com", ""), ("x", ""), ("/a b", "")]
)
def test_links_contain_the_prefix_that_a_proxy_has_removed(folder, header, prefix):
    async def ask() -> None:
        async with Server(folder) as server:
            document = await server.request("GET", "/ann/identity/v3", headers={"x-forwarded-prefix": header})
            assert document.body["version"]["links"][0]["href"] == f"{URL}{prefix}/ann/identity/v3/"

    asyncio.run(ask())


def test_a_token_is_valid_in_its_cloud_only(folder):
    """Also in a copy of the cloud, with the same key and users, and in that cloud as the only one of a server."""

    async def try_tokens() -> None:
        async with Server(folder) as server:
            headers = {"x-auth-token": await server.token("/ann", "admin")}
            assert (await server.request("GET", "/ann/compute/v2.1/servers", headers=headers)).code == 200
            for path in ("compute/v2.1/servers", "novasim/clock", "live/events", "image/v2/images"):
                assert (await server.request("GET", f"/bob/{path}", headers=headers)).code == 401, path
            subject = {"x-auth-token": await server.token("/bob", "admin"), "x-subject-token": headers["x-auth-token"]}
            assert (await server.request("GET", "/bob/identity/v3/auth/tokens", headers=subject)).code == 404

    asyncio.run(try_tokens())


@pytest.mark.parametrize("collection", ["clouds", "sqlite:{}/lab.db"])
def test_requests_to_a_cloud_change_no_byte_of_another(folder, collection):
    address = collection.format(folder)
    clouds = open_clouds(address if ":" in address else str(folder), creates=True)
    for name in ("ann", "bob") if ":" in address else ():
        create_default_world(clouds.open(name), seed=1)

    async def play() -> None:
        rng = random.Random(7)
        async with Server(clouds.address) as server:
            await server.request("GET", "/bob/compute/v2.1/servers", who="demo")
            await create_things(server, "/ann")
            servers = (await server.request("GET", "/ann/compute/v2.1/servers", who="demo")).body["servers"]
            for _ in range(60):
                path = f"/ann/compute/v2.1/servers/{rng.choice(servers)['id']}"
                action = rng.choice(["os-stop", "os-start", "pause", "suspend", "lock", "forceDelete", "shelve"])
                await server.request("POST", f"{path}/action", {action: None}, NEWEST, rng.choice(["demo", "admin"]))
            for path, body in (("clock", {"mode": "manual", "advance": "1h"}), ("seed", {"seed": 5})):
                assert (await server.request("POST", f"/ann/novasim/{path}", body, who="admin")).code == 200
            assert clouds.open("ann").dump() != before["ann"]
            await server.request("POST", "/ann/novasim/reset", who="admin")

    before = {name: clouds.open(name).dump() for name in ("ann", "bob")}
    content = (folder / "bob.json").read_bytes()
    asyncio.run(play())
    assert clouds.open("bob").dump() == before["bob"] and (folder / "bob.json").read_bytes() == content


@pytest.mark.parametrize(
    "name", ["Ann", "..", ".", "a.json", "ann.json", "-ann", "a" * 41, "ann\n", "é", "%2e%2e", "a\\b", "a:b", "a%2fb"]
)
def test_a_name_that_no_cloud_can_have_is_not_found(folder, name):
    """With paths as uvicorn passes them, decoded. Nothing outside of the folder is read or written."""
    (folder.parent / "json").write_text("outside")

    async def ask() -> None:
        async with Server(folder, creates_on_use=True) as server:
            response = await server.request("POST", f"/{name}/identity/v3/auth/tokens", {})
            assert (response.code, list(response.body)) == (404, ["error"])
            assert "ann" not in response.body["error"]["message"]

    files = sorted(path.name for path in folder.parent.rglob("*"))
    asyncio.run(ask())
    assert sorted(path.name for path in folder.parent.rglob("*")) == files


@pytest.mark.parametrize("path", ["/identity/v3", "/compute/v2.1/servers", "/live", "/novasim/clock", "/join/ann"])
def test_a_path_without_a_cloud_says_what_is_missing(folder, path):
    async def ask() -> None:
        async with Server(folder) as server:
            response, name = await server.request("GET", path), path.split("/")[1]
            assert (response.code, response.body["error"]["message"]) == (
                404,
                f"This address has several clouds. Put the name of a cloud before the path: /NAME/{name}",
            )

    asyncio.run(ask())


def test_every_first_part_of_a_path_is_reserved():
    from novasim.api.routes import CONTROL_MOUNT, MOUNTS
    from novasim.serve.app import LIVE

    assert {path.split("/")[1] for path in (*MOUNTS.values(), CONTROL_MOUNT, LIVE)} < RESERVED


def test_the_list_of_clouds_is_a_page_for_browsers(folder):
    async def ask() -> None:
        async with Server(folder) as server:
            listed = (await server.request("GET", "/")).body["clouds"]
            assert [each["auth_url"] for each in listed] == [f"{URL}/{name}/identity/v3" for name in ("ann", "bob")]
            page = await server.request("GET", "/", headers={"accept": "text/html,*/*"})
            assert page.headers["content-type"].startswith("text/html")
            assert f'<a href="{URL}/ann/live">ann</a>'.encode() in page.content
            assert (await server.request("POST", "/")).code == 405
            document = await server.request("GET", "/ann")
            assert document.body["choices"][0]["links"][0]["href"] == f"{URL}/ann/identity/"

    asyncio.run(ask())

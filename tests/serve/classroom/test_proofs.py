"""Proofs of students whose clients send requests, and no command lines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from click.testing import CliRunner

from novasim.classroom.room import Room
from novasim.classroom.status import read_own_entries
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cli.main import cli
from novasim.control.worlds import open_cloud
from novasim.records import Image, Keypair, Port, Project, Server, User, Volume
from novasim.teach.lessons.copies import copy_cloud
from novasim.teach.lessons.proofs import Proof, read_commands, replay
from tests.serve.classroom.conftest import Class

IMAGE = {"name": "upload", "disk_format": "raw", "container_format": "bare"}


class Sdk:
    """A client of a student's cloud, without command lines."""

    def __init__(self, served: Class, token: str) -> None:
        self._served, self._headers = served, {"x-auth-token": token}

    async def __call__(
        self, code: int, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        found = await self._served.request(method, f"/ann-lee{path}", body, self._headers | dict(headers or {}))
        assert found.code == code, (method, path, found.content)
        return found.body if found.content else None


async def use_all_services(sdk: Sdk, admin: Sdk, token: str, project: str) -> None:
    compute, newest = "/compute/v2.1", {"openstack-api-version": "compute 2.96"}
    octets = {"content-type": "application/octet-stream"}
    image = await sdk(201, "POST", "/image/v2/images", IMAGE)
    await sdk(204, "PUT", f"/image/v2/images/{image['id']}/file", b"\0\1", octets)  # left out
    cirros = (await sdk(200, "GET", "/image/v2/images?name=cirros"))["images"][0]["id"]
    networks = (await sdk(200, "GET", "/network/v2.0/networks?name=private"))["networks"][0]["id"]
    secrets = {"adminPass": "very secret", "user_data": "c2VjcmV0"}
    named = {"name": "it's $(novasim list) `x` {\"}", "metadata": {"path": "x=/../etc", "letter": "\x7f\n"}}
    body = {**named, **secrets, "flavorRef": "1", "imageRef": cirros, "networks": [{"uuid": networks}]}
    server = (await sdk(202, "POST", f"{compute}/servers", {"server": body}, newest))["server"]["id"]
    await sdk(204, "DELETE", "/identity/v3/auth/tokens", headers={"x-subject-token": token})  # left out
    await sdk(200, "POST", f"{compute}/os-keypairs", {"keypair": {"name": "key1"}})
    data = {"volume": {"name": "data", "size": 1, "metadata": {"a": "b"}}}
    volumes = f"/volume/v3/{project}/volumes"
    volume = (await sdk(202, "POST", volumes, data, {"openstack-api-version": "volume 3.60"}))["volume"]["id"]
    await sdk(409, "POST", f"{compute}/servers/{server}/action", {"pause": None}, newest)  # it is being built
    await admin(201, "POST", "/identity/v3/users", {"user": {"name": "eve", "password": "very secret"}})
    await admin(200, "PUT", f"{compute}/os-quota-sets/{project}", {"quota_set": {"cores": 9}})
    await sdk(202, "DELETE", f"{volumes}/{volume}?cascade=true")
    await sdk(204, "DELETE", f"{compute}/servers/{server}")
    await sdk(202, "POST", volumes, {"volume": {"name": "late", "size": 1}})


def list_records(world: Any) -> list[list[Any]]:
    servers = [(each.id, each.name, each.metadata, each.vm_state) for each in world.tx.query(Server)]
    others = [[each.id for each in world.tx.query(kind)] for kind in (Volume, Port, Keypair, Project, Image)]
    users = [each.name for each in world.tx.query(User) if each.name != "teacher"]
    return [servers, *others, users]


def test_requests_of_any_client_are_repeated(served: Class):
    slow = ["classroom", "speed", "0.001", "--room", str(served.folder)]  # so that the server is being built meanwhile
    assert CliRunner().invoke(cli, slow).exit_code == 0

    async def play() -> None:
        async with served:
            password = (await served.join("ann-lee", served.words["ann-lee"])).body["password"]
            signed_in = [await served.sign_in("ann-lee", user, password) for user in ("demo", "admin", "demo")]
            tokens = [each.headers["x-subject-token"] for each in signed_in]
            project = signed_in[0].body["token"]["project"]["id"]
            await use_all_services(Sdk(served, tokens[0]), Sdk(served, tokens[1]), tokens[2], project)

    asyncio.run(play())
    room, library = Room(str(served.folder)), open_library()
    entries = read_own_entries(room, room.find_student("ann-lee"))
    assert "very secret" not in str(entries) and "c2VjcmV0" not in str(entries)
    commands = read_commands(entries, library.known)
    assert [each.omitted for each in commands if each.omitted] == [1, 1]
    lesson = library.find("power")
    with isolated_process():
        repeated = replay(lesson, Proof("power", "ann-lee", commands), Runner(cli), library.known)
    later = copy_cloud(open_cloud(room.cloud_path("ann-lee")), [], lets_time_pass=True)
    with later.view() as real, repeated.view() as view:
        assert list_records(view.world) == list_records(real.world)

"""Clouds in databases that another novasim has written: later formats are refused, earlier ones are migrated."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")

from novasim.errors import CloudFileError
from novasim.records import Image, Network, Settings, Subnet
from novasim.records.cloud import FORMAT
from novasim.store.addresses import parse_address
from novasim.store.clouds import open_clouds
from novasim.store.sql.opening import open_database
from novasim.store.sql.store import SqlStore
from tests.cli.conftest import User
from tests.serve.clouds.client import Server
from tests.store.base import image
from tests.store.sql.test_commands import create_cloud, export, sqlite, user
from tests.store.worlds import NOW

__all__ = ["sqlite", "user"]

NEWER = f"has format {FORMAT + 1}, and this novasim knows formats up to {FORMAT}."
NETWORK = {"id": "n", "name": "n", "project_id": "p", "created_at": NOW, "updated_at": NOW}
SUBNET = NETWORK | {"network_id": "n", "cidr": "192.0.2.0/24", "ip_version": 4, "gateway_ip": "192.0.2.1"}


def open_store(user: User) -> SqlStore:
    address = parse_address(str(user.path))
    assert address
    return open_database(address)


def rewrite(user: User, format: int, table: str = "", **fields: Any) -> None:
    """Give a cloud, with all its kept states, another format; and further fields to the documents of a table."""
    store = open_store(user)

    def change(connection: Any) -> None:
        name = store._cloud
        statement = "SELECT cloud, table_name, place, body FROM documents WHERE cloud = ? OR cloud LIKE ?"
        rows = connection.select(statement, [name, f"{name}:%"])
        for cloud, found, place, body in rows:
            if found in ("settings", table):
                changed = json.loads(body) | ({"format": format} if found == "settings" else fields)
                connection.execute(
                    "UPDATE documents SET body = ? WHERE cloud = ? AND table_name = ? AND place = ?",
                    [json.dumps(changed), cloud, found, place],
                )
        connection.execute("UPDATE clouds SET format = ? WHERE name = ? OR name LIKE ?", [format, name, f"{name}:%"])

    store.add(change)


def test_a_later_format_is_refused_and_not_touched(user, tmp_path):
    user("cloud save good")
    before = export(user)
    rewrite(user, FORMAT + 1)
    create = "create web2 web3 --flavor m1.tiny --image cirros"
    for line in ("list", "show web1", "delete web1", create, "cloud save x"):
        assert NEWER in " ".join(user(line, code=9).stderr.split()), line
    for line in ("cloud export -", f"cloud copy {user.path} {tmp_path / 'x.json'}", "cloud load good"):
        assert NEWER in " ".join(user(line, code=9).stderr.split()), line
    assert NEWER in user("cloud check", code=9).stdout
    refusal = " ".join(user("cloud load good", code=9).stderr.split())
    assert f"{user.path} (good) {NEWER} This cloud is unchanged." in refusal
    rewrite(user, FORMAT)
    assert export(user) == before


def test_a_later_format_is_refused_with_503(tmp_path, monkeypatch):
    user = create_cloud(f"sqlite:{tmp_path / 'lab.db'}?cloud=ann", monkeypatch)
    clouds = open_clouds(f"sqlite:{tmp_path / 'lab.db'}")
    store = clouds.open("ann")
    with store.read() as tx:
        assert tx.count(Settings) == 1
    rewrite(user, FORMAT + 1)
    for use in (store.read, store.write, store.batch):
        with pytest.raises(CloudFileError, match="has format"), use():
            pass

    async def play() -> None:
        async with Server(f"sqlite:{tmp_path / 'lab.db'}") as server:
            rewrite(user, FORMAT)
            headers = {"x-auth-token": await server.token("/ann", "demo")}
            rewrite(user, FORMAT + 1)
            refused = await server.request("GET", "/ann/compute/v2.1/servers", headers=headers)
            assert (refused.code, NEWER in refused.body["serviceUnavailable"]["message"]) == (503, True)
            rewrite(user, FORMAT)
            assert (await server.request("GET", "/ann/compute/v2.1/servers", headers=headers)).code == 200

    asyncio.run(play())


def test_an_earlier_format_is_migrated_with_the_next_write_and_kept_as_a_backup(user):
    store = open_store(user)
    with store.write() as tx:
        tx.put(Network(**NETWORK))
        tx.put(Subnet.from_document(SUBNET))
    user("cloud save old")
    rewrite(user, 1, "subnets", asked_for=["192.0.2.9"], requested_addresses=[])
    stored = store._engine.query("SELECT format FROM clouds WHERE name = ?", [store._cloud])
    for kept in (store, open_store(user)):
        with kept.read() as tx:
            assert tx.get(Subnet, "n").requested_addresses == ["192.0.2.9"]
    assert stored == store._engine.query("SELECT format FROM clouds WHERE name = ?", [store._cloud])
    assert user("list -f value -c Name").stdout == "web1\n"
    assert user("stop nobody", code=3)
    assert json.loads(user("cloud saves -f json -c name").stdout) == [{"name": "old"}]
    with store.write() as tx:
        tx.put(image("a"))
    for kept in (store, open_store(user)):
        with kept.read() as tx:
            assert tx.get(Subnet, "n").requested_addresses == ["192.0.2.9"]
            assert tx.get(Settings, "cloud").format == FORMAT
            assert tx.get(Image, "a")
    assert [each["name"] for each in json.loads(user("cloud saves -f json").stdout)] == ["bak.1", "old"]
    user("cloud load old")
    with store.read() as tx:
        assert tx.get(Subnet, "n").requested_addresses == ["192.0.2.9"]
        assert tx.get(Image, "a") is None
    assert user("cloud check").exit_code == 0

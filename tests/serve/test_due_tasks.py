"""Tasks in a database are saved when they are due, though no request arrives, by one of several servers."""

from __future__ import annotations

import time

import pytest

from novasim.records import InstanceAction, Server, Task
from novasim.store import open_store
from tests import extent
from tests.serve.server_process import ForkedServer, becomes_true

pytest.importorskip("uvicorn", reason="the extra novasim[serve] is not installed")


def start_build(server, prefix):
    token = server.request(
        "POST",
        f"{prefix}/identity/v3/auth/tokens",
        {"auth": {"identity": {"methods": ["password"], "password": {"user": {
            "name": "demo", "password": "secret", "domain": {"id": "default"}}}}}},
        who=None,
    ).headers["X-Subject-Token"]  # fmt: skip
    headers = {"X-Auth-Token": token}
    images = server.request("GET", f"{prefix}/image/v2/images", headers=headers, who=None).body["images"]
    image = next(each["id"] for each in images if each["name"] == "cirros")
    body = {"server": {"name": "s", "flavorRef": "1", "imageRef": image}}
    assert server.request("POST", f"{prefix}/compute/v2.1/servers", body, headers, who=None).code == 202


def has_ended(store):
    """Whether the build has ended in the database, which reading does not change."""
    with store.read() as tx:
        return [server.vm_state for server in tx.query(Server)] == ["active"]


@pytest.mark.parametrize("prefix", extent(["/ann"], ["/ann", ""]))
def test_build_ends_without_a_request_and_once(prefix, postgresql, postgresql_database, postgresql_url):
    url = postgresql.url(postgresql_database, cloud="ann") if prefix else postgresql_url
    options = ["--clouds", postgresql.url(postgresql_database), "--create", "ann"] if prefix else []
    servers = [ForkedServer(postgresql_url, *options, NOVASIM_CLOCK="real") for _ in range(2)]
    try:
        start_build(servers[0], prefix)
        store = open_store(url)
        assert becomes_true(lambda: has_ended(store))
        revision = store.revision()
        time.sleep(1.2)  # the other server has looked, too
        assert store.revision() is revision
        with store.read() as tx:
            assert [len(action.events) for action in tx.query(InstanceAction)] == [1]
            assert tx.query(Task) == []
        query = f"SELECT next_due FROM novasim.clouds WHERE revision = {revision.number}"
        assert becomes_true(lambda: postgresql.execute(query, postgresql_database)[0][0] > time.time() + 1000)
    finally:
        assert [server.stop()[0] for server in servers] == [0, 0]

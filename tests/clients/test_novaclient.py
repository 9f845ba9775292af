"""novaclient at old and new microversions: each returns the attributes of its version."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clients.conftest import NO_CLIENTS

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients

SINCE = {"description": 19, "tags": 26, "trusted_image_certificates": 63, "locked_reason": 73, "scheduler_hints": 100}


@pytest.fixture(scope="module")
def nova(connect):
    client = pytest.importorskip("novaclient.client", reason=NO_CLIENTS)

    def create_client(minor, who="demo"):
        return client.Client(f"2.{minor}", session=connect(who).session, region_name="RegionOne")

    return create_client


@pytest.mark.parametrize("minor", [1, 8, 26, 37, 47, 53, 67, 79, 87, 96])
def test_server_lifecycle_at_microversion(nova, connect, minor):
    client, cloud = nova(minor), connect("demo")
    image, network = cloud.get_image("cirros"), cloud.get_network("private")
    flavor = client.flavors.find(name="m1.tiny")
    server = client.servers.create(f"at-{minor}", image, flavor, nics=[{"net-id": network.id}])
    server = client.servers.get(server.id)
    assert server.status == "ACTIVE"
    assert {name for name in SINCE if hasattr(server, name)} == {n for n, since in SINCE.items() if minor >= since}
    assert ("original_name" in server.flavor) == (minor >= 47)
    server.stop()
    assert client.servers.get(server.id).status == "SHUTOFF"
    server.start()
    server.resize(client.flavors.find(name="m1.small"))
    server.confirm_resize()
    snapshot = server.create_image("kept")
    assert cloud.image.get_image(snapshot).status == "active"
    assert [event.action for event in client.instance_action.list(server.id)][-1] == "create"
    server.delete()
    assert [each.name for each in client.servers.list()] == []


def test_concurrent_projects_see_only_their_servers(nova, connect):
    """Each project creates and deletes servers at the same time, and sees only its own."""
    cloud = connect("demo")
    image, network = cloud.get_image("cirros"), cloud.get_network("private")

    def live(who):
        client = nova(79, who)
        flavor = client.flavors.find(name="m1.tiny")
        for number in range(5):
            server = client.servers.create(f"{who}-{number}", image, flavor, nics=[{"net-id": network.id}])
            names = {each.name for each in client.servers.list()}
            assert names == {f"{who}-{number}"}
            client.servers.delete(server.id)
        return who

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(live, ["demo", "admin"])) == ["demo", "admin"]

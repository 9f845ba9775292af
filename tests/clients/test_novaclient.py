"""novaclient at microversions of many years: each gets the attributes of its own time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.clients.conftest import NO_CLIENTS

pytestmark = pytest.mark.filterwarnings("ignore")  # what the clients deprecate among themselves

SINCE = {"description": 19, "tags": 26, "trusted_image_certificates": 63, "locked_reason": 73, "scheduler_hints": 100}


@pytest.fixture(scope="module")
def nova(connect):
    client = pytest.importorskip("novaclient.client", reason=NO_CLIENTS)

    def made(minor, who="demo"):
        return client.Client(f"2.{minor}", session=connect(who).session, region_name="RegionOne")

    return made


@pytest.mark.parametrize("minor", [1, 8, 26, 37, 47, 53, 67, 79, 87, 96])
def test_a_life_at_a_microversion(nova, connect, minor):
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


def test_two_projects_at_once(nova, connect):
    """Each makes and removes servers of its own while the other does, and sees only those."""
    cloud = connect("demo")
    image, network = cloud.get_image("cirros"), cloud.get_network("private")

    def live(who):
        client = nova(79, who)
        flavor = client.flavors.find(name="m1.tiny")
        for number in range(5):
            made = client.servers.create(f"{who}-{number}", image, flavor, nics=[{"net-id": network.id}])
            seen = {server.name for server in client.servers.list()}
            assert seen == {f"{who}-{number}"}
            client.servers.delete(made.id)
        return who

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(live, ["demo", "admin"])) == ["demo", "admin"]

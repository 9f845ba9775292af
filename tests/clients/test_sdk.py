"""The cloud layer of openstacksdk."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients


@pytest.fixture
def cloud(connect):
    return connect("demo")


def test_servers(cloud):
    made = cloud.create_server("web1", image="cirros", flavor="m1.tiny", network="private", wait=True, auto_ip=True)
    assert made.status == "ACTIVE"
    server = cloud.get_server("web1")
    assert server.public_v4.startswith("198.51.100.") and server.private_v4.startswith("10.0.0.")
    assert [each.id for each in cloud.list_servers(filters={"status": "ACTIVE", "name": "web1"})] == [made.id]
    assert cloud.list_servers(filters={"status": "ERROR"}) == []
    assert cloud.rebuild_server(made.id, image_id=cloud.get_image("cirros").id, wait=True).status == "ACTIVE"
    assert cloud.create_image_snapshot("kept", made.id, wait=True).status == "active"
    assert cloud.get_server_console(made) is not None
    assert cloud.add_server_security_groups(server, ["default"])
    assert cloud.delete_server("web1", wait=True, delete_ips=True) is True
    assert cloud.delete_server("web1", wait=True) is False
    assert list(cloud.network.ips()) == []


def test_volumes(cloud):
    server = cloud.create_server("db1", image="cirros", flavor="m1.tiny", network="private", wait=True, auto_ip=False)
    volume = cloud.create_volume(1, name="data", wait=True)
    cloud.attach_volume(server, volume, wait=True)
    (attachment,) = cloud.get_volume(volume.id).attachments
    assert (attachment["server_id"], attachment["device"]) == (server.id, "/dev/vdb")
    cloud.detach_volume(server, volume, wait=True)
    assert (cloud.get_volume(volume.id).status, cloud.get_volume(volume.id).attachments) == ("available", [])
    snapshot = cloud.create_volume_snapshot(volume.id, name="before", wait=True)
    assert snapshot.status == "available"
    assert cloud.delete_volume_snapshot(snapshot.id, wait=True)
    assert cloud.delete_volume(volume.id, wait=True)
    assert cloud.delete_server(server.id, wait=True)


def test_keypairs_and_floating_ips(cloud):
    assert cloud.create_keypair("mine").private_key
    assert [key.name for key in cloud.list_keypairs()] == ["mine"]
    server = cloud.create_server(
        "app1", image="cirros", flavor="m1.tiny", network="private", key_name="mine", wait=True, auto_ip=False
    )
    address = cloud.create_floating_ip(network="public", server=server, wait=True)
    assert cloud.get_server("app1").public_v4 == address.floating_ip_address
    assert cloud.detach_ip_from_server(server.id, address.id)
    assert cloud.delete_floating_ip(address.id)
    assert cloud.delete_server("app1", wait=True)
    assert cloud.delete_keypair("mine")


def test_paging_and_waiting(cloud):
    names = ["one", "two", "three"]
    for name in names:
        cloud.create_server(name, image="cirros", flavor="m1.tiny", network="private", wait=True, auto_ip=False)
    assert {server.name for server in cloud.compute.servers(limit=1)} == set(names)
    server = cloud.compute.find_server("two")
    cloud.compute.stop_server(server)
    assert cloud.compute.wait_for_server(cloud.compute.get_server(server), status="SHUTOFF").status == "SHUTOFF"
    for name in names:
        assert cloud.delete_server(name, wait=True)


def test_quotas_hosts_groups_and_aggregates(connect):
    cloud = connect("admin")
    assert cloud.get_compute_quotas("demo").instances == 10
    assert cloud.set_compute_quotas("demo", instances=20) is None
    assert cloud.get_compute_quotas("demo").instances == 20
    assert cloud.get_compute_limits("demo").total_instances_used == 0
    assert len(cloud.list_hypervisors()) == 3
    assert len(list(cloud.compute.services(binary="nova-compute"))) == 3
    group = cloud.create_server_group("apart", policy="anti-affinity")
    assert [each.name for each in cloud.list_server_groups()] == ["apart"]
    assert cloud.delete_server_group(group.id)
    zone = cloud.create_aggregate("ssd", availability_zone="fast")
    host = cloud.list_hypervisors()[0].name
    cloud.add_host_to_aggregate(zone.id, host)
    assert "fast" in cloud.list_availability_zone_names()
    cloud.remove_host_from_aggregate(zone.id, host)
    assert cloud.delete_aggregate(zone.id)

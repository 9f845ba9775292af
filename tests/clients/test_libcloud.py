"""Apache Libcloud: its OpenStack driver, through one server's life."""

from __future__ import annotations

import pytest

from tests.clients.conftest import NO_CLIENTS, environment

pytestmark = pytest.mark.filterwarnings("ignore")  # deprecations between the clients


@pytest.fixture
def driver(served):
    types = pytest.importorskip("libcloud.compute.types", reason=NO_CLIENTS)
    from libcloud.compute.providers import get_driver

    settings = environment(served)
    return get_driver(types.Provider.OPENSTACK)(
        settings["OS_USERNAME"],
        settings["OS_PASSWORD"],
        ex_force_auth_url=settings["OS_AUTH_URL"].removesuffix("/v3"),
        ex_force_auth_version="3.x_password",
        ex_tenant_name=settings["OS_PROJECT_NAME"],
        ex_domain_name="Default",
        ex_force_service_region=settings["OS_REGION_NAME"],
        api_version="2.2",
    )


def find(things, name):
    return next(each for each in things if each.name == name)


def test_the_life_of_a_node(driver):
    size, image = find(driver.list_sizes(), "m1.tiny"), find(driver.list_images(), "cirros")
    key = driver.create_key_pair("libcloud")
    assert key.private_key
    network = find(driver.ex_list_networks(), "private")
    made = driver.create_node(name="node", size=size, image=image, networks=[network], ex_keyname=key.name)
    node = driver.ex_get_node_details(made.id)
    assert (node.state, len(node.private_ips)) == ("running", 2)
    assert driver.ex_stop_node(node) and driver.ex_start_node(node) and driver.reboot_node(node)
    assert driver.create_image(node, "kept").name == "kept"
    assert driver.ex_resize(node, find(driver.list_sizes(), "m1.small")) and driver.ex_confirm_resize(node)
    assert driver.ex_set_metadata(node, {"role": "web"}) == {"role": "web"}
    assert driver.destroy_node(node) and driver.delete_key_pair(key)
    assert driver.list_nodes() == []


def test_volumes_and_addresses(driver):
    size, image = find(driver.list_sizes(), "m1.tiny"), find(driver.list_images(), "cirros")
    network = find(driver.ex_list_networks(), "private")
    node = driver.create_node(name="disk", size=size, image=image, networks=[network])
    volume = driver.create_volume(1, "data")
    assert driver.attach_volume(node, volume, "auto")
    attached = driver.ex_get_volume(volume.id)
    assert attached.state == "inuse" and driver.detach_volume(attached)
    snapshot = driver.create_volume_snapshot(volume, "before")
    assert [each.id for each in driver.list_volume_snapshots(volume)] == [snapshot.id]
    assert driver.destroy_volume_snapshot(snapshot) and driver.destroy_volume(volume)
    address = driver.ex_create_floating_ip("public")
    driver.ex_attach_floating_ip_to_node(driver.ex_get_node_details(node.id), address)
    assert address.ip_address in driver.ex_get_node_details(node.id).public_ips
    assert driver.ex_delete_floating_ip(driver.ex_get_floating_ip(address.ip_address))
    assert driver.destroy_node(node)


def test_security_groups(driver):
    group = driver.ex_create_security_group("web", "web servers")
    rule = driver.ex_create_security_group_rule(group, "tcp", 80, 80, "0.0.0.0/0")
    shown = find(driver.ex_list_security_groups(), "web")
    assert (rule.from_port, 80 in [each.from_port for each in shown.rules]) == (80, True)
    assert driver.ex_delete_security_group_rule(rule) and driver.ex_delete_security_group(group)

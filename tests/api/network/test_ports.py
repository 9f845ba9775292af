"""Ports: addresses, MAC addresses, security groups, filters."""

from __future__ import annotations

import pytest

from tests.api.network.client import NOWHERE, assert_error


def test_ports_are_filtered(neutron):
    network, subnet = neutron.subnet()
    port = neutron.make(
        "port",
        network_id=network,
        name="p",
        device_id="d",
        fixed_ips=[{"subnet_id": subnet["id"], "ip_address": "10.9.0.77"}],
    )
    for query in (
        {"network_id": network},
        {"device_id": "d"},
        {"name": "p"},
        {"status": "DOWN"},
        {"fixed_ips": "ip_address=10.9.0.77"},
        {"fixed_ips": f"subnet_id={subnet['id']}"},
        {"fixed_ips": "ip_address_substr=0.77"},
        {"mac_address": port["mac_address"]},
        {"admin_state_up": "True"},
        {"security_groups": port["security_groups"][0]},
    ):
        assert [p["id"] for p in neutron.ask("GET", "/ports", **query).body["ports"]] == [port["id"]], query
    assert neutron.ask("GET", "/ports", fixed_ips="ip_address=10.9.0.78").body["ports"] == []


def test_addresses_and_security_groups_change(neutron):
    network, subnet = neutron.subnet()
    port = neutron.make("port", network_id=network)["id"]
    group = neutron.make("security_group", name="web")["id"]
    body = {"fixed_ips": [{"ip_address": "10.9.0.50"}, {"subnet_id": subnet["id"]}], "security_groups": [group]}
    view = neutron.ask("PUT", f"/ports/{port}", {"port": body}).body["port"]
    assert sorted(ip["ip_address"] for ip in view["fixed_ips"]) == ["10.9.0.2", "10.9.0.50"]
    assert view["security_groups"] == [group]
    nobody = {"security_groups": ["00000000-0000-4000-8000-000000000000"]}
    assert_error(neutron.ask("PUT", f"/ports/{port}", {"port": nobody}), 404, "SecurityGroupNotFound")
    open_port = neutron.make("port", network_id=network, port_security_enabled=False)
    assert (open_port["security_groups"], open_port["port_security_enabled"]) == ([], False)


def test_a_taken_address_is_refused(neutron):
    network, _ = neutron.subnet()
    neutron.make("port", network_id=network, fixed_ips=[{"ip_address": "10.9.0.7"}])
    body = {"port": {"network_id": network, "fixed_ips": [{"ip_address": "10.9.0.7"}]}}
    assert_error(neutron.ask("POST", "/ports", body), 409, "IpAddressAlreadyAllocated")
    body["port"]["fixed_ips"] = [{"ip_address": "10.9.0.8"}, {"ip_address": "10.9.0.8"}]
    assert_error(neutron.ask("POST", "/ports", body), 400, "HTTPBadRequest")
    body = {"floatingip": {"floating_network_id": neutron.public, "floating_ip_address": "198.51.100.9"}}
    assert neutron.ask("POST", "/floatingips", body).code == 201
    assert_error(neutron.ask("POST", "/floatingips", body), 409, "IpAddressAlreadyAllocated")


MAC = "fa:16:3e:00:00:01"


def test_a_port_can_have_no_addresses(neutron):
    network, _ = neutron.subnet()
    assert neutron.make("port", network_id=network, fixed_ips=[])["fixed_ips"] == []


def test_a_mac_address_is_unique_in_a_network(neutron):
    network, _ = neutron.subnet()
    first = neutron.make("port", network_id=network, mac_address=MAC.upper())
    assert first["mac_address"] == MAC
    again = {"port": {"network_id": network, "mac_address": MAC}}
    assert_error(neutron.ask("POST", "/ports", again), 409, "MacAddressInUse")
    second = neutron.make("port", network_id=network)["id"]
    assert_error(neutron.ask("PUT", f"/ports/{second}", {"port": {"mac_address": MAC}}), 409, "MacAddressInUse")
    assert neutron.ask("PUT", f"/ports/{first['id']}", {"port": {"mac_address": MAC}}).code == 200
    assert neutron.make("port", network_id=neutron.subnet("10.8.0.0/24")[0], mac_address=MAC)["mac_address"] == MAC


def test_ports_on_foreign_shared_networks_cannot_choose_addresses(neutron):
    shared = neutron.play.network
    assert neutron.make("port", network_id=shared)["status"] == "DOWN"
    for wish in ({"mac_address": MAC}, {"allowed_address_pairs": []}):
        assert_error(
            neutron.ask("POST", "/ports", {"port": {"network_id": shared, **wish}}), 403, "PolicyNotAuthorized"
        )
    assert_error(neutron.ask("POST", "/ports", {"port": {"network_id": neutron.public}}), 403, "PolicyNotAuthorized")
    assert_error(neutron.ask("PUT", f"/networks/{shared}", {"network": {"name": "mine"}}), 403, "PolicyNotAuthorized")


def test_security_groups_need_port_security(neutron):
    network, _ = neutron.subnet()
    group = neutron.make("security_group", name="web")["id"]
    body = {"port": {"network_id": network, "port_security_enabled": False, "security_groups": [group]}}
    assert_error(neutron.ask("POST", "/ports", body), 409, "PortSecurityAndIPRequiredForSecurityGroups")
    unknown = {"port": {"network_id": network, "security_groups": [NOWHERE]}}
    assert_error(neutron.ask("POST", "/ports", unknown), 404, "SecurityGroupNotFound")
    assert neutron.ask("GET", "/ports", network_id=network).body["ports"] == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"ip_address": "nonsense"}, 400),
        ({"ip_address": "192.0.2.1"}, 400),
        ({"subnet_id": NOWHERE}, 404),
        ({"ip_address": "10.9.0.1"}, 201),
    ],
)
def test_an_address_outside_of_the_subnets_is_refused(neutron, wish, code):
    network, _ = neutron.subnet()
    assert neutron.ask("POST", "/ports", {"port": {"network_id": network, "fixed_ips": [wish]}}).code == code


def test_addresses_of_any_subnet_can_be_requested(neutron):
    network, _ = neutron.subnet()
    second = neutron.make("subnet", network_id=network, cidr="10.10.0.0/24", ip_version=4)["id"]
    by_subnet = neutron.make("port", network_id=network, fixed_ips=[{"subnet_id": second}])["fixed_ips"]
    by_address = neutron.make("port", network_id=network, fixed_ips=[{"ip_address": "10.10.0.9"}])["fixed_ips"]
    assert by_subnet == [{"subnet_id": second, "ip_address": "10.10.0.2"}]
    assert by_address == [{"subnet_id": second, "ip_address": "10.10.0.9"}]


def test_a_requested_address_is_not_allocated_again(neutron):
    network, _ = neutron.subnet()
    neutron.make("port", network_id=network, fixed_ips=[{"ip_address": "10.9.0.2"}])
    assert neutron.make("port", network_id=network)["fixed_ips"][0]["ip_address"] == "10.9.0.3"

"""Floating IPs: allocation and association."""

from __future__ import annotations

from tests.api.network.client import assert_error, create_routed_port


def test_a_floating_ip_needs_a_router_to_its_network(neutron):
    network, _ = neutron.subnet()
    port = neutron.make("port", network_id=network)["id"]
    body = {"floatingip": {"floating_network_id": neutron.public, "port_id": port}}
    assert_error(neutron.ask("POST", "/floatingips", body), 404, "ExternalGatewayForFloatingIPNotFound")
    assert neutron.ask("GET", "/floatingips").body["floatingips"] == []


def test_a_floating_ip_is_associated_with_the_requested_address(neutron):
    _, network, _, port = create_routed_port(neutron)
    two = {"port": {"fixed_ips": [{"ip_address": "10.9.0.50"}, {"ip_address": "10.9.0.51"}]}}
    neutron.ask("PUT", f"/ports/{port}", two)
    chosen = neutron.make("floatingip", floating_network_id=neutron.public, port_id=port, fixed_ip_address="10.9.0.51")
    assert chosen["fixed_ip_address"] == "10.9.0.51"
    wrong = {"floating_network_id": neutron.public, "port_id": port, "fixed_ip_address": "10.9.0.99"}
    assert neutron.ask("POST", "/floatingips", {"floatingip": wrong}).code == 400
    bare = neutron.make("port", network_id=network, fixed_ips=[])["id"]
    refusal = neutron.ask(
        "POST", "/floatingips", {"floatingip": {"floating_network_id": neutron.public, "port_id": bare}}
    )
    assert refusal.code == 400


def test_a_floating_ip_moves_to_another_port(neutron):
    _, network, _, port = create_routed_port(neutron)
    other = neutron.make("port", network_id=network)
    path = f"/floatingips/{neutron.make('floatingip', floating_network_id=neutron.public, port_id=port)['id']}"
    assert neutron.ask("PUT", path, {"floatingip": {"port_id": port}}).body["floatingip"]["port_id"] == port
    moved = neutron.ask("PUT", path, {"floatingip": {"port_id": other["id"]}}).body["floatingip"]
    assert (moved["port_id"], moved["fixed_ip_address"]) == (other["id"], other["fixed_ips"][0]["ip_address"])
    assert neutron.ask("PUT", path, {"floatingip": {"fixed_ip_address": "10.9.0.9"}}).code == 400


def test_a_network_without_ipv4_has_no_floating_ips(neutron):
    six = neutron.make("network", "admin", name="six", **{"router:external": True})["id"]
    neutron.make("subnet", "admin", network_id=six, cidr="2001:db8:6::/64", ip_version=6)
    assert neutron.ask("POST", "/floatingips", {"floatingip": {"floating_network_id": six}}).code == 400

"""Subnets: ranges, pools, gateways, visibility."""

from __future__ import annotations

import pytest

from tests.api.network.client import assert_error


def test_addresses_come_from_the_allocation_pools(neutron):
    network, subnet = neutron.subnet(allocation_pools=[{"start": "10.9.0.100", "end": "10.9.0.110"}])
    assert subnet["gateway_ip"] == "10.9.0.1"
    port = neutron.make("port", network_id=network)
    assert port["fixed_ips"] == [{"subnet_id": subnet["id"], "ip_address": "10.9.0.100"}]
    beyond = [{"start": "10.9.0.250", "end": "10.9.1.4"}]
    body = {"subnet": {"allocation_pools": beyond}}
    assert_error(neutron.ask("PUT", f"/subnets/{subnet['id']}", body), 400, "OutOfBoundsAllocationPool")
    assert_error(neutron.ask("DELETE", f"/subnets/{subnet['id']}"), 409, "SubnetInUse")
    six = {"subnet": {"network_id": network, "cidr": "2001:db8:1::/64", "ip_version": 4}}
    assert_error(neutron.ask("POST", "/subnets", six), 400, "InvalidInput")
    assert neutron.ask("POST", "/subnets", {"subnet": {"network_id": network, "subnetpool_id": "p"}}).code in (400, 501)


@pytest.mark.parametrize("cidr", ["10.9.0.0/30", "10.9.0.0/31", "10.9.0.0/32", "2001:db8::/127", "0.0.0.0/0"])
def test_the_smallest_ranges_have_a_pool(neutron, cidr):
    _, subnet = neutron.subnet(cidr, enable_dhcp=False)
    assert subnet["allocation_pools"]


def test_foreign_subnets_are_visible_only_on_shared_networks(neutron):
    _, own = neutron.subnet()
    seen = {
        who: {s["name"] or "own" for s in neutron.ask("GET", "/subnets", who=who).body["subnets"]}
        for who in ("demo", "other", "admin")
    }
    assert seen == {
        "demo": {"own", "private-v4", "private-v6"},
        "other": {"private-v4", "private-v6"},
        "admin": {"own", "private-v4", "private-v6", "public-v4"},
    }
    assert_error(neutron.ask("GET", f"/subnets/{own['id']}", who="other"), 404, "SubnetNotFound")


def test_all_pools_of_a_subnet_are_used(neutron):
    pools = [{"start": "10.9.0.10", "end": "10.9.0.11"}, {"start": "10.9.0.20", "end": "10.9.0.20"}]
    network, _ = neutron.subnet(allocation_pools=pools)
    given = [neutron.make("port", network_id=network)["fixed_ips"][0]["ip_address"] for _ in range(3)]
    assert given == ["10.9.0.10", "10.9.0.11", "10.9.0.20"]
    assert_error(neutron.ask("POST", "/ports", {"port": {"network_id": network}}), 409, "IpAddressGenerationFailure")


@pytest.mark.parametrize(
    ("attributes", "code", "kind"),
    [
        ({"gateway_ip": "2001:db8::1"}, 400, "InvalidInput"),
        ({"allocation_pools": [{"start": "10.9.0.20", "end": "10.9.0.10"}]}, 400, "InvalidAllocationPool"),
        ({"allocation_pools": [{"start": "10.9.0.20", "end": "2001:db8::1"}]}, 400, "InvalidAllocationPool"),
        ({"allocation_pools": [{"start": "10.9.0.1", "end": "10.9.0.10"}]}, 409, "GatewayConflictWithAllocationPools"),
    ],
)
def test_invalid_subnets_are_refused(neutron, attributes, code, kind):
    network = neutron.make("network", name="n")["id"]
    body = {"subnet": {"network_id": network, "cidr": "10.9.0.0/24", "ip_version": 4, **attributes}}
    assert_error(neutron.ask("POST", "/subnets", body), code, kind)
    assert neutron.ask("GET", "/subnets", network_id=network).body["subnets"] == []


def test_a_gateway_must_fit_the_family_and_the_pools(neutron):
    _, subnet = neutron.subnet(allocation_pools=[{"start": "10.9.0.10", "end": "10.9.0.20"}])
    path = f"/subnets/{subnet['id']}"
    changed = neutron.ask("PUT", path, {"subnet": {"gateway_ip": "10.9.0.254"}}).body["subnet"]
    assert changed["gateway_ip"] == "10.9.0.254"
    assert_error(neutron.ask("PUT", path, {"subnet": {"gateway_ip": "2001:db8::1"}}), 400, "InvalidInput")
    inside = {"subnet": {"gateway_ip": "10.9.0.15"}}
    assert_error(neutron.ask("PUT", path, inside), 409, "GatewayConflictWithAllocationPools")
    assert neutron.ask("PUT", path, {"subnet": {"gateway_ip": None}}).body["subnet"]["gateway_ip"] is None
    assert neutron.ask("DELETE", path).code == 204
    assert_error(neutron.ask("GET", path), 404, "SubnetNotFound")


def test_a_full_subnet_reuses_freed_addresses(play):
    network = play.ask("POST", "/v2.0/networks", {"network": {"name": "n"}}, service="network").body["network"]["id"]
    play.ask(
        "POST",
        "/v2.0/subnets",
        {"subnet": {"network_id": network, "cidr": "10.9.0.0/29", "ip_version": 4}},
        service="network",
    )
    body = {"port": {"network_id": network}}
    ports = [play.ask("POST", "/v2.0/ports", body, service="network").body["port"] for _ in range(5)]
    assert play.ask("POST", "/v2.0/ports", body, service="network").code == 409
    play.ask("DELETE", f"/v2.0/ports/{ports[2]['id']}", service="network")
    again = play.ask("POST", "/v2.0/ports", body, service="network").body["port"]
    assert again["fixed_ips"][0]["ip_address"] == ports[2]["fixed_ips"][0]["ip_address"]


MODES = {"ipv6_ra_mode": "slaac", "ipv6_address_mode": "slaac"}


@pytest.mark.parametrize(
    ("cidr", "more"),
    [
        ("2001:db8::/64", {**MODES, "ipv6_ra_mode": "dhcpv6-stateful"}),
        ("2001:db8::/64", {**MODES, "enable_dhcp": False}),
        ("2001:db8::/80", MODES),
    ],
)
def test_ipv6_modes_that_do_not_fit(neutron, cidr, more):
    network = neutron.make("network", name="n")["id"]
    body = {"subnet": {"network_id": network, "cidr": cidr, "ip_version": 6, **more}}
    assert_error(neutron.ask("POST", "/subnets", body), 400, "InvalidInput")


def test_automatic_addresses_go_with_their_subnet(neutron):
    network, subnet = neutron.subnet("2001:db8:1::/64", **MODES)
    port = neutron.make("port", network_id=network)
    assert len(port["fixed_ips"]) == 1
    assert neutron.ask("DELETE", f"/subnets/{subnet['id']}").code == 204
    assert neutron.ask("GET", f"/ports/{port['id']}").body["port"]["fixed_ips"] == []

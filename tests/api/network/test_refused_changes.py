"""Refusals of subnets, router interfaces and deletes, with Neutron's types and texts."""

from __future__ import annotations

import pytest

from tests.api.network.client import assert_error, create_routed_port

GATEWAY = {"gateway_ip": "10.9.0.1"}


def create_subnet(neutron, **fields):
    network = neutron.make("network", name="n")["id"]
    body = {"network_id": network, "cidr": "10.9.0.0/24", "ip_version": 4} | fields
    return neutron.ask("POST", "/subnets", {"subnet": body})


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"cidr": "10.9.0.0"}, "HTTPBadRequest", "isn't a recognized IP subnet cidr, '10.9.0.0/32' is recommended"),
        ({"cidr": "10.9.0.0/31"}, "InvalidInput", "Subnet has a prefix length that is incompatible with DHCP"),
        ({"cidr": "224.0.0.0/24"}, "InvalidInput", "Multicast IP subnet is not supported if enable_dhcp is True"),
        ({"cidr": "127.0.0.0/24"}, "InvalidInput", "Loopback IP subnet is not supported if enable_dhcp is True"),
        ({"cidr": "0.0.0.0/24"}, "InvalidInput", "First IP '0.0.0.0' of network is not supported"),
        ({"gateway_ip": "10.9.0.0"}, "InvalidInput", "Gateway is not valid on subnet"),
        ({"gateway_ip": "10.9.0.255"}, "InvalidInput", "Gateway is not valid on subnet"),
        ({"dns_nameservers": ["192.0.2.1"] * 6}, "DNSNameServersExhausted", "exceeds the limit 5"),
        ({"dns_nameservers": ["2001:db8::1"]}, "InvalidInput", "does not match the ip_version '4'"),
        ({"ipv6_ra_mode": "slaac"}, "InvalidInput", "ipv6_ra_mode is not valid when ip_version is 4"),
        ({"ipv6_address_mode": "slaac"}, "InvalidInput", "ipv6_address_mode is not valid when ip_version is 4"),
    ],
)
def test_a_subnet(neutron, fields, kind, text):
    answer = create_subnet(neutron, **fields)
    assert_error(answer, 400, kind)
    assert text in answer.body["NeutronError"]["message"]


def test_overlapping_pools(neutron):
    pools = [{"start": "10.9.0.2", "end": "10.9.0.9"}, {"start": "10.9.0.9", "end": "10.9.0.12"}]
    assert_error(create_subnet(neutron, allocation_pools=pools), 409, "OverlappingAllocationPools")


def test_addresses_are_kept_in_their_short_form(neutron):
    pools = [{"start": "2001:DB8:0::10", "end": "2001:DB8:0::20"}]
    answer = create_subnet(
        neutron, cidr="2001:DB8:0::/64", ip_version=6, gateway_ip="2001:DB8:0::1", allocation_pools=pools
    )
    subnet = answer.body["subnet"]
    assert (subnet["cidr"], subnet["gateway_ip"]) == ("2001:db8::/64", "2001:db8::1")
    assert subnet["allocation_pools"] == [{"start": "2001:db8::10", "end": "2001:db8::20"}]


def test_a_gateway_that_a_router_has_cannot_change(neutron):
    _, _, subnet, _ = create_routed_port(neutron)
    for gateway in ("10.9.0.9", None):
        answer = neutron.ask("PUT", f"/subnets/{subnet}", {"subnet": {"gateway_ip": gateway}})
        assert_error(answer, 409, "GatewayIpInUse")
    assert neutron.ask("PUT", f"/subnets/{subnet}", {"subnet": GATEWAY}).code == 200


def test_what_is_in_use_cannot_be_deleted(neutron):
    router, network, subnet, port = create_routed_port(neutron)
    answer = neutron.ask("DELETE", f"/networks/{network}")
    assert_error(answer, 409, "NetworkInUse")
    assert "id for these ports is: " in answer.body["NeutronError"]["message"]
    assert port in answer.body["NeutronError"]["message"]
    assert_error(neutron.ask("DELETE", f"/subnets/{subnet}"), 409, "SubnetInUse")
    assert_error(neutron.ask("DELETE", f"/routers/{router}"), 409, "RouterInUse")


def test_a_router_interface_is_refused(neutron):
    router, _, _, port = create_routed_port(neutron)
    path = f"/routers/{router}/add_router_interface"
    _, overlapping = neutron.subnet("10.9.0.0/25")
    both = neutron.ask("PUT", path, {"subnet_id": overlapping["id"], "port_id": port})
    assert_error(both, 400, "BadRequest")
    answer = neutron.ask("PUT", path, {"subnet_id": overlapping["id"]})
    assert_error(answer, 400, "BadRequest")
    assert "overlaps with cidr 10.9.0.0/24" in answer.body["NeutronError"]["message"]


def test_a_router_interface_that_is_not_there_cannot_be_removed(neutron):
    router, _, subnet, port = create_routed_port(neutron)
    path = f"/routers/{router}/remove_router_interface"
    assert_error(neutron.ask("PUT", path, {"port_id": port}), 404, "RouterInterfaceNotFound")
    interfaces = neutron.ask("GET", "/ports", device_id=router).body["ports"]
    interface = next(one for one in interfaces if one["device_owner"] == "network:router_interface")
    _, other = neutron.subnet("10.8.0.0/24")
    wrong = neutron.ask("PUT", path, {"port_id": interface["id"], "subnet_id": other["id"]})
    assert_error(wrong, 400, "SubnetMismatchForPort")
    assert neutron.ask("PUT", path, {"port_id": interface["id"], "subnet_id": subnet}).code == 200


def test_the_mac_address_of_a_bound_port_cannot_change(neutron):
    server = neutron.play.create()
    (port,) = neutron.ask("GET", "/ports", device_id=server).body["ports"]
    body = {"port": {"mac_address": "fa:16:3e:00:00:99"}}
    assert_error(neutron.ask("PUT", f"/ports/{port['id']}", body, "admin"), 409, "PortBound")

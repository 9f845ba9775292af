"""Total and used addresses of networks, and pools of floating IPs. Source: the network service's API reference."""

from __future__ import annotations

from tests.api.network.client import NOWHERE, assert_error, create_routed_port

PATH = "/network-ip-availabilities"


def test_addresses_are_counted(neutron):
    _, network, subnet, _ = create_routed_port(neutron)
    neutron.make("floatingip", floating_network_id=neutron.public)
    found = neutron.ask("GET", f"{PATH}/{network}", who="admin").body["network_ip_availability"]
    assert (found["network_name"], found["total_ips"], found["used_ips"]) == ("n", 253, 2)
    assert found["subnet_ip_availability"] == [
        {
            "subnet_id": subnet,
            "subnet_name": "",
            "cidr": "10.9.0.0/24",
            "ip_version": 4,
            "total_ips": 253,
            "used_ips": 2,
        }
    ]
    listed = neutron.ask("GET", PATH, who="admin").body["network_ip_availabilities"]
    assert found in listed and len(listed) == 3
    public = next(each for each in listed if each["network_id"] == neutron.public)
    assert public["used_ips"] == 2  # the router's gateway and the floating IP


def test_networks_are_filtered(neutron):
    network, _ = neutron.subnet("2001:db8::/64")

    def ids(**query: str) -> list[str]:
        found = neutron.ask("GET", PATH, who="admin", **query).body["network_ip_availabilities"]
        return [each["network_id"] for each in found]

    assert ids(network_name="n") == ids(network_id=network) == [network]
    assert network in ids(ip_version="6") and network not in ids(ip_version="4")
    assert ids(project_id=NOWHERE) == []
    fields = neutron.ask("GET", PATH, who="admin", fields="used_ips", network_id=network)
    assert fields.body == {"network_ip_availabilities": [{"used_ips": 0}]}
    assert_error(neutron.ask("GET", PATH, who="admin", colour="red"), 400, "HTTPBadRequest")


def test_members_see_none(neutron):
    assert neutron.ask("GET", PATH).body == {"network_ip_availabilities": []}
    assert_error(neutron.ask("GET", f"{PATH}/{neutron.public}"), 404, "NetworkNotFound")
    assert_error(neutron.ask("GET", f"{PATH}/{NOWHERE}", who="admin"), 404, "NetworkNotFound")


def test_pools_of_floating_ips(neutron):
    (pool,) = neutron.ask("GET", "/floatingip_pools").body["floatingip_pools"]
    assert (pool["network_id"], pool["cidr"]) == (neutron.public, "198.51.100.0/24")

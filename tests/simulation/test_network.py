"""Addresses of ports: allocated in order, requested, taken and free again."""

from __future__ import annotations

import pytest

from novasim.errors import BadRequest, Conflict, NotFound, NovaFault
from novasim.records import Network, Port, Subnet
from novasim.simulation.addresses import (
    MAX_NOTED,
    ROUTER_INTERFACE,
    change_addresses,
    has_free_addresses,
    is_on_network,
)
from novasim.simulation.network import create_port, unplug
from tests.play import Play

NETWORK = {"id": "n", "name": "n", "project_id": "p", "created_at": "", "updated_at": ""}
SUBNET = {"name": "s", "network_id": "n", "project_id": "p", "created_at": "", "updated_at": ""}


@pytest.fixture
def world():
    """A world with a network of five usable addresses (two of them in a second pool)."""
    with Play().cloud.writing() as world:
        world.tx.put(Network(**NETWORK))
        pools = [{"start": "192.0.2.1", "end": "192.0.2.4"}, {"start": "192.0.2.10", "end": "192.0.2.11"}]
        fields = {"cidr": "192.0.2.0/24", "ip_version": 4, "gateway_ip": "192.0.2.1", "allocation_pools": pools}
        world.tx.put(Subnet(id="s4", **fields, **SUBNET))
        yield world


def plug(world, *addresses: str):
    requested = [{"ip_address": address} for address in addresses] or None
    return create_port(world, world.tx.get(Network, "n"), "p", fixed_ips=requested, made_by_nova=True)


def allocate(world, count: int) -> list[str]:
    return [plug(world).fixed_ips[0]["ip_address"] for _ in range(count)]


def test_addresses_are_allocated_in_the_order_of_the_pools(world):
    assert allocate(world, 5) == ["192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.10", "192.0.2.11"]


def test_no_address_is_left(world):
    allocate(world, 5)
    with pytest.raises(Conflict, match=r"^No more IP addresses available on network n\.$"):
        allocate(world, 1)


def test_freed_addresses_are_allocated_when_the_pools_are_exhausted(world):
    port = plug(world)
    unplug(world, port)
    assert allocate(world, 5) == ["192.0.2.3", "192.0.2.4", "192.0.2.10", "192.0.2.11", "192.0.2.2"]


def test_requested_addresses_are_skipped(world):
    assert plug(world, "192.0.2.3").fixed_ips == [{"subnet_id": "s4", "ip_address": "192.0.2.3"}]
    assert allocate(world, 4) == ["192.0.2.2", "192.0.2.4", "192.0.2.10", "192.0.2.11"]


def test_the_note_of_requested_addresses_does_not_grow_for_ever(world):
    world.tx.put(Subnet(id="s6", cidr="2001:db8:1::/64", ip_version=6, gateway_ip=None, **SUBNET))
    kept = plug(world, "2001:db8:1::ffff")
    for number in range(16, 16 + 3 * MAX_NOTED):
        unplug(world, plug(world, f"2001:db8:1::{number:x}"))
    for _ in range(3):
        unplug(world, plug(world, "192.0.2.11"))
    assert len(world.tx.get(Subnet, "s6").requested_addresses) <= MAX_NOTED + 1
    assert kept.fixed_ips[0]["ip_address"] in world.tx.get(Subnet, "s6").requested_addresses
    assert world.tx.get(Subnet, "s4").requested_addresses == ["192.0.2.11"]


def test_requested_addresses_that_are_allocated_no_more_are_not_noted(world):
    allocate(world, 2)
    plug(world, "192.0.2.9")  # in no pool
    plug(world, "192.0.2.4")
    assert world.tx.get(Subnet, "s4").requested_addresses == ["192.0.2.4"]
    assert allocate(world, 1) == ["192.0.2.10"]
    assert world.tx.get(Subnet, "s4").requested_addresses == []
    unplug(world, next(port for port in world.tx.query(Port) if port.fixed_ips[0]["ip_address"] == "192.0.2.3"))
    plug(world, "192.0.2.3")
    assert world.tx.get(Subnet, "s4").requested_addresses == []
    assert allocate(world, 1) == ["192.0.2.11"]


def test_addresses_of_ports_are_skipped_after_a_change_of_the_pools():
    play = Play()

    def send(method: str, path: str, kind: str, **fields: object) -> dict:
        done = play.ask(method, f"/v2.0/{path}", {kind: fields}, "admin", service="network")
        assert done.code < 300, done
        return done.body[kind]

    network = send("POST", "networks", "network", name="n")["id"]
    subnet = send("POST", "subnets", "subnet", network_id=network, ip_version=4, cidr="192.0.2.0/24")["id"]
    ports = [send("POST", "ports", "port", network_id=network) for _ in range(3)]
    send("PUT", f"subnets/{subnet}", "subnet", allocation_pools=[{"start": "192.0.2.3", "end": "192.0.2.9"}])
    ports += [send("POST", "ports", "port", network_id=network) for _ in range(5)]
    assert [port["fixed_ips"][0]["ip_address"] for port in ports] == [f"192.0.2.{number}" for number in range(2, 10)]


@pytest.mark.parametrize(
    ("request_", "fault", "text"),
    [
        (
            {"ip_address": "192.0.2"},
            BadRequest,
            "Invalid input for fixed_ips. Reason: '192.0.2' is not a valid IP address.",
        ),
        ({"ip_address": "192.0.2.2"}, Conflict, "IP address 192.0.2.2 already allocated in subnet s4"),
        (
            {"ip_address": "198.51.100.2"},
            BadRequest,
            "IP address 198.51.100.2 is not a valid IP for any of the subnets on the specified network.",
        ),
        (
            {"ip_address": "192.0.2.255", "subnet_id": "s4"},
            BadRequest,
            "IP address 192.0.2.255 is not a valid IP for the specified subnet.",
        ),
        ({"subnet_id": "gone"}, NotFound, "Subnet gone could not be found."),
        (
            {"subnet_id": "other"},
            BadRequest,
            "Invalid input for operation: Failed to create port on network n, because fixed_ips included invalid "
            "subnet other.",
        ),
        ({}, BadRequest, "Invalid input for operation: IP allocation requires subnet_id or ip_address."),
    ],
)
def test_invalid_requests(world, request_, fault, text):
    fields = {"cidr": "10.9.0.0/24", "ip_version": 4, "gateway_ip": None}
    world.tx.put(Subnet(id="other", **fields, **SUBNET | {"network_id": "m"}))
    plug(world)
    with pytest.raises(fault) as refusal:
        create_port(world, world.tx.get(Network, "n"), "p", fixed_ips=[request_])
    assert str(refusal.value) == text


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ({"ip_address": "192.0.2.2"}, "IpAddressAlreadyAllocated"),
        ({"ip_address": "198.51.100.2"}, "InvalidIpForNetwork"),
        ({"ip_address": "192.0.2.255", "subnet_id": "s4"}, "InvalidIpForSubnet"),
        ({"subnet_id": "gone"}, "SubnetNotFound"),
        ({}, "InvalidInput"),
    ],
)
def test_the_type_of_a_refusal_of_the_network_service(world, request_, kind):
    plug(world)
    with pytest.raises(NovaFault) as refusal:
        create_port(world, world.tx.get(Network, "n"), "p", fixed_ips=[request_])
    assert refusal.value.facts["type"] == kind


@pytest.mark.parametrize(
    ("cidr", "usable", "unusable"),
    [
        ("10.1.0.0/24", ["10.1.0.1", "10.1.0.254"], ["10.1.0.0", "10.1.0.255", "10.1.1.1"]),
        ("10.1.0.0/30", ["10.1.0.1", "10.1.0.2"], ["10.1.0.0", "10.1.0.3"]),
        ("10.1.0.0/31", ["10.1.0.0", "10.1.0.1"], ["10.1.0.2"]),
        ("2001:db8:2::/64", ["2001:db8:2::1", "2001:db8:2:0:ffff:ffff:ffff:ffff"], ["2001:db8:2::", "2001:db8:3::1"]),
        ("2001:db8:2::/126", ["2001:db8:2::3"], ["2001:db8:2::"]),
        ("2001:db8:2::/127", ["2001:db8:2::", "2001:db8:2::1"], ["2001:db8:2::2"]),
    ],
)
def test_which_addresses_of_a_subnet_can_be_requested(world, cidr, usable, unusable):
    version = 6 if ":" in cidr else 4
    world.tx.put(Subnet(id="s", cidr=cidr, ip_version=version, gateway_ip=None, **SUBNET))
    assert [is_on_network(world, world.tx.get(Network, "n"), address) for address in usable] == [True] * len(usable)
    for address in usable:
        assert plug(world, address).fixed_ips == [{"subnet_id": "s", "ip_address": address}]
    for address in unusable:
        assert not is_on_network(world, world.tx.get(Network, "n"), address)
        with pytest.raises(BadRequest, match=r"is not a valid IP for any of the subnets"):
            plug(world, address)


def test_the_end_of_the_addresses_is_seen_before_they_are_allocated(world):
    network = world.tx.get(Network, "n")
    found = []
    for _ in range(5):
        found.append(has_free_addresses(world, network))
        plug(world)
    assert [*found, has_free_addresses(world, network)] == [True] * 5 + [False]
    world.tx.put(Network(**NETWORK | {"id": "m"}))
    assert has_free_addresses(world, world.tx.get(Network, "m"))


def test_a_network_without_subnets_has_no_addresses(world):
    world.tx.put(Network(**NETWORK | {"id": "m"}))
    network = world.tx.get(Network, "m")
    assert create_port(world, network, "p").fixed_ips == []
    with pytest.raises(BadRequest, match="IP allocation requires subnets for network"):
        create_port(world, network, "p", fixed_ips=[{"ip_address": "192.0.2.2"}])


def test_a_port_gets_an_address_of_each_ip_version(world):
    second = {"cidr": "198.51.100.0/29", "ip_version": 4, "gateway_ip": "198.51.100.1"}
    world.tx.put(Subnet(id="s5", **second, **SUBNET))
    assert allocate(world, 7)[4:] == ["192.0.2.11", "198.51.100.2", "198.51.100.3"]
    assert plug(world, "198.51.100.5").fixed_ips == [{"subnet_id": "s5", "ip_address": "198.51.100.5"}]


@pytest.mark.parametrize("modes", [{"ipv6_address_mode": "slaac"}, {"ipv6_ra_mode": "dhcpv6-stateless"}])
def test_a_subnet_with_automatic_addresses_adds_one_that_follows_from_the_mac_address(world, modes):
    world.tx.put(Subnet(id="s6", cidr="2001:db8::/64", ip_version=6, gateway_ip="2001:db8::1", more=modes, **SUBNET))
    automatic = {"subnet_id": "s6", "ip_address": "2001:db8::a8bb:ccff:fe00:102"}
    network, mac = world.tx.get(Network, "n"), {"mac_address": "aa:bb:cc:00:01:02"}
    port = create_port(world, network, "p", **mac)
    assert port.fixed_ips == [{"subnet_id": "s4", "ip_address": "192.0.2.2"}, automatic]
    for requested in ([], [{"subnet_id": "s6"}], [{"ip_address": automatic["ip_address"]}]):
        port.fixed_ips = []
        world.tx.put(port)
        assert create_port(world, network, "p", fixed_ips=requested, **mac).fixed_ips == [automatic]
        for other in world.tx.query(Port, {"network_id": "n"}):
            world.tx.delete(other)
    with pytest.raises(BadRequest, match="configured for automatic addresses"):
        create_port(world, network, "p", fixed_ips=[{"ip_address": "2001:db8::5"}])
    router = create_port(world, network, "p", fixed_ips=[{"ip_address": "2001:db8::1"}], device_owner=ROUTER_INTERFACE)
    assert router.fixed_ips == [{"subnet_id": "s6", "ip_address": "2001:db8::1"}]


def test_a_port_gets_an_address_of_the_requested_subnet(world):
    world.tx.put(Subnet(id="s6", cidr="2001:db8:1::/64", ip_version=6, gateway_ip="2001:db8:1::1", **SUBNET))
    assert [ip["ip_address"] for ip in plug(world).fixed_ips] == ["192.0.2.2", "2001:db8:1::2"]
    port = create_port(world, world.tx.get(Network, "n"), "p", fixed_ips=[{"subnet_id": "s6"}])
    assert port.fixed_ips == [{"subnet_id": "s6", "ip_address": "2001:db8:1::3"}]


class TestChange:
    """Neutron keeps the addresses of a port that a change requests, and releases the others."""

    def change(self, world, *requested: dict) -> list[str]:
        port = world.tx.query(Port, {"network_id": "n"})[0]
        change_addresses(world, world.tx.get(Network, "n"), port, list(requested))
        assert world.tx.get(Port, port.id).fixed_ips == port.fixed_ips
        return [ip["ip_address"] for ip in port.fixed_ips]

    def test_requested_addresses_stay(self, world):
        plug(world, "192.0.2.2", "192.0.2.3")
        assert self.change(world, {"ip_address": "192.0.2.3"}) == ["192.0.2.3"]
        assert self.change(world, {"ip_address": "192.0.2.3"}, {"ip_address": "192.0.2.4"}) == [
            "192.0.2.3",
            "192.0.2.4",
        ]
        assert self.change(world) == []

    def test_a_requested_subnet_keeps_the_last_address_in_it(self, world):
        plug(world, "192.0.2.2", "192.0.2.3", "192.0.2.4")
        assert self.change(world, {"subnet_id": "s4"}) == ["192.0.2.4"]
        assert self.change(world, {"subnet_id": "s4"}, {"subnet_id": "s4"}) == ["192.0.2.4", "192.0.2.10"]

    def test_an_address_in_another_form_is_the_same(self, world):
        world.tx.put(Subnet(id="s6", cidr="2001:db8:1::/64", ip_version=6, gateway_ip=None, **SUBNET))
        plug(world, "2001:db8:1::5")
        assert self.change(world, {"ip_address": "2001:DB8:1:0::5"}) == ["2001:db8:1::5"]

    def test_an_address_of_another_port_is_refused(self, world):
        plug(world, "192.0.2.2")
        plug(world, "192.0.2.3")
        with pytest.raises(Conflict, match=r"^IP address 192\.0\.2\.3 already allocated in subnet s4$"):
            self.change(world, {"ip_address": "192.0.2.3"})

"""Addresses of ports: allocated in order, requested, taken and free again."""

from __future__ import annotations

import pytest

from novasim.errors import BadRequest, Conflict
from novasim.records import Network, Subnet
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


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (
            {"ip_address": "192.0.2"},
            "Invalid input for fixed_ips. Reason: '192.0.2' is not a valid IP address.",
        ),
        ({"ip_address": "192.0.2.2"}, "Fixed IP address 192.0.2.2 is already in use on instance."),
        ({"ip_address": "198.51.100.2"}, "Fixed IP address 198.51.100.2 is not a valid address of network n."),
        (
            {"subnet_id": "gone"},
            "Failed to create port on network n, because fixed_ips included invalid subnet gone.",
        ),
    ],
)
def test_invalid_requests(world, request_, text):
    plug(world)
    with pytest.raises(BadRequest) as refusal:
        create_port(world, world.tx.get(Network, "n"), "p", fixed_ips=[request_])
    assert str(refusal.value) == text


def test_a_port_gets_an_address_of_each_subnet_or_of_the_requested_one(world):
    world.tx.put(Subnet(id="s6", cidr="2001:db8:1::/64", ip_version=6, gateway_ip="2001:db8:1::1", **SUBNET))
    assert [ip["ip_address"] for ip in plug(world).fixed_ips] == ["192.0.2.2", "2001:db8:1::2"]
    port = create_port(world, world.tx.get(Network, "n"), "p", fixed_ips=[{"subnet_id": "s6"}])
    assert port.fixed_ips == [{"subnet_id": "s6", "ip_address": "2001:db8:1::3"}]

"""Subnet pools, address scopes, and subnets from pools. Source: neutron/ipam/subnet_alloc.py, address_scope_db.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests import each_case
from tests.api.network.client import NOWHERE, NetworkClient, assert_error

POOL = {"name": "p", "prefixes": ["10.8.0.0/16"]}


def make_pool(neutron: NetworkClient, who: str = "demo", **more: Any) -> Any:
    return neutron.make("subnetpool", who, **POOL | more)


def make_scope(neutron: NetworkClient, who: str = "demo", version: int = 4, **more: Any) -> Any:
    answer = neutron.ask("POST", "/address-scopes", {"address_scope": {"ip_version": version, **more}}, who)
    return answer.body["address_scope"]


def ask_for_subnet(neutron: NetworkClient, network: str = "", who: str = "demo", **more: Any):
    network = network or neutron.make("network", who)["id"]
    return neutron.ask("POST", "/subnets", {"subnet": {"network_id": network, "ip_version": 4, **more}}, who)


@pytest.fixture
def pool(neutron):
    return make_pool(neutron, min_prefixlen=20, default_prefixlen=26, max_prefixlen=28)["id"]


@each_case(
    ("attributes", "expected"),
    [
        ({}, ["8", "32", "8"]),
        ({"min_prefixlen": 20}, ["20", "32", "20"]),
        ({"default_prefixlen": "26", "max_prefixlen": 28}, ["8", "28", "26"]),
        ({"prefixes": ["2001:db8::/48"]}, ["64", "128", "64"]),
        ({"prefixes": []}, "EmptySubnetPoolPrefixList"),
        ({"prefixes": ["10.8.0.0/16", "2001:db8::/48"]}, "PrefixVersionMismatch"),
        ({"prefixes": ["10.8.0.0"]}, "HTTPBadRequest"),
        ({"prefixes": ["nonsense/16"]}, "HTTPBadRequest"),
        ({"min_prefixlen": 25, "max_prefixlen": 24}, "IllegalSubnetPoolPrefixBounds"),
        ({"max_prefixlen": 33}, "IllegalSubnetPoolPrefixBounds"),
        ({"min_prefixlen": 20, "default_prefixlen": 19}, "IllegalSubnetPoolPrefixBounds"),
        ({"max_prefixlen": 20, "default_prefixlen": 21}, "IllegalSubnetPoolPrefixBounds"),
    ],
)
def test_lengths_of_a_pool(neutron, attributes, expected):
    answer = neutron.ask("POST", "/subnetpools", {"subnetpool": POOL | attributes})
    if isinstance(expected, str):
        assert_error(answer, 400, expected)
    else:
        view = answer.body["subnetpool"]
        assert [view[f"{name}_prefixlen"] for name in ("min", "max", "default")] == expected


def test_prefixes_are_joined_and_only_added_to(neutron):
    pool = make_pool(neutron, prefixes=["10.8.1.0/24", "10.8.0.0/24", "10.8.0.128/25"])
    assert (pool["prefixes"], pool["ip_version"]) == (["10.8.0.0/23"], 4)

    def update(*prefixes: str):
        return neutron.ask("PUT", f"/subnetpools/{pool['id']}", {"subnetpool": {"prefixes": list(prefixes)}})

    assert update("10.8.0.0/22", "10.9.0.0/24").body["subnetpool"]["prefixes"] == ["10.8.0.0/22", "10.9.0.0/24"]
    assert_error(update("10.8.0.0/22"), 400, "IllegalSubnetPoolPrefixUpdate")
    assert_error(update("2001:db8::/48"), 400, "IllegalSubnetPoolPrefixUpdate")


def test_pools_of_others_are_visible_if_shared(neutron):
    own, shared = make_pool(neutron, "admin")["id"], make_pool(neutron, "admin", shared=True)["id"]
    assert [pool["id"] for pool in neutron.ask("GET", "/subnetpools").body["subnetpools"]] == [shared]
    assert_error(ask_for_subnet(neutron, subnetpool_id=own), 404, "SubnetPoolNotFound")
    assert ask_for_subnet(neutron, subnetpool_id=shared, prefixlen=24).code == 201
    assert_error(neutron.ask("DELETE", f"/subnetpools/{shared}"), 403, "PolicyNotAuthorized")
    for only_admin in ("shared", "is_default"):
        assert neutron.ask("POST", "/subnetpools", {"subnetpool": POOL | {only_admin: True}}).code == 403


def test_a_subnet_gets_the_first_free_range_of_its_pool(neutron, pool):
    first = ask_for_subnet(neutron, subnetpool_id=pool).body["subnet"]
    assert (first["cidr"], first["gateway_ip"], first["subnetpool_id"]) == ("10.8.0.0/26", "10.8.0.1", pool)
    assert ask_for_subnet(neutron, subnetpool_id=pool, prefixlen=24).body["subnet"]["cidr"] == "10.8.1.0/24"
    assert ask_for_subnet(neutron, subnetpool_id=pool, prefixlen="28").body["subnet"]["cidr"] == "10.8.0.64/28"
    around = ask_for_subnet(neutron, subnetpool_id=pool, gateway_ip="10.8.7.254").body["subnet"]
    assert (around["cidr"], around["gateway_ip"]) == ("10.8.7.192/26", "10.8.7.254")
    assert ask_for_subnet(neutron, subnetpool_id=pool, cidr="10.8.9.0/24").body["subnet"]["cidr"] == "10.8.9.0/24"
    used = neutron.ask("DELETE", f"/subnetpools/{pool}")
    assert_error(used, 400, "SubnetPoolDeleteError")
    for subnet in neutron.ask("GET", "/subnets", subnetpool_id=pool).body["subnets"]:
        assert neutron.ask("DELETE", f"/subnets/{subnet['id']}").code == 204
    assert ask_for_subnet(neutron, subnetpool_id=pool).body["subnet"]["cidr"] == "10.8.0.0/26"


@each_case(
    ("attributes", "code", "kind"),
    [
        ({"prefixlen": 29}, 400, "MaxPrefixSubnetAllocationError"),
        ({"prefixlen": 19}, 400, "MinPrefixSubnetAllocationError"),
        ({"cidr": "10.8.0.0/29"}, 400, "MaxPrefixSubnetAllocationError"),
        ({"cidr": "10.7.0.0/24"}, 409, "SubnetAllocationError"),
        ({"cidr": "10.8.0.0/24", "prefixlen": 24}, 400, "BadRequest"),
        ({"ip_version": 6}, 400, "BadRequest"),
        ({"gateway_ip": "2001:db8::1"}, 400, "MinPrefixSubnetAllocationError"),
        ({"allocation_pools": [{"start": "10.8.0.9", "end": "10.8.0.19"}]}, 400, "BadRequest"),
        ({"use_default_subnetpool": True}, 400, "BadRequest"),
        ({"subnetpool_id": NOWHERE}, 404, "SubnetPoolNotFound"),
    ],
)
def test_ranges_that_a_pool_does_not_have(neutron, pool, attributes, code, kind):
    if "gateway_ip" in attributes:
        neutron.ask("PUT", f"/subnetpools/{pool}", {"subnetpool": {"min_prefixlen": 27, "default_prefixlen": 27}})
        attributes |= {"prefixlen": 26}
    assert_error(ask_for_subnet(neutron, **{"subnetpool_id": pool} | attributes), code, kind)


def test_a_pool_is_used_up(neutron):
    pool = make_pool(neutron, prefixes=["10.8.0.0/25"], default_prefixlen=26)["id"]
    taken = [ask_for_subnet(neutron, subnetpool_id=pool).body["subnet"]["cidr"] for _ in "ab"]
    assert taken == ["10.8.0.0/26", "10.8.0.64/26"]
    assert_error(ask_for_subnet(neutron, subnetpool_id=pool), 409, "SubnetAllocationError")


def test_a_project_has_a_quota_of_the_addresses_of_a_pool(neutron):
    pool = make_pool(neutron, "admin", shared=True, default_quota=96, default_prefixlen=26)["id"]
    assert ask_for_subnet(neutron, subnetpool_id=pool).code == 201
    assert_error(ask_for_subnet(neutron, subnetpool_id=pool), 409, "SubnetPoolQuotaExceeded")
    assert ask_for_subnet(neutron, subnetpool_id=pool, prefixlen=27).code == 201
    assert ask_for_subnet(neutron, who="admin", subnetpool_id=pool).code == 201


def test_each_ip_version_has_one_default_pool(neutron):
    assert_error(ask_for_subnet(neutron, use_default_subnetpool=True), 400, "BadRequest")
    first = make_pool(neutron, "admin", is_default=True, shared=True, default_prefixlen=26)
    second = {"subnetpool": POOL | {"is_default": True}}
    assert_error(neutron.ask("POST", "/subnetpools", second, "admin"), 400, "InvalidInput")
    make_pool(neutron, "admin", is_default=True, shared=True, prefixes=["2001:db8::/48"])
    subnet = ask_for_subnet(neutron, use_default_subnetpool=True).body["subnet"]
    assert (subnet["cidr"], subnet["subnetpool_id"]) == ("10.8.0.0/26", first["id"])
    both = ask_for_subnet(neutron, use_default_subnetpool=True, subnetpool_id=first["id"])
    assert_error(both, 400, "BadRequest")
    named = {"subnetpool": {"name": "q", "is_default": True}}
    assert neutron.ask("PUT", f"/subnetpools/{first['id']}", named, "admin").body["subnetpool"]["name"] == "q"


def test_the_subnets_of_a_network_have_one_pool(neutron, pool):
    other = make_pool(neutron, prefixes=["10.7.0.0/16"], default_prefixlen=26)["id"]
    network = ask_for_subnet(neutron, subnetpool_id=pool).body["subnet"]["network_id"]
    assert ask_for_subnet(neutron, network, subnetpool_id=pool).code == 201
    assert_error(ask_for_subnet(neutron, network, subnetpool_id=other), 400, "NetworkSubnetPoolAffinityError")
    assert_error(ask_for_subnet(neutron, network, cidr="10.6.0.0/24"), 400, "NetworkSubnetPoolAffinityError")
    assert ask_for_subnet(neutron, network, cidr="2001:db8::/64", ip_version=6).code == 201
    plain, _ = neutron.subnet()
    assert_error(ask_for_subnet(neutron, plain, subnetpool_id=pool), 400, "NetworkSubnetPoolAffinityError")


def test_a_network_has_the_address_scope_of_its_pools(neutron):
    scope = make_scope(neutron, name="s")["id"]
    first = make_pool(neutron, address_scope_id=scope, default_prefixlen=26)["id"]
    second = make_pool(neutron, address_scope_id=scope, prefixes=["10.7.0.0/16"], default_prefixlen=26)["id"]
    outside = make_pool(neutron, prefixes=["10.6.0.0/16"], default_prefixlen=26)["id"]
    network = ask_for_subnet(neutron, subnetpool_id=first).body["subnet"]["network_id"]
    assert ask_for_subnet(neutron, network, subnetpool_id=second).code == 201
    assert_error(ask_for_subnet(neutron, network, subnetpool_id=outside), 400, "NetworkAddressScopeAffinityError")
    view = neutron.ask("GET", f"/networks/{network}").body["network"]
    assert (view["ipv4_address_scope"], view["ipv6_address_scope"]) == (scope, None)
    assert_error(neutron.ask("DELETE", f"/address-scopes/{scope}"), 409, "AddressScopeInUse")


def test_the_pools_of_an_address_scope(neutron):
    """They have its IP version and do not overlap; a scope of others must be shared, and its pools then stay."""
    hidden, shared = make_scope(neutron, "admin")["id"], make_scope(neutron, "admin", shared=True)["id"]
    six = make_scope(neutron, version=6)["id"]

    def ask(scope: str):
        return neutron.ask("POST", "/subnetpools", {"subnetpool": POOL | {"address_scope_id": scope}})

    assert_error(ask(hidden), 404, "AddressScopeNotFound")
    assert_error(ask(six), 400, "IllegalSubnetPoolIpVersionAssociationToAddressScope")
    pool = ask(shared).body["subnetpool"]["id"]
    assert_error(ask(shared), 409, "AddressScopePrefixConflict")
    rename = {"subnetpool": {"name": "q"}}
    assert_error(neutron.ask("PUT", f"/subnetpools/{pool}", rename), 400, "IllegalSubnetPoolUpdate")
    assert neutron.ask("PUT", f"/subnetpools/{pool}", rename, "admin").code == 200


def test_a_shared_address_scope_stays_shared(neutron):
    scope = make_scope(neutron, "admin", name="s")
    assert scope == {
        "id": scope["id"],
        "name": "s",
        "tenant_id": scope["project_id"],
        "project_id": scope["project_id"],
        "shared": False,
        "ip_version": 4,
    }
    path = f"/address-scopes/{scope['id']}"

    def share(shared: bool, who: str = "admin"):
        return neutron.ask("PUT", path, {"address_scope": {"shared": shared}}, who)

    assert neutron.ask("GET", path).code == 404
    assert share(True).body["address_scope"]["shared"] is True
    assert neutron.ask("GET", path).code == 200
    assert_error(share(False), 400, "AddressScopeUpdateError")
    assert_error(share(True, "demo"), 403, "PolicyNotAuthorized")
    assert neutron.ask("DELETE", path, who="admin").code == 204

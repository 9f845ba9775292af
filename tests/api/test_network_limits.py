"""What the network service refuses and why: ports, addresses, routers, groups. Kinds are those of its API reference."""

from __future__ import annotations

import pytest

from tests.api.test_network import Net, joined, refused

NOWHERE = "00000000-0000-4000-8000-000000000000"
MAC = "fa:16:3e:00:00:01"


@pytest.fixture
def net():
    return Net()


def own_router(net: Net) -> str:
    return net.make("router", name="r")["id"]


def join(net: Net, router: str, **what: str):
    return net.ask("PUT", f"/routers/{router}/add_router_interface", what)


# --- ports -----------------------------------------------------------------------------------------------------


def test_a_port_without_addresses(net):
    network, _ = net.subnet()
    assert net.make("port", network_id=network, fixed_ips=[])["fixed_ips"] == []


def test_a_hardware_address_is_there_once_in_a_network(net):
    network, _ = net.subnet()
    first = net.make("port", network_id=network, mac_address=MAC.upper())
    assert first["mac_address"] == MAC
    again = {"port": {"network_id": network, "mac_address": MAC}}
    refused(net.ask("POST", "/ports", again), 409, "MacAddressInUse")
    second = net.make("port", network_id=network)["id"]
    refused(net.ask("PUT", f"/ports/{second}", {"port": {"mac_address": MAC}}), 409, "MacAddressInUse")
    assert net.ask("PUT", f"/ports/{first['id']}", {"port": {"mac_address": MAC}}).code == 200
    assert net.make("port", network_id=net.subnet("10.8.0.0/24")[0], mac_address=MAC)["mac_address"] == MAC


def test_on_a_shared_network_of_others_one_takes_the_port_one_gets(net):
    shared = net.play.network
    assert net.make("port", network_id=shared)["status"] == "DOWN"
    for wish in ({"mac_address": MAC}, {"allowed_address_pairs": []}):
        refused(net.ask("POST", "/ports", {"port": {"network_id": shared, **wish}}), 403, "PolicyNotAuthorized")
    refused(net.ask("POST", "/ports", {"port": {"network_id": net.public}}), 403, "PolicyNotAuthorized")
    refused(net.ask("PUT", f"/networks/{shared}", {"network": {"name": "mine"}}), 403, "PolicyNotAuthorized")


def test_groups_take_port_security(net):
    network, _ = net.subnet()
    group = net.make("security_group", name="web")["id"]
    body = {"port": {"network_id": network, "port_security_enabled": False, "security_groups": [group]}}
    refused(net.ask("POST", "/ports", body), 409, "PortSecurityAndIPRequiredForSecurityGroups")
    unknown = {"port": {"network_id": network, "security_groups": [NOWHERE]}}
    refused(net.ask("POST", "/ports", unknown), 404, "SecurityGroupNotFound")
    assert net.ask("GET", "/ports", network_id=network).body["ports"] == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"ip_address": "nonsense"}, 400),
        ({"ip_address": "192.0.2.1"}, 400),
        ({"subnet_id": NOWHERE}, 400),
        ({"ip_address": "10.9.0.1"}, 201),
    ],
)
def test_an_address_lies_in_a_subnet_of_the_network(net, wish, code):
    network, _ = net.subnet()
    assert net.ask("POST", "/ports", {"port": {"network_id": network, "fixed_ips": [wish]}}).code == code


def test_addresses_of_either_subnet_of_a_network(net):
    network, _ = net.subnet()
    second = net.make("subnet", network_id=network, cidr="10.10.0.0/24")["id"]
    by_subnet = net.make("port", network_id=network, fixed_ips=[{"subnet_id": second}])["fixed_ips"]
    by_address = net.make("port", network_id=network, fixed_ips=[{"ip_address": "10.10.0.9"}])["fixed_ips"]
    assert by_subnet == [{"subnet_id": second, "ip_address": "10.10.0.2"}]
    assert by_address == [{"subnet_id": second, "ip_address": "10.10.0.9"}]


def test_an_address_that_was_asked_for_is_not_given_again(net):
    network, _ = net.subnet()
    net.make("port", network_id=network, fixed_ips=[{"ip_address": "10.9.0.2"}])
    assert net.make("port", network_id=network)["fixed_ips"][0]["ip_address"] == "10.9.0.3"


def test_all_pools_of_a_subnet_are_used(net):
    pools = [{"start": "10.9.0.10", "end": "10.9.0.11"}, {"start": "10.9.0.20", "end": "10.9.0.20"}]
    network, _ = net.subnet(allocation_pools=pools)
    given = [net.make("port", network_id=network)["fixed_ips"][0]["ip_address"] for _ in range(3)]
    assert given == ["10.9.0.10", "10.9.0.11", "10.9.0.20"]
    refused(net.ask("POST", "/ports", {"port": {"network_id": network}}), 409, "IpAddressGenerationFailure")


# --- subnets ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "code", "kind"),
    [
        ({"gateway_ip": "2001:db8::1"}, 400, "InvalidInput"),
        ({"allocation_pools": [{"start": "10.9.0.20", "end": "10.9.0.10"}]}, 400, "InvalidAllocationPool"),
        ({"allocation_pools": [{"start": "10.9.0.20", "end": "2001:db8::1"}]}, 400, "InvalidAllocationPool"),
        ({"allocation_pools": [{"start": "10.9.0.1", "end": "10.9.0.10"}]}, 409, "GatewayConflictWithAllocationPools"),
    ],
)
def test_a_subnet_that_cannot_be(net, attributes, code, kind):
    network = net.make("network", name="n")["id"]
    body = {"subnet": {"network_id": network, "cidr": "10.9.0.0/24", **attributes}}
    refused(net.ask("POST", "/subnets", body), code, kind)
    assert net.ask("GET", "/subnets", network_id=network).body["subnets"] == []


def test_a_gateway_changes_within_its_family_and_out_of_the_pools(net):
    _, subnet = net.subnet(allocation_pools=[{"start": "10.9.0.10", "end": "10.9.0.20"}])
    path = f"/subnets/{subnet['id']}"
    changed = net.ask("PUT", path, {"subnet": {"gateway_ip": "10.9.0.254"}}).body["subnet"]
    assert changed["gateway_ip"] == "10.9.0.254"
    refused(net.ask("PUT", path, {"subnet": {"gateway_ip": "2001:db8::1"}}), 400, "InvalidInput")
    inside = {"subnet": {"gateway_ip": "10.9.0.15"}}
    refused(net.ask("PUT", path, inside), 409, "GatewayConflictWithAllocationPools")
    assert net.ask("PUT", path, {"subnet": {"gateway_ip": None}}).body["subnet"]["gateway_ip"] is None
    assert net.ask("DELETE", path).code == 204
    refused(net.ask("GET", path), 404, "SubnetNotFound")


# --- floating addresses ----------------------------------------------------------------------------------------


def test_which_of_the_ports_addresses_a_floating_one_stands_for(net):
    _, network, _, port = joined(net)
    two = {"port": {"fixed_ips": [{"ip_address": "10.9.0.50"}, {"ip_address": "10.9.0.51"}]}}
    net.ask("PUT", f"/ports/{port}", two)
    chosen = net.make("floatingip", floating_network_id=net.public, port_id=port, fixed_ip_address="10.9.0.51")
    assert chosen["fixed_ip_address"] == "10.9.0.51"
    wrong = {"floating_network_id": net.public, "port_id": port, "fixed_ip_address": "10.9.0.99"}
    assert net.ask("POST", "/floatingips", {"floatingip": wrong}).code == 400
    bare = net.make("port", network_id=network, fixed_ips=[])["id"]
    refusal = net.ask("POST", "/floatingips", {"floatingip": {"floating_network_id": net.public, "port_id": bare}})
    assert refusal.code == 400


def test_a_floating_address_moves_to_another_port(net):
    _, network, _, port = joined(net)
    other = net.make("port", network_id=network)
    path = f"/floatingips/{net.make('floatingip', floating_network_id=net.public, port_id=port)['id']}"
    assert net.ask("PUT", path, {"floatingip": {"port_id": port}}).body["floatingip"]["port_id"] == port
    moved = net.ask("PUT", path, {"floatingip": {"port_id": other["id"]}}).body["floatingip"]
    assert (moved["port_id"], moved["fixed_ip_address"]) == (other["id"], other["fixed_ips"][0]["ip_address"])
    assert net.ask("PUT", path, {"floatingip": {"fixed_ip_address": "10.9.0.9"}}).code == 400


def test_floating_addresses_are_ipv4(net):
    six = net.make("network", "admin", name="six", **{"router:external": True})["id"]
    net.make("subnet", "admin", network_id=six, cidr="2001:db8:6::/64", ip_version=6)
    assert net.ask("POST", "/floatingips", {"floatingip": {"floating_network_id": six}}).code == 400


def test_an_external_network_in_use_stays_external(net):
    joined(net)
    inward = {"network": {"router:external": False}}
    refused(net.ask("PUT", f"/networks/{net.public}", inward, "admin"), 409, "ExternalNetworkInUse")
    own = net.make("network", "admin", name="x", **{"router:external": True})["id"]
    changed = net.ask("PUT", f"/networks/{own}", inward, "admin").body["network"]
    assert changed["router:external"] is False


# --- routers ---------------------------------------------------------------------------------------------------


def test_a_gateway_is_an_external_network(net):
    own, _ = net.subnet()
    router = own_router(net)
    body = {"router": {"external_gateway_info": {"network_id": own}}}
    assert net.ask("PUT", f"/routers/{router}", body).code == 400
    info = {"network_id": net.public, "enable_snat": False}
    opened = net.ask("PUT", f"/routers/{router}", {"router": {"external_gateway_info": info}}).body["router"]
    assert opened["external_gateway_info"]["enable_snat"] is False
    first = opened["external_gateway_info"]["external_fixed_ips"]
    again = {"router": {"external_gateway_info": {"network_id": net.public}, "name": "s"}}
    kept = net.ask("PUT", f"/routers/{router}", again).body["router"]
    assert (kept["name"], kept["external_gateway_info"]["external_fixed_ips"]) == ("s", first)
    closed = net.ask("PUT", f"/routers/{router}", {"router": {"external_gateway_info": {}}}).body["router"]
    assert closed["external_gateway_info"] is None


def test_a_port_as_interface_of_a_router(net):
    network, subnet = net.subnet()
    router, port = own_router(net), net.make("port", network_id=network)
    answer = join(net, router, port_id=port["id"])
    assert (answer.code, answer.body["subnet_id"], answer.body["port_id"]) == (200, subnet["id"], port["id"])
    refused(join(net, own_router(net), port_id=port["id"]), 409, "PortInUse")
    refused(join(net, router, subnet_id=subnet["id"]), 400, "BadRequest")
    bare = net.make("port", network_id=network, fixed_ips=[])["id"]
    refused(join(net, own_router(net), port_id=bare), 400, "BadRequest")


def test_a_subnet_without_gateway_cannot_be_joined(net):
    _, subnet = net.subnet(gateway_ip=None)
    assert subnet["gateway_ip"] is None
    assert join(net, own_router(net), subnet_id=subnet["id"]).code == 400


def test_what_was_never_joined_cannot_be_left(net):
    _, subnet = net.subnet()
    leave = net.ask("PUT", f"/routers/{own_router(net)}/remove_router_interface", {"subnet_id": subnet["id"]})
    refused(leave, 404, "RouterInterfaceNotFoundForSubnet")


# --- groups, quotas, the rest ----------------------------------------------------------------------------------


def test_rules_of_a_group(net):
    group, other = (net.make("security_group", name=name)["id"] for name in ("web", "db"))
    both = [
        {
            "security_group_id": group,
            "direction": "ingress",
            "protocol": "tcp",
            "port_range_min": port,
            "port_range_max": port,
            "remote_group_id": other,
        }
        for port in (80, 443)
    ]
    made = net.ask("POST", "/security-group-rules", {"security_group_rules": both}).body["security_group_rules"]
    assert [rule["port_range_min"] for rule in made] == [80, 443]
    path = f"/security-group-rules/{made[0]['id']}"
    changed = net.ask("PUT", path, {"security_group_rule": {"description": "from the shop"}})
    assert changed.body["security_group_rule"]["description"] == "from the shop"
    assert net.ask("GET", path).body["security_group_rule"]["description"] == "from the shop"
    refused(net.ask("GET", path, who="other"), 404, "SecurityGroupRuleNotFound")
    assert net.ask("DELETE", path).code == 204
    refused(net.ask("DELETE", path), 404, "SecurityGroupRuleNotFound")
    stranger = {"security_group_id": group, "direction": "ingress", "remote_group_id": NOWHERE}
    refused(net.ask("POST", "/security-group-rules", {"security_group_rule": stranger}), 404, "SecurityGroupNotFound")
    twofold = {
        "security_group_id": group,
        "direction": "ingress",
        "remote_group_id": other,
        "remote_ip_prefix": "192.0.2.0/24",
    }
    body = {"security_group_rule": twofold}
    refused(net.ask("POST", "/security-group-rules", body), 400, "SecurityGroupRemoteGroupAndRemoteIpPrefix")


def test_an_icmp_type_with_its_code(net):
    group = net.make("security_group", name="web")["id"]
    rule = {
        "security_group_id": group,
        "direction": "ingress",
        "protocol": "icmp",
        "port_range_min": 8,
        "port_range_max": 0,
    }
    made = net.ask("POST", "/security-group-rules", {"security_group_rule": rule}).body["security_group_rule"]
    assert (made["port_range_min"], made["port_range_max"]) == (8, 0)


def test_there_is_one_default_group(net):
    body = {"security_group": {"name": "default"}}
    refused(net.ask("POST", "/security-groups", body), 409, "SecurityGroupDefaultAlreadyExists")


def test_a_limit_below_what_is_used(net):
    project = net.play.callers["demo"].project_id
    for name in "ab":
        net.make("network", name=name)
    checked = {"quota": {"network": 1, "check_limit": True}}
    refused(net.ask("PUT", f"/quotas/{project}", checked, "admin"), 409, "QuotaException")
    assert net.ask("PUT", f"/quotas/{project}", {"quota": {"network": 1}}, "admin").code == 200
    refused(net.ask("PUT", "/quotas/nowhere", {"quota": {"network": 1}}, "admin"), 404, "ProjectNotFound")
    assert net.ask("GET", "/quotas/tenant").body["tenant"] == {"tenant_id": project}


def test_tags_are_listed(net):
    network = net.make("network", name="n")["id"]
    net.ask("PUT", f"/networks/{network}/tags", {"tags": ["red", "red", "blue"]})
    assert net.ask("GET", f"/networks/{network}/tags").body == {"tags": ["red", "blue"]}


def test_attributes_without_effect_here_are_kept(net):
    network, _ = net.subnet()
    view = net.ask("PUT", f"/networks/{network}", {"network": {"dns_domain": "example.com."}}).body["network"]
    assert view["dns_domain"] == "example.com."
    assert net.ask("GET", f"/networks/{network}").body["network"]["dns_domain"] == "example.com."


def test_what_the_service_can_and_who_works_for_it(net):
    aliases = {extension["alias"] for extension in net.ask("GET", "/extensions").body["extensions"]}
    assert {"router", "quotas", "security-group", "standard-attr-tag"} <= aliases
    assert net.ask("GET", "/agents", who="admin").body == {"agents": []}

"""The network service, as its API reference has it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.play import Play


class Net:
    """The network service of a small cloud, in short."""

    def __init__(self) -> None:
        self.play = Play()
        self.public = self.play.find_id("network", "/v2.0/networks", "networks", "public")

    def ask(self, method: str, path: str, body: Any = None, who: str = "demo", **query: str):
        from novasim.api.dispatch import handle
        from novasim.api.request import Request

        pairs = tuple((name.replace("__", ":"), value) for name, value in query.items())
        caller = self.play.callers[who]
        return handle(self.play.cloud, Request(caller, method, "/v2.0" + path, 1, pairs, body, "network"))

    def make(self, kind: str, who: str = "demo", **attributes: Any) -> Any:
        path = "/" + kind.replace("_", "-") + "s"
        answer = self.ask("POST", path, {kind: attributes}, who)
        assert answer.code == 201, answer.body
        return answer.body[kind]

    def subnet(self, cidr: str = "10.9.0.0/24", **more: Any) -> tuple[str, Any]:
        network = self.make("network", name="n")["id"]
        return network, self.make("subnet", network_id=network, cidr=cidr, **more)


@pytest.fixture
def net():
    return Net()


def refused(answer, code: int, kind: str) -> None:
    assert (answer.code, answer.body["NeutronError"]["type"]) == (code, kind), answer.body


def test_a_network_shows_all_its_attributes(net):
    view = net.make("network", name="n", description="mine", mtu=1400)
    assert set(view) == set(
        "id name description admin_state_up availability_zone_hints availability_zones tenant_id project_id shared "
        "router:external mtu port_security_enabled dns_domain is_default qos_policy_id ipv4_address_scope "
        "ipv6_address_scope status subnets l2_adjacency tags revision_number created_at updated_at".split()
    )
    admin = net.ask("GET", f"/networks/{view['id']}", who="admin").body["network"]
    assert set(admin) - set(view) == {
        "provider:network_type",
        "provider:physical_network",
        "provider:segmentation_id",
    }
    changed = net.ask("PUT", f"/networks/{view['id']}", {"network": {"name": "other"}}).body["network"]
    assert (changed["name"], changed["revision_number"], changed["mtu"]) == ("other", 2, 1400)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, 400),
        ({}, 400),
        ({"network": None}, 400),
        ({"network": {"name": 5}}, 400),
        ({"network": {"name": "n" * 256}}, 400),
        ({"network": {"nonsense": 1}}, 400),
        ({"network": {"id": "x"}}, 400),
        ({"network": {"mtu": "many"}}, 400),
        ({"network": {"qos_policy_id": "p"}}, 501),
        ({"network": {"shared": True}}, 403),
        ({"network": {"provider:network_type": "vlan"}}, 403),
        ({"network": {"project_id": "elsewhere"}}, 403),
    ],
)
def test_a_network_that_cannot_be(net, body, code):
    assert net.ask("POST", "/networks", body).code == code
    assert len(net.ask("GET", "/networks").body["networks"]) == 2


def test_several_at_once_or_none(net):
    made = net.ask("POST", "/networks", {"networks": [{"name": "a"}, {"name": "b"}]})
    assert [network["name"] for network in made.body["networks"]] == ["a", "b"]
    assert net.ask("POST", "/networks", {"networks": [{"name": "c"}, {"shared": True}]}).code == 403
    assert len(net.ask("GET", "/networks").body["networks"]) == 4


def test_only_members_write(net):
    refused(net.ask("POST", "/networks", {"network": {}}, "reader"), 403, "PolicyNotAuthorized")
    assert net.ask("GET", "/networks", who="reader").code == 200


def test_tags_and_their_filters(net):
    both, one = net.make("network", name="both")["id"], net.make("network", name="one")["id"]
    assert net.ask("PUT", f"/networks/{both}/tags", {"tags": ["red", "blue"]}).body == {"tags": ["red", "blue"]}
    assert net.ask("PUT", f"/networks/{one}/tags/red").code == 201
    assert net.ask("GET", f"/networks/{one}/tags/red").code == 204
    refused(net.ask("GET", f"/networks/{one}/tags/blue"), 404, "TagNotFound")

    def found(**query):
        return {network["name"] for network in net.ask("GET", "/networks", **query).body["networks"]}

    assert found(tags="red") == {"both", "one"}
    assert found(tags="red,blue") == {"both"}
    assert found(**{"tags-any": "blue,green"}) == {"both"}
    assert found(**{"not-tags": "red,blue"}) == {"one", "private", "public"}
    assert found(**{"not-tags-any": "red"}) == {"private", "public"}
    assert net.ask("DELETE", f"/networks/{one}/tags/red").code == 204
    assert net.ask("DELETE", f"/networks/{both}/tags").code == 204
    assert found(tags="red") == set()
    refused(net.ask("GET", "/networks", colour="red"), 400, "HTTPBadRequest")


def test_a_subnet_and_its_pools(net):
    network, subnet = net.subnet(allocation_pools=[{"start": "10.9.0.100", "end": "10.9.0.110"}])
    assert subnet["gateway_ip"] == "10.9.0.1"
    port = net.make("port", network_id=network)
    assert port["fixed_ips"] == [{"subnet_id": subnet["id"], "ip_address": "10.9.0.100"}]
    beyond = [{"start": "10.9.0.250", "end": "10.9.1.4"}]
    body = {"subnet": {"allocation_pools": beyond}}
    refused(net.ask("PUT", f"/subnets/{subnet['id']}", body), 400, "OutOfBoundsAllocationPool")
    refused(net.ask("DELETE", f"/subnets/{subnet['id']}"), 409, "SubnetInUse")
    six = {"subnet": {"network_id": network, "cidr": "2001:db8:1::/64", "ip_version": 4}}
    refused(net.ask("POST", "/subnets", six), 400, "InvalidInput")
    assert net.ask("POST", "/subnets", {"subnet": {"network_id": network, "subnetpool_id": "p"}}).code in (400, 501)


@pytest.mark.parametrize("cidr", ["10.9.0.0/30", "10.9.0.0/31", "10.9.0.0/32", "2001:db8::/127", "0.0.0.0/0"])
def test_even_the_smallest_range_is_shown(net, cidr):
    _, subnet = net.subnet(cidr)
    assert subnet["allocation_pools"]


def test_subnets_of_others_are_seen_on_shared_networks_only(net):
    _, own = net.subnet()
    seen = {
        who: {s["name"] or "own" for s in net.ask("GET", "/subnets", who=who).body["subnets"]}
        for who in ("demo", "other", "admin")
    }
    assert seen == {
        "demo": {"own", "private-v4", "private-v6"},
        "other": {"private-v4", "private-v6"},
        "admin": {"own", "private-v4", "private-v6", "public-v4"},
    }
    refused(net.ask("GET", f"/subnets/{own['id']}", who="other"), 404, "SubnetNotFound")


def test_a_port_is_found_by_all_that_clients_ask_for(net):
    network, subnet = net.subnet()
    port = net.make(
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
        assert [p["id"] for p in net.ask("GET", "/ports", **query).body["ports"]] == [port["id"]], query
    assert net.ask("GET", "/ports", fixed_ips="ip_address=10.9.0.78").body["ports"] == []


def test_a_port_changes_its_addresses_and_groups(net):
    network, subnet = net.subnet()
    port = net.make("port", network_id=network)["id"]
    group = net.make("security_group", name="web")["id"]
    body = {"fixed_ips": [{"ip_address": "10.9.0.50"}, {"subnet_id": subnet["id"]}], "security_groups": [group]}
    view = net.ask("PUT", f"/ports/{port}", {"port": body}).body["port"]
    assert view["fixed_ips"][0]["ip_address"] == "10.9.0.50"
    assert (len(view["fixed_ips"]), view["security_groups"]) == (2, [group])
    nobody = {"security_groups": ["00000000-0000-4000-8000-000000000000"]}
    refused(net.ask("PUT", f"/ports/{port}", {"port": nobody}), 404, "SecurityGroupNotFound")
    open_port = net.make("port", network_id=network, port_security_enabled=False)
    assert (open_port["security_groups"], open_port["port_security_enabled"]) == ([], False)


def joined(net) -> tuple[str, str, str, str]:
    """A router between an own network and the public one: router, network, subnet, a port in it."""
    network, subnet = net.subnet()
    router = net.make("router", name="r", external_gateway_info={"network_id": net.public})
    assert router["external_gateway_info"]["external_fixed_ips"][0]["ip_address"].startswith("198.51.100.")
    answer = net.ask("PUT", f"/routers/{router['id']}/add_router_interface", {"subnet_id": subnet["id"]})
    assert answer.code == 200, answer.body
    return router["id"], network, subnet["id"], net.make("port", network_id=network)["id"]


def test_a_router_joins_networks_and_lets_floating_addresses_through(net):
    router, network, subnet, port = joined(net)
    interface = net.ask("GET", "/ports", device_id=router, who="demo").body["ports"][0]
    assert interface["fixed_ips"][0]["ip_address"] == "10.9.0.1"
    assert interface["device_owner"] == "network:router_interface"
    refused(net.ask("DELETE", f"/ports/{interface['id']}"), 409, "ServicePortInUse")
    floating = net.make("floatingip", floating_network_id=net.public, port_id=port)
    assert (floating["router_id"], floating["status"], floating["port_details"]["network_id"]) == (
        router,
        "ACTIVE",
        network,
    )
    second = {"floatingip": {"floating_network_id": net.public, "port_id": port}}
    refused(net.ask("POST", "/floatingips", second), 409, "FloatingIPPortAlreadyAssociated")
    gone = {"router": {"external_gateway_info": None}}
    refused(net.ask("PUT", f"/routers/{router}", gone), 409, "RouterExternalGatewayInUseByFloatingIp")
    leave = {"subnet_id": subnet}
    refused(
        net.ask("PUT", f"/routers/{router}/remove_router_interface", leave), 409, "RouterInterfaceInUseByFloatingIP"
    )
    refused(net.ask("DELETE", f"/routers/{router}"), 409, "RouterInUse")
    off = net.ask("PUT", f"/floatingips/{floating['id']}", {"floatingip": {"port_id": None}}).body["floatingip"]
    assert (off["status"], off["fixed_ip_address"], off["router_id"]) == ("DOWN", None, None)
    assert net.ask("PUT", f"/routers/{router}/remove_router_interface", leave).code == 200
    assert net.ask("DELETE", f"/routers/{router}").code == 204
    assert net.ask("DELETE", f"/floatingips/{floating['id']}").code == 204
    assert net.ask("GET", "/ports", network_id=net.public, who="admin").body["ports"] == []


def test_an_address_needs_a_way_out(net):
    network, _ = net.subnet()
    port = net.make("port", network_id=network)["id"]
    body = {"floatingip": {"floating_network_id": net.public, "port_id": port}}
    refused(net.ask("POST", "/floatingips", body), 404, "ExternalGatewayForFloatingIPNotFound")
    assert net.ask("GET", "/floatingips").body["floatingips"] == []


def test_an_address_is_given_once(net):
    network, _ = net.subnet()
    net.make("port", network_id=network, fixed_ips=[{"ip_address": "10.9.0.7"}])
    for wish in ([{"ip_address": "10.9.0.7"}], [{"ip_address": "10.9.0.8"}, {"ip_address": "10.9.0.8"}]):
        body = {"port": {"network_id": network, "fixed_ips": wish}}
        refused(net.ask("POST", "/ports", body), 409, "IpAddressAlreadyAllocated")
    body = {"floatingip": {"floating_network_id": net.public, "floating_ip_address": "198.51.100.9"}}
    assert net.ask("POST", "/floatingips", body).code == 201
    refused(net.ask("POST", "/floatingips", body), 409, "IpAddressAlreadyAllocated")


def test_extra_routes(net):
    router = net.make("router", name="r")["id"]
    hop = {"destination": "192.0.2.0/24", "nexthop": "10.9.0.9"}
    added = net.ask("PUT", f"/routers/{router}/add_extraroutes", {"router": {"routes": [hop]}})
    assert added.body["router"]["routes"] == [hop]
    left = net.ask("PUT", f"/routers/{router}/remove_extraroutes", {"router": {"routes": [hop]}})
    assert left.body["router"]["routes"] == []


def test_a_project_has_a_default_group_which_stays(net):
    (group,) = net.ask("GET", "/security-groups", name="default").body["security_groups"]
    assert {(r["direction"], r["ethertype"]) for r in group["security_group_rules"]} == {
        ("egress", "IPv4"),
        ("egress", "IPv6"),
        ("ingress", "IPv4"),
        ("ingress", "IPv6"),
    }
    refused(net.ask("DELETE", f"/security-groups/{group['id']}"), 409, "SecurityGroupCannotRemoveDefault")
    rename = {"security_group": {"name": "x"}}
    refused(net.ask("PUT", f"/security-groups/{group['id']}", rename), 409, "SecurityGroupCannotUpdateDefault")
    assert len(net.ask("GET", "/security-group-rules", security_group_id=group["id"]).body["security_group_rules"]) == 4


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ({"protocol": "tcp", "port_range_min": 80, "port_range_max": 22}, "SecurityGroupInvalidPortRange"),
        ({"protocol": "tcp", "port_range_min": 80}, "SecurityGroupInvalidPortRange"),
        ({"protocol": "tcp", "port_range_min": 80, "port_range_max": 70000}, "SecurityGroupInvalidPortValue"),
        ({"port_range_min": 80, "port_range_max": 80}, "SecurityGroupProtocolRequiredWithPorts"),
        ({"protocol": "nonsense"}, "SecurityGroupRuleInvalidProtocol"),
        ({"protocol": 256}, "SecurityGroupRuleInvalidProtocol"),
        ({"protocol": "icmp", "port_range_min": 256}, "SecurityGroupInvalidIcmpValue"),
        ({"protocol": "icmp", "port_range_max": 1}, "SecurityGroupMissingIcmpType"),
        ({"remote_ip_prefix": "2001:db8::/32"}, "SecurityGroupRuleInvalidEtherType"),
        ({"remote_ip_prefix": "nonsense"}, "HTTPBadRequest"),
        ({"direction": "up"}, "HTTPBadRequest"),
    ],
)
def test_a_rule_that_cannot_be(net, rule, kind):
    group = net.make("security_group", name="web")["id"]
    body = {"security_group_rule": {"security_group_id": group, "direction": "ingress", **rule}}
    refused(net.ask("POST", "/security-group-rules", body), 400, kind)


def test_a_quota_is_shown_set_and_enforced(net):
    project = net.play.callers["demo"].project_id
    assert net.ask("GET", f"/quotas/{project}").body["quota"]["network"] == 100
    refused(net.ask("PUT", f"/quotas/{project}", {"quota": {"network": 1}}), 403, "PolicyNotAuthorized")
    assert net.ask("PUT", f"/quotas/{project}", {"quota": {"network": 1}}, "admin").body["quota"]["network"] == 1
    net.make("network", name="a")
    refused(net.ask("POST", "/networks", {"network": {}}), 409, "OverQuota")
    details = net.ask("GET", f"/quotas/{project}/details").body["quota"]["network"]
    assert details == {"limit": 1, "used": 1, "reserved": 0}
    assert net.ask("GET", f"/quotas/{project}/default").body["quota"]["network"] == 100
    assert [q["project_id"] for q in net.ask("GET", "/quotas", who="admin").body["quotas"]] == [project]
    assert net.ask("DELETE", f"/quotas/{project}", who="admin").code == 204
    assert net.ask("GET", f"/quotas/{project}").body["quota"]["network"] == 100
    assert net.ask("PUT", f"/quotas/{project}", {"quota": {"network": -2}}, "admin").code == 400


def test_compute_quotas_and_network_quotas_are_apart(net):
    project = net.play.callers["demo"].project_id
    net.ask("PUT", f"/quotas/{project}", {"quota": {"port": 7}}, "admin")
    assert net.play.ask("DELETE", f"/os-quota-sets/{project}", None, "admin").code == 202
    assert net.ask("GET", f"/quotas/{project}").body["quota"]["port"] == 7


def test_pages(net):
    for name in "abc":
        net.make("network", name=name)
    first = net.ask("GET", "/networks", limit="2", sort_key="name", sort_dir="desc").body
    assert [network["name"] for network in first["networks"]] == ["public", "private"]
    assert "marker=" in first["networks_links"][0]["href"]
    assert net.ask("GET", "/networks", limit="-1").code == 400
    assert net.ask("GET", "/networks", marker="nowhere").code == 400


def test_extensions_and_zones(net):
    assert net.ask("GET", "/extensions/router").body["extension"]["alias"] == "router"
    refused(net.ask("GET", "/extensions/qos"), 404, "ExtensionNotFound")
    zones = net.ask("GET", "/availability_zones").body["availability_zones"]
    assert {zone["resource"] for zone in zones} == {"network", "router"}
    assert net.ask("GET", "/agents").code == 403

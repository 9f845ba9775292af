"""Resources of the network service without records, unknown paths and unsupported methods."""

from __future__ import annotations

import pytest

from tests.api.network.client import NOWHERE, assert_error

LISTS = {
    "trunks": "trunks",
    "address-groups": "address_groups",
    "rbac-policies": "rbac_policies",
    "qos/policies": "policies",
    "qos/rule-types": "rule_types",
    "flavors": "flavors",
    "local_ips": "local_ips",
    "ndp_proxies": "ndp_proxies",
}
FOR_ADMINISTRATORS = {
    "segments": "segments",
    "network_segment_ranges": "network_segment_ranges",
    "metering/metering-labels": "metering_labels",
    "metering/metering-label-rules": "metering_label_rules",
    "service_profiles": "service_profiles",
    "log/logs": "logs",
    "agents": "agents",
}


@pytest.mark.parametrize(("path", "key"), LISTS.items())
def test_a_list_is_empty(neutron, path, key):
    assert neutron.ask("GET", f"/{path}").body == {key: []}
    assert neutron.ask("GET", f"/{path}.json", name="x").body == {key: []}


@pytest.mark.parametrize(("path", "key"), FOR_ADMINISTRATORS.items())
def test_a_list_for_administrators_is_empty_for_everyone(neutron, path, key):
    assert neutron.ask("GET", f"/{path}").body == {key: []}
    assert neutron.ask("GET", f"/{path}", who="admin").body == {key: []}


@pytest.mark.parametrize("path", [*LISTS, *FOR_ADMINISTRATORS])
def test_no_id_is_known_and_nothing_can_be_created(neutron, path):
    for method in ("GET", "PUT", "DELETE"):
        answer = neutron.ask(method, f"/{path}/{NOWHERE}", {} if method == "PUT" else None, "admin")
        assert answer.code == 404
        assert answer.body["NeutronError"]["type"].endswith("NotFound")
    assert neutron.ask("POST", f"/{path}", {}, "admin").code == 501


def test_providers_of_routers_are_those_of_neutron(neutron):
    providers = neutron.ask("GET", "/service-providers").body["service_providers"]
    assert [each["name"] for each in providers] == ["dvrha", "dvr", "ha", "single_node"]
    assert {(each["service_type"], each["default"]) for each in providers} == {("L3_ROUTER_NAT", False)}
    assert neutron.ask("GET", f"/service-providers/{NOWHERE}").code == 404


def test_lists_of_a_router_and_a_floating_ip(neutron):
    router = neutron.make("router", name="r")["id"]
    assert neutron.ask("GET", f"/routers/{router}/conntrack_helpers").body == {"conntrack_helpers": []}
    floating = neutron.make("floatingip", floating_network_id=neutron.public)["id"]
    assert neutron.ask("GET", f"/floatingips/{floating}/port_forwardings").body == {"port_forwardings": []}
    assert_error(neutron.ask("GET", f"/routers/{NOWHERE}/conntrack_helpers"), 404, "RouterNotFound")
    assert_error(neutron.ask("GET", f"/floatingips/{NOWHERE}/port_forwardings"), 404, "FloatingIPNotFound")


@pytest.mark.parametrize(("kind", "below"), [("network", "dhcp-agents"), ("router", "l3-agents")])
def test_agents_of_a_network_and_of_a_router(neutron, kind, below):
    path = f"/{kind}s/{neutron.make(kind, name='x')['id']}/{below}"
    assert_error(neutron.ask("GET", path), 403, "PolicyNotAuthorized")
    assert neutron.ask("GET", path, who="admin").body == {"agents": []}
    assert neutron.ask("GET", f"/{kind}s/{NOWHERE}/{below}", who="admin").code == 404
    assert neutron.ask("GET", "/log/loggable-resources").body == {"loggable_resources": []}


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("networks", "NetworkNotFound", "Network {} could not be found."),
        ("subnets", "SubnetNotFound", "Subnet {} could not be found."),
        ("ports", "PortNotFound", "Port {} could not be found."),
        ("routers", "RouterNotFound", "Router {} could not be found"),
        ("floatingips", "FloatingIPNotFound", "Floating IP {} could not be found"),
        ("security-groups", "SecurityGroupNotFound", "Security group {} does not exist"),
        ("security-group-rules", "SecurityGroupRuleNotFound", "Security group rule {} does not exist"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_id(neutron, path, kind, text, method):
    answer = neutron.ask(method, f"/{path}/{NOWHERE}")
    assert_error(answer, 404, kind)
    assert answer.body["NeutronError"]["message"] == text.format(NOWHERE)


@pytest.mark.parametrize("path", ["lbaas/loadbalancers", "vpn/vpnservices", "fwaas/firewall_groups", "nonsense"])
def test_an_extension_that_is_not_loaded(neutron, path):
    answer = neutron.ask("GET", f"/{path}")
    assert_error(answer, 404, "HTTPNotFound")
    assert answer.body["NeutronError"]["message"] == "The resource could not be found."


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "networks"), ("DELETE", "ports"), ("POST", f"networks/{NOWHERE}"), ("PATCH", "subnets")],
)
def test_an_unsupported_method(neutron, method, path):
    answer = neutron.ask(method, f"/{path}", {})
    assert_error(answer, 405, "HTTPMethodNotAllowed")
    assert answer.body["NeutronError"]["message"].startswith("The server could not comply with the request since it is")

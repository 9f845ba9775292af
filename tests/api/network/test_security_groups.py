"""Security groups and their rules."""

from __future__ import annotations

import pytest

from tests.api.network.client import NOWHERE, assert_error


def test_the_default_group_cannot_be_changed_or_deleted(neutron):
    (group,) = neutron.ask("GET", "/security-groups", name="default").body["security_groups"]
    assert {(r["direction"], r["ethertype"]) for r in group["security_group_rules"]} == {
        ("egress", "IPv4"),
        ("egress", "IPv6"),
        ("ingress", "IPv4"),
        ("ingress", "IPv6"),
    }
    assert_error(neutron.ask("DELETE", f"/security-groups/{group['id']}"), 409, "SecurityGroupCannotRemoveDefault")
    rename = {"security_group": {"name": "x"}}
    assert_error(neutron.ask("PUT", f"/security-groups/{group['id']}", rename), 409, "SecurityGroupCannotUpdateDefault")
    assert (
        len(neutron.ask("GET", "/security-group-rules", security_group_id=group["id"]).body["security_group_rules"])
        == 4
    )


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
        ({"remote_ip_prefix": "2001:db8::/32"}, "SecurityGroupRuleParameterConflict"),
        ({"remote_ip_prefix": "nonsense"}, "InvalidCIDR"),
        ({"ethertype": "IPv5"}, "SecurityGroupRuleInvalidEtherType"),
        ({"protocol": "tcp", "port_range_min": 0, "port_range_max": 80}, "SecurityGroupInvalidPortValue"),
        ({"protocol": "esp", "port_range_min": 1, "port_range_max": 2}, "SecurityGroupInvalidProtocolForPort"),
        ({"protocol": "ipv6-icmp"}, "SecurityGroupEthertypeConflictWithProtocol"),
        ({"protocol": "58"}, "SecurityGroupEthertypeConflictWithProtocol"),
        ({"direction": "up"}, "HTTPBadRequest"),
    ],
)
def test_invalid_rules_are_refused(neutron, rule, kind):
    group = neutron.make("security_group", name="web")["id"]
    body = {"security_group_rule": {"security_group_id": group, "direction": "ingress", **rule}}
    assert_error(neutron.ask("POST", "/security-group-rules", body), 400, kind)


def test_rules_are_created_changed_and_deleted(neutron):
    group, other = (neutron.make("security_group", name=name)["id"] for name in ("web", "db"))
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
    made = neutron.ask("POST", "/security-group-rules", {"security_group_rules": both}).body["security_group_rules"]
    assert [rule["port_range_min"] for rule in made] == [80, 443]
    path = f"/security-group-rules/{made[0]['id']}"
    changed = neutron.ask("PUT", path, {"security_group_rule": {"description": "from the shop"}})
    assert changed.body["security_group_rule"]["description"] == "from the shop"
    assert neutron.ask("GET", path).body["security_group_rule"]["description"] == "from the shop"
    assert_error(neutron.ask("GET", path, who="other"), 404, "SecurityGroupRuleNotFound")
    assert neutron.ask("DELETE", path).code == 204
    assert_error(neutron.ask("DELETE", path), 404, "SecurityGroupRuleNotFound")
    stranger = {"security_group_id": group, "direction": "ingress", "remote_group_id": NOWHERE}
    assert_error(
        neutron.ask("POST", "/security-group-rules", {"security_group_rule": stranger}), 404, "SecurityGroupNotFound"
    )
    twofold = {
        "security_group_id": group,
        "direction": "ingress",
        "remote_group_id": other,
        "remote_ip_prefix": "192.0.2.0/24",
    }
    body = {"security_group_rule": twofold}
    assert_error(neutron.ask("POST", "/security-group-rules", body), 400, "SecurityGroupMultipleRemoteEntites")


def test_a_rule_can_have_an_icmp_type_and_code(neutron):
    group = neutron.make("security_group", name="web")["id"]
    rule = {
        "security_group_id": group,
        "direction": "ingress",
        "protocol": "icmp",
        "port_range_min": 8,
        "port_range_max": 0,
    }
    made = neutron.ask("POST", "/security-group-rules", {"security_group_rule": rule}).body["security_group_rule"]
    assert (made["port_range_min"], made["port_range_max"]) == (8, 0)


def create_rule(neutron, group, **fields):
    body = {"security_group_rule": {"security_group_id": group, "direction": "ingress", **fields}}
    return neutron.ask("POST", "/security-group-rules", body)


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ({"protocol": "tcp", "port_range_min": 1, "port_range_max": 65535}, {"port_range_min": None}),
        ({"ethertype": "ipv6", "protocol": "icmp"}, {"ethertype": "IPv6", "protocol": "ipv6-icmp"}),
        ({"ethertype": "IPv6", "protocol": 1}, {"protocol": "58"}),
        ({"protocol": "any"}, {"protocol": None}),
        ({"protocol": "0"}, {"protocol": "0"}),
        ({"protocol": "TCP"}, {"protocol": "tcp"}),
        ({"remote_ip_prefix": "192.0.2.7"}, {"remote_ip_prefix": "192.0.2.7/32"}),
        ({"remote_ip_prefix": "192.0.2.7/24"}, {"remote_ip_prefix": "192.0.2.7/24", "normalized_cidr": "192.0.2.0/24"}),
        (
            {"ethertype": "IPv6", "remote_ip_prefix": "2001:DB8:0::/32"},
            {"remote_ip_prefix": "2001:db8::/32", "normalized_cidr": "2001:db8::/32"},
        ),
    ],
)
def test_rules_are_stored_in_one_form(neutron, rule, shown):
    group = neutron.make("security_group", name="web")["id"]
    made = create_rule(neutron, group, **rule)
    assert made.code == 201, made.body
    assert {name: made.body["security_group_rule"][name] for name in shown} == shown


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"protocol": "tcp"}, {"protocol": "6"}),
        ({"remote_ip_prefix": "0.0.0.0/0"}, {}),
        ({"ethertype": "IPv6", "remote_ip_prefix": "::/0"}, {"ethertype": "IPv6"}),
        ({"protocol": "udp"}, {"protocol": "udp", "port_range_min": 1, "port_range_max": 65535}),
        ({"description": "a"}, {"description": "b"}),
    ],
)
def test_a_rule_that_allows_the_same_is_refused(neutron, first, second):
    group = neutron.make("security_group", name="web")["id"]
    assert create_rule(neutron, group, **first).code == 201
    assert_error(create_rule(neutron, group, **second), 409, "SecurityGroupRuleExists")


def test_rules_of_two_groups_in_one_request_are_refused(neutron):
    groups = [neutron.make("security_group", name=name)["id"] for name in "ab"]
    rules = [{"security_group_id": group, "direction": "ingress", "protocol": "tcp"} for group in groups]
    answer = neutron.ask("POST", "/security-group-rules", {"security_group_rules": rules})
    assert_error(answer, 400, "SecurityGroupNotSingleGroupRules")


def test_a_second_default_group_is_refused(neutron):
    for name in ("default", "Default"):
        body = {"security_group": {"name": name}}
        assert_error(neutron.ask("POST", "/security-groups", body), 409, "SecurityGroupDefaultAlreadyExists")
        group = neutron.make("security_group", name="web")["id"]
        answer = neutron.ask("PUT", f"/security-groups/{group}", body)
        assert_error(answer, 409, "SecurityGroupDefaultAlreadyExists")


# Source: neutron/extensions/securitygroup.py; the IDs are no UUIDs before they are looked up.
@pytest.mark.parametrize("name", ["security_group_id", "remote_group_id"])
def test_an_unknown_group_is_not_found(neutron, name):
    group = neutron.make("security_group", name="g")["id"]
    rule = {"security_group_id": group, "direction": "ingress", name: "bad_group_id"}
    assert_error(
        neutron.ask("POST", "/security-group-rules", {"security_group_rule": rule}), 404, "SecurityGroupNotFound"
    )

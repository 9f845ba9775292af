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
        ({"remote_ip_prefix": "2001:db8::/32"}, "SecurityGroupRuleInvalidEtherType"),
        ({"remote_ip_prefix": "nonsense"}, "HTTPBadRequest"),
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
    assert_error(neutron.ask("POST", "/security-group-rules", body), 400, "SecurityGroupRemoteGroupAndRemoteIpPrefix")


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


def test_a_second_default_group_is_refused(neutron):
    body = {"security_group": {"name": "default"}}
    assert_error(neutron.ask("POST", "/security-groups", body), 409, "SecurityGroupDefaultAlreadyExists")

"""
/os-security-group-rules (until 2.35), which Nova forwards to the network service.

Source: nova/api/openstack/compute/security_groups.py, SecurityGroupRulesController.
"""

from __future__ import annotations

from typing import Any

from novasim.api.compute.proxies.ingress_rules import build_ingress_rule, check_prefix
from novasim.api.compute.proxies.network_calls import call_network, check_group_id
from novasim.api.compute.proxies.security_group_views import find_cidr, find_ports, rule_view
from novasim.api.compute.proxies.security_groups import RULE, get_group
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden
from novasim.records import SecurityGroup

View = dict[str, Any]


def create(ctx: Context) -> View:
    """POST /os-security-group-rules: create an ingress rule. 400, 403, 404."""
    ctx.can(RULE + "rule:create")
    body = ctx.body["security_group_rule"]
    group = get_group(ctx, body["parent_group_id"])
    if body.get("group_id") is not None:
        get_group(ctx, body["group_id"])
    rule = build_ingress_rule(body)
    if rule is None:
        raise BadRequest(reason="Not enough parameters to build a valid rule.")
    if "cidr" in rule:
        check_prefix(rule["cidr"])
    _check_new(group, rule)
    created = call_network(ctx, "POST", "security-group-rules", _network_body(group, rule), {409: Forbidden})
    return {"security_group_rule": rule_view(ctx, group, created["security_group_rules"][0])}


def _check_new(group: SecurityGroup, rule: View) -> None:
    """
    Refuse (400) a rule that the group has.

    Nova compares the addresses too, which a rule for a source group has not. The network service refuses those.
    """
    for other in group.rules:
        first, last = find_ports(other)
        theirs = (other["remote_group_id"], find_cidr(other), first, last, other["protocol"])
        own = tuple(rule.get(name) for name in ("group_id", "cidr", "from_port", "to_port", "protocol"))
        if other["direction"] == "ingress" and theirs == own:
            raise BadRequest(reason=f"This rule already exists in group {group.id}")


def _network_body(group: SecurityGroup, rule: View) -> View:
    ports = {"port_range_min": rule.get("from_port"), "port_range_max": rule.get("to_port")}
    body = {
        "security_group_id": group.id,
        "direction": "ingress",
        "ethertype": "IPv6" if ":" in rule.get("cidr", "") else "IPv4",
        "protocol": rule.get("protocol"),
        "remote_group_id": rule.get("group_id"),
        "remote_ip_prefix": rule.get("cidr"),
        **{name: port for name, port in ports.items() if port != -1},
    }
    return {"security_group_rules": [body]}


def delete(ctx: Context, id: str) -> Response:
    """DELETE /os-security-group-rules/{id}: delete a rule. 400, 403, 404."""
    ctx.can(RULE + "rule:delete")
    check_group_id(id)
    rule = call_network(ctx, "GET", f"security-group-rules/{id}")["security_group_rule"]
    get_group(ctx, rule["security_group_id"])
    call_network(ctx, "DELETE", f"security-group-rules/{id}")
    return Response(202)

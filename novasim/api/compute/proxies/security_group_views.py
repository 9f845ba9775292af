"""Security groups of the network service in the form of Nova's former API."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.visibility import is_own
from novasim.records import SecurityGroup

View = dict[str, Any]

ANYWHERE = "0.0.0.0/0"
ALL_PORTS = (1, 65535)
ALL_TYPES = (-1, -1)


def group_view(ctx: Context, group: SecurityGroup) -> View:
    """A group with its ingress rules; a rule whose source group the caller cannot see is left out."""
    ingress = [rule for rule in group.rules if rule["direction"] == "ingress"]
    views = (rule_view(ctx, group, rule) for rule in ingress)
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "tenant_id": group.project_id,
        "rules": [view for view in views if view],
    }


def rule_view(ctx: Context, group: SecurityGroup, rule: View) -> View | None:
    """
    A rule, or None if the caller cannot see its source group.

    Source: nova/network/security_group_api.py, _convert_to_nova_security_group_rule_format.
    """
    first, last = find_ports(rule)
    view = {
        "id": rule["id"],
        "parent_group_id": group.id,
        "ip_protocol": rule["protocol"],
        "from_port": first,
        "to_port": last,
        "group": {},
        "ip_range": {},
    }
    if not rule["remote_group_id"]:
        return view | {"ip_range": {"cidr": find_cidr(rule)}}
    source = ctx.world.tx.get(SecurityGroup, rule["remote_group_id"])
    if source is None or not is_own(ctx, source):
        return None
    return view | {"group": {"name": source.name, "tenant_id": source.project_id}}


def find_ports(rule: View) -> tuple[int | None, int | None]:
    """The first and last port of a rule; a protocol without ports has all of them, another one type and code -1."""
    first, last = rule["port_range_min"], rule["port_range_max"]
    if rule["protocol"] and first is None and last is None:
        return ALL_PORTS if rule["protocol"].upper() in ("TCP", "UDP") else ALL_TYPES
    return first, last


def find_cidr(rule: View) -> str:
    """The source addresses of a rule; a rule without any has those of IPv4."""
    return rule["remote_ip_prefix"] or ANYWHERE

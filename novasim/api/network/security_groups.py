"""/v2.0/security-groups and /v2.0/security-group-rules. Rules are kept within their group."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import listed
from novasim.api.context import Context
from novasim.api.network.resource import Resource, assign, common, project_of
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Port, SecurityGroup


def _view(ctx: Context, group: SecurityGroup) -> dict[str, Any]:
    rules = [rule_view(group, rule) for rule in group.rules]
    return common(group) | {"security_group_rules": rules, "stateful": True, "shared": False}


def _make(ctx: Context, asked: dict[str, Any]) -> SecurityGroup:
    if asked.get("name") == "default":
        raise Conflict(reason="Default security group already exists.")
    group = SecurityGroup(
        id=ctx.world.ids.uuid(), name=asked.get("name", ""), project_id=project_of(ctx, asked),
        description=asked.get("description", ""), created_at=ctx.world.time, updated_at=ctx.world.time,
    )  # fmt: skip
    for family in ("IPv4", "IPv6"):
        group.rules.append(_rule(ctx, {"direction": "egress", "ethertype": family}))
    return group


def _change(ctx: Context, group: SecurityGroup, asked: dict[str, Any]) -> None:
    if group.name == "default" and "name" in asked:
        raise Conflict(reason="Updating default security group is not allowed.")
    asked.pop("stateful", None)
    assign(group, asked, ("name", "description"))


def _remove(ctx: Context, group: SecurityGroup) -> None:
    if group.name == "default":
        raise Conflict(reason="Insufficient rights for removing default security group.")
    if any(group.id in port.security_groups for port in ctx.world.tx.find(Port, project_id=group.project_id)):
        raise Conflict(reason=f"Security Group {group.id} in use.")
    ctx.world.tx.delete(group)


groups = Resource(SecurityGroup, "security_group", "security_groups", _view, _make, _change, _remove)

PROTOCOLS = ("any", "tcp", "udp", "icmp", "icmpv6", "ipv6-icmp", "ah", "dccp", "egp", "esp", "gre", "igmp", "ipip",
             "ospf", "pgm", "rsvp", "sctp", "udplite", "vrrp")  # fmt: skip
FIELDS = ("direction", "ethertype", "protocol", "port_range_min", "port_range_max", "remote_ip_prefix",
          "remote_group_id", "description")  # fmt: skip


def _rule(ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    if asked.get("direction") not in ("ingress", "egress"):
        raise BadRequest(reason="Invalid input for direction. Reason: it must be ingress or egress.")
    rule = {name: asked.get(name) for name in FIELDS}
    _check_protocol(rule["protocol"])
    _check_ports(rule["port_range_min"], rule["port_range_max"])
    _check_prefix(rule["remote_ip_prefix"])
    rule |= {"id": ctx.world.ids.uuid(), "ethertype": asked.get("ethertype") or "IPv4",
             "description": asked.get("description") or "", "created_at": ctx.world.time[:19] + "Z"}  # fmt: skip
    return rule


def _check_protocol(protocol: Any) -> None:
    text = str(protocol).lower()
    if protocol is None or text in PROTOCOLS or (text.isdecimal() and int(text) <= 255):
        return
    raise BadRequest(
        reason=f"Security group rule protocol {protocol} not supported. Only protocol values "
        f"[{', '.join(PROTOCOLS)}] and integer representations [0 to 255] are supported."
    )


def _check_ports(low: Any, high: Any) -> None:
    for port in (low, high):
        if port is not None and not (str(port).isdecimal() and int(port) <= 65535):
            raise BadRequest(reason=f"Invalid value for port {port}")
    if low is not None and high is not None and int(low) > int(high):
        raise BadRequest(reason="For TCP/UDP protocols, port_range_min must be <= port_range_max")


def _check_prefix(prefix: Any) -> None:
    import ipaddress

    try:
        if prefix is not None:
            ipaddress.ip_network(str(prefix), strict=False)
    except ValueError:
        raise BadRequest(
            reason=f"Invalid input for remote_ip_prefix. Reason: '{prefix}' is not a valid IP subnet."
        ) from None


def rule_view(group: SecurityGroup, rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the network service shows it."""
    return {
        **rule,
        "security_group_id": group.id,
        "tenant_id": group.project_id,
        "project_id": group.project_id,
        "remote_address_group_id": None,
        "normalized_cidr": rule.get("remote_ip_prefix"),
        "updated_at": rule["created_at"],
        "revision_number": 0,
        "tags": [],
        "standard_attr_id": 1,
    }


def rules_index(ctx: Context) -> dict[str, Any]:
    """All rules of the groups that the caller may see."""
    project = ctx.caller.project_id
    visible = [g for g in ctx.world.tx.all(SecurityGroup) if ctx.caller.is_admin or g.project_id == project]
    views = [rule_view(group, rule) for group in visible for rule in group.rules]
    return {"security_group_rules": listed(ctx, views)}


def rules_show(ctx: Context, id: str) -> dict[str, Any]:
    """One rule."""
    group, rule = _find(ctx, id)
    return {"security_group_rule": rule_view(group, rule)}


def rules_create(ctx: Context) -> Response:
    """A new rule; the same one twice is refused (409)."""
    asked = ctx.body.get("security_group_rule") if isinstance(ctx.body, dict) else None
    if not isinstance(asked, dict):
        raise BadRequest(reason="Invalid input for operation: 'security_group_rule' not in request body.")
    group = groups.own(ctx, str(asked.get("security_group_id")))
    rule = _rule(ctx, asked)
    for other in group.rules:
        if all(other.get(name) == rule[name] for name in FIELDS if name != "description"):
            raise Conflict(reason=f"Security group rule already exists. Rule id is {other['id']}.")
    group.rules.append(rule)
    ctx.world.tx.put(group)
    return Response(201, {"security_group_rule": rule_view(group, rule)})


def rules_delete(ctx: Context, id: str) -> Response:
    """Remove a rule."""
    group, rule = _find(ctx, id)
    group.rules.remove(rule)
    ctx.world.tx.put(group)
    return Response(204)


def _find(ctx: Context, id: str) -> tuple[SecurityGroup, dict[str, Any]]:
    for group in ctx.world.tx.all(SecurityGroup):
        if ctx.caller.is_admin or group.project_id == ctx.caller.project_id:
            for rule in group.rules:
                if rule["id"] == id:
                    return group, rule
    raise NotFound(reason=f"Security group rule {id} does not exist")

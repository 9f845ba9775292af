"""/os-security-groups and /os-security-group-rules: once passed on to the network service (until 2.35)."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.service_calls import call_service
from novasim.records import SecurityGroup
from novasim.strutils import bool_from_string, int_from_string

View = dict[str, Any]

GROUPS, RULES = "/v2.0/security-groups", "/v2.0/security-group-rules"
RULE = "os_compute_api:os-security-groups:"


def index(ctx: Context) -> View:
    """The groups of the project; an administrator may ask for those of all."""
    ctx.can(RULE + "get")
    everybody = ctx.caller.is_admin and bool_from_string(ctx.query("all_tenants"))
    asked = {} if everybody else {"project_id": ctx.caller.project_id}
    found = call_service(ctx, "network", "GET", GROUPS, **asked)["security_groups"]
    first, limit = int_from_string(ctx.query("offset")), int_from_string(ctx.query("limit"))
    page = found[first : first + limit] if limit else found[first:]
    return {"security_groups": [_of(ctx, one["id"]) for one in page]}


def _of(ctx: Context, id: str) -> View:
    group = ctx.world.tx.get(SecurityGroup, id)
    assert group is not None
    return group_view(ctx, group)


def group_view(ctx: Context, group: SecurityGroup) -> View:
    """A group as Nova shows it: with those of its rules that let something in."""
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "tenant_id": group.project_id,
        "rules": [_rule_view(ctx, group, rule) for rule in group.rules if rule["direction"] == "ingress"],
    }


def _rule_view(ctx: Context, group: SecurityGroup, rule: View) -> View:
    other = ctx.world.tx.get(SecurityGroup, rule["remote_group_id"] or "")
    anywhere = "::/0" if rule["ethertype"] == "IPv6" else "0.0.0.0/0"
    return {
        "id": rule["id"],
        "parent_group_id": group.id,
        "ip_protocol": rule["protocol"],
        "from_port": rule["port_range_min"],
        "to_port": rule["port_range_max"],
        "group": {"name": other.name, "tenant_id": other.project_id} if other else {},
        "ip_range": {} if other else {"cidr": rule["remote_ip_prefix"] or anywhere},
    }


def show(ctx: Context, id: str) -> View:
    """One group."""
    ctx.can(RULE + "show")
    call_service(ctx, "network", "GET", f"{GROUPS}/{id}")
    return {"security_group": _of(ctx, id)}


def create(ctx: Context) -> View:
    """A new group."""
    ctx.can(RULE + "create")
    made = call_service(ctx, "network", "POST", GROUPS, {"security_group": _asked(ctx)})
    return {"security_group": _of(ctx, made["security_group"]["id"])}


def _asked(ctx: Context) -> View:
    asked = ctx.body["security_group"]
    return {name: (asked[name] or "").strip() for name in ("name", "description")}


def update(ctx: Context, id: str) -> View:
    """Name and description."""
    ctx.can(RULE + "update")
    call_service(ctx, "network", "PUT", f"{GROUPS}/{id}", {"security_group": _asked(ctx)})
    return {"security_group": _of(ctx, id)}


def delete(ctx: Context, id: str) -> Response:
    """Remove a group that nothing uses."""
    ctx.can(RULE + "delete")
    call_service(ctx, "network", "DELETE", f"{GROUPS}/{id}")
    return Response(202)


def rules_create(ctx: Context) -> View:
    """A rule that lets something in."""
    asked = ctx.body["security_group_rule"]
    cidr = asked.get("cidr")
    body = {
        "security_group_id": asked["parent_group_id"],
        "direction": "ingress",
        "ethertype": "IPv6" if ":" in str(cidr or "") else "IPv4",
        "protocol": asked.get("ip_protocol"),
        "port_range_min": _port(asked.get("from_port")),
        "port_range_max": _port(asked.get("to_port")),
        "remote_group_id": asked.get("group_id"),
        "remote_ip_prefix": None if asked.get("group_id") else cidr,
    }
    made = call_service(ctx, "network", "POST", RULES, {"security_group_rule": body})["security_group_rule"]
    group = ctx.world.tx.get(SecurityGroup, made["security_group_id"])
    assert group is not None
    return {"security_group_rule": _rule_view(ctx, group, made)}


def _port(value: Any) -> Any:
    """-1 stands for every port."""
    return None if str(value) == "-1" else value


def rules_delete(ctx: Context, id: str) -> Response:
    """Remove a rule."""
    call_service(ctx, "network", "DELETE", f"{RULES}/{id}")
    return Response(202)

"""/os-security-groups and /os-security-group-rules (until 2.35), which Nova forwards to the network service."""

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
    """GET /os-security-groups: the groups of the project, or (all_tenants, administrators) of every project. 403."""
    ctx.can(RULE + "get")
    all_projects = ctx.caller.is_admin and bool_from_string(ctx.query("all_tenants"))
    query = {} if all_projects else {"project_id": ctx.caller.project_id}
    groups = call_service(ctx, "network", "GET", GROUPS, **query)["security_groups"]
    first, limit = int_from_string(ctx.query("offset")), int_from_string(ctx.query("limit"))
    page = groups[first : first + limit] if limit else groups[first:]
    return {"security_groups": [_view(ctx, group["id"]) for group in page]}


def _view(ctx: Context, id: str) -> View:
    group = ctx.world.tx.get(SecurityGroup, id)
    assert group is not None
    return group_view(ctx, group)


def group_view(ctx: Context, group: SecurityGroup) -> View:
    """A group in Nova's form, with its ingress rules only."""
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
    """GET /os-security-groups/{id}: one group. 403, 404."""
    ctx.can(RULE + "show")
    call_service(ctx, "network", "GET", f"{GROUPS}/{id}")
    return {"security_group": _view(ctx, id)}


def create(ctx: Context) -> View:
    """POST /os-security-groups: create a group. 400, 403, 409."""
    ctx.can(RULE + "create")
    created = call_service(ctx, "network", "POST", GROUPS, {"security_group": _read_group(ctx)})
    return {"security_group": _view(ctx, created["security_group"]["id"])}


def _read_group(ctx: Context) -> View:
    body = ctx.body["security_group"]
    return {name: (body[name] or "").strip() for name in ("name", "description")}


def update(ctx: Context, id: str) -> View:
    """PUT /os-security-groups/{id}: change name and description. 400, 403, 404."""
    ctx.can(RULE + "update")
    call_service(ctx, "network", "PUT", f"{GROUPS}/{id}", {"security_group": _read_group(ctx)})
    return {"security_group": _view(ctx, id)}


def delete(ctx: Context, id: str) -> Response:
    """DELETE /os-security-groups/{id}: delete an unused group. 403, 404, 409."""
    ctx.can(RULE + "delete")
    call_service(ctx, "network", "DELETE", f"{GROUPS}/{id}")
    return Response(202)


def rules_create(ctx: Context) -> View:
    """POST /os-security-group-rules: create an ingress rule. 400, 404, 409."""
    rule = ctx.body["security_group_rule"]
    cidr = rule.get("cidr")
    body = {
        "security_group_id": rule["parent_group_id"],
        "direction": "ingress",
        "ethertype": "IPv6" if ":" in str(cidr or "") else "IPv4",
        "protocol": rule.get("ip_protocol"),
        "port_range_min": _read_port(rule.get("from_port")),
        "port_range_max": _read_port(rule.get("to_port")),
        "remote_group_id": rule.get("group_id"),
        "remote_ip_prefix": None if rule.get("group_id") else cidr,
    }
    created = call_service(ctx, "network", "POST", RULES, {"security_group_rule": body})["security_group_rule"]
    group = ctx.world.tx.get(SecurityGroup, created["security_group_id"])
    assert group is not None
    return {"security_group_rule": _rule_view(ctx, group, created)}


def _read_port(value: Any) -> Any:
    """The port number; None for -1, which means every port."""
    return None if str(value) == "-1" else value


def rules_delete(ctx: Context, id: str) -> Response:
    """DELETE /os-security-group-rules/{id}: delete a rule. 404."""
    call_service(ctx, "network", "DELETE", f"{RULES}/{id}")
    return Response(202)

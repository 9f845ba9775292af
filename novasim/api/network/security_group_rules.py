"""/v2.0/security-group-rules. Rules are kept within their group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.api.collections import listed
from novasim.api.context import Context
from novasim.api.network.filters import FILTERS, passes
from novasim.api.network.quotas import check_quota
from novasim.api.network.rule_checks import FIELDS, rule_from
from novasim.api.network.security_groups import groups, rule_view
from novasim.api.network.tables import RULE
from novasim.api.request import Response
from novasim.errors import Conflict, NotFound
from novasim.records import SecurityGroup


def index(ctx: Context) -> dict[str, Any]:
    """All rules of the groups that the caller may see."""
    views = [view for group, rule in _visible(ctx) if passes(ctx, view := rule_view(group, rule), RULE)]
    return {"security_group_rules": listed(ctx, views, FILTERS)}


def show(ctx: Context, id: str) -> dict[str, Any]:
    """One rule."""
    return {"security_group_rule": rule_view(*_find(ctx, id))}


def create(ctx: Context) -> Response:
    """A new rule, or several; the same one twice is refused (409)."""
    if "security_group_rules" in ctx.body:
        made = [_create_one(ctx, asked) for asked in ctx.body["security_group_rules"]]
        return Response(201, {"security_group_rules": made})
    return Response(201, {"security_group_rule": _create_one(ctx, ctx.body["security_group_rule"])})


def _create_one(ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    group = groups.own(ctx, asked["security_group_id"])
    check_quota(ctx.world, group.project_id, "security_group_rule")
    if remote := asked.get("remote_group_id"):
        groups.get(ctx, remote)
    rule = rule_from(ctx.world, asked)
    for other in group.rules:
        if all(other.get(name) == rule[name] for name in FIELDS if name != "description"):
            raise Conflict(
                reason=f"Security group rule already exists. Rule id is {other['id']}.",
                type="SecurityGroupRuleExists",
            )
    group.rules.append(rule)
    group.revision += 1
    ctx.world.tx.put(group)
    return rule_view(group, rule)


def update(ctx: Context, id: str) -> dict[str, Any]:
    """Only the description of a rule can change."""
    group, rule = _find(ctx, id)
    groups.own(ctx, group.id)
    rule["description"] = ctx.body["security_group_rule"].get("description") or ""
    ctx.world.tx.put(group)
    return {"security_group_rule": rule_view(group, rule)}


def delete(ctx: Context, id: str) -> Response:
    """Remove a rule."""
    group, rule = _find(ctx, id)
    groups.own(ctx, group.id)
    group.rules.remove(rule)
    group.revision += 1
    ctx.world.tx.put(group)
    return Response(204)


def _visible(ctx: Context) -> Iterator[tuple[SecurityGroup, dict[str, Any]]]:
    for group in ctx.world.tx.query(SecurityGroup):
        if ctx.caller.is_admin or group.project_id == ctx.caller.project_id:
            yield from ((group, rule) for rule in group.rules)


def _find(ctx: Context, id: str) -> tuple[SecurityGroup, dict[str, Any]]:
    for group, rule in _visible(ctx):
        if rule["id"] == id:
            return group, rule
    raise NotFound(reason=f"Security group rule {id} does not exist", type="SecurityGroupRuleNotFound")

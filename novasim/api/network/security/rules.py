"""/v2.0/security-group-rules. A rule is stored in its group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.api.collections import select_fields
from novasim.api.context import Context
from novasim.api.network.filters import matches_filters
from novasim.api.network.lists import list_view, read_limit
from novasim.api.network.quotas import check_quota
from novasim.api.network.revisions import check_revision
from novasim.api.network.security.groups import rule_view, security_groups
from novasim.api.network.security.validation import build_rule, check_new
from novasim.api.network.tables import RULE
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.records import SecurityGroup
from novasim.strutils import without_fraction


def index(ctx: Context) -> dict[str, Any]:
    """GET /v2.0/security-group-rules: the rules of all visible groups. 400, 404."""
    if (marker := ctx.query("marker")) and read_limit(ctx):
        _find(ctx, marker)
    views = [rule_view(group, rule) for group, rule in _iter_visible(ctx)]
    return list_view(ctx, "security_group_rules", views, lambda view: matches_filters(ctx, view, RULE))


def show(ctx: Context, id: str) -> dict[str, Any]:
    """GET /v2.0/security-group-rules/{id}: one rule. 404."""
    return {"security_group_rule": select_fields(ctx, rule_view(*_find(ctx, id)))}


def create(ctx: Context) -> Response:
    """POST /v2.0/security-group-rules: create a rule, or several of one group. 400, 403, 404, 409."""
    if "security_group_rules" in ctx.body:
        bodies = ctx.body["security_group_rules"]
        _check_same_group(bodies)
        return Response(201, {"security_group_rules": [_create_one(ctx, body) for body in bodies]})
    return Response(201, {"security_group_rule": _create_one(ctx, ctx.body["security_group_rule"])})


def _check_same_group(bodies: list[dict[str, Any]]) -> None:
    """Refuse (400) rules of several groups in one request."""
    if len({body["security_group_id"] for body in bodies}) > 1:
        raise BadRequest(
            reason="Only allowed to update rules for one security profile at a time",
            type="SecurityGroupNotSingleGroupRules",
        )


def _create_one(ctx: Context, body: dict[str, Any]) -> dict[str, Any]:
    group = security_groups.get_own(ctx, body["security_group_id"])
    check_quota(ctx.world, group.project_id, "security_group_rule")
    rule = build_rule(ctx.world, body)
    if remote := body.get("remote_group_id"):
        security_groups.get_or_404(ctx, remote)
    check_new(group.rules, rule)
    group.rules.append(rule)
    group.revision += 1
    ctx.world.tx.put(group)
    return rule_view(group, rule)


def update(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/security-group-rules/{id}: change the description of a rule. 400, 403, 404, 412."""
    group, rule = _find(ctx, id)
    security_groups.get_own(ctx, group.id)
    check_revision(ctx, rule_view(group, rule)["revision_number"])
    rule["revision_number"] = rule.get("revision_number", 0) + 1
    rule["updated_at"] = without_fraction(ctx.world.time)
    rule["description"] = ctx.body["security_group_rule"].get("description") or ""
    ctx.world.tx.put(group)
    return {"security_group_rule": rule_view(group, rule)}


def delete(ctx: Context, id: str) -> Response:
    """DELETE /v2.0/security-group-rules/{id}: delete a rule. 400, 403, 404, 412."""
    group, rule = _find(ctx, id)
    security_groups.get_own(ctx, group.id)
    check_revision(ctx, rule_view(group, rule)["revision_number"])
    group.rules.remove(rule)
    group.revision += 1
    ctx.world.tx.put(group)
    return Response(204)


def _iter_visible(ctx: Context) -> Iterator[tuple[SecurityGroup, dict[str, Any]]]:
    for group in ctx.world.tx.query(SecurityGroup):
        if ctx.caller.is_admin or group.project_id == ctx.caller.project_id:
            yield from ((group, rule) for rule in group.rules)


def _find(ctx: Context, id: str) -> tuple[SecurityGroup, dict[str, Any]]:
    for group, rule in _iter_visible(ctx):
        if rule["id"] == id:
            return group, rule
    raise NotFound(reason=f"Security group rule {id} does not exist", type="SecurityGroupRuleNotFound")

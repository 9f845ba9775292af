"""/v2.0/security-groups."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.resource import Resource
from novasim.api.network.security.validation import build_rule
from novasim.api.network.tables import SECURITY_GROUP
from novasim.errors import Conflict
from novasim.records import Port, SecurityGroup


def _view(ctx: Context, group: SecurityGroup) -> dict[str, Any]:
    rules = [rule_view(group, rule) for rule in group.rules]
    view = common_view(group) | attribute_view(ctx, SECURITY_GROUP, group)
    return view | {"security_group_rules": rules, "shared": False}


def rule_view(group: SecurityGroup, rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the network service shows it."""
    return {
        "updated_at": rule["created_at"],
        "revision_number": 0,
        **rule,
        "security_group_id": group.id,
        "tenant_id": group.project_id,
        "project_id": group.project_id,
        "remote_address_group_id": None,
        "normalized_cidr": _normalize(rule.get("remote_ip_prefix")),
        "tags": [],
    }


def _normalize(prefix: str | None) -> str | None:
    """The network of an address with a prefix length."""
    import ipaddress

    return str(ipaddress.ip_network(prefix, strict=False)) if prefix else None


def _check_name(body: dict[str, Any]) -> None:
    """Refuse (409) the name of the default group, in any case."""
    if (body.get("name") or "").lower() == "default":
        raise Conflict(reason="Default security group already exists.", type="SecurityGroupDefaultAlreadyExists")


def _create(ctx: Context, body: dict[str, Any]) -> SecurityGroup:
    _check_name(body)
    group = SecurityGroup(
        id=ctx.world.ids.uuid(),
        project_id=read_project_id(ctx, body),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **build_fields(ctx, SECURITY_GROUP, body, "security_group"),
    )
    group.rules = [build_rule(ctx.world, {"direction": "egress", "ethertype": family}) for family in ("IPv4", "IPv6")]
    return group


def _apply_update(ctx: Context, group: SecurityGroup, body: dict[str, Any]) -> None:
    """A security group has no attributes with code of their own."""


def _delete(ctx: Context, group: SecurityGroup) -> None:
    if group.name == "default" and not ctx.caller.is_admin:
        raise Conflict(
            reason="Insufficient rights for removing default security group.",
            type="SecurityGroupCannotRemoveDefault",
        )
    if any(group.id in port.security_groups for port in ctx.world.tx.query(Port)):
        raise Conflict(reason=f"Security Group {group.id} in use.", type="SecurityGroupInUse")
    _delete_rules_naming(ctx, group)
    ctx.world.tx.delete(group)


def _delete_rules_naming(ctx: Context, group: SecurityGroup) -> None:
    """Delete the rules of other groups whose remote group is deleted. Source: Neutron's SecurityGroupRule model."""
    for other in ctx.world.tx.query(SecurityGroup):
        kept = [rule for rule in other.rules if rule.get("remote_group_id") != group.id]
        if len(kept) < len(other.rules):
            other.rules = kept
            ctx.world.tx.put(other)


class _SecurityGroups(Resource[SecurityGroup]):
    def update(self, ctx: Context, id: str) -> dict[str, Any]:
        """PUT /v2.0/security-groups/{id}: change a group. The name "default" cannot change. 400, 403, 404, 409."""
        body = ctx.body["security_group"]
        _check_name(body)
        if "name" in body and self.get_own(ctx, id).name == "default":
            raise Conflict(
                reason="Updating default security group not allowed.", type="SecurityGroupCannotUpdateDefault"
            )
        return super().update(ctx, id)


security_groups = _SecurityGroups(SecurityGroup, "security_group", _view, _create, _apply_update, _delete)

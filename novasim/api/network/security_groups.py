"""/v2.0/security-groups."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import common, new_fields, project_of, shown
from novasim.api.network.resource import Resource
from novasim.api.network.rule_checks import rule_from
from novasim.api.network.tables import SECURITY_GROUP
from novasim.errors import Conflict
from novasim.records import Port, SecurityGroup


def _view(ctx: Context, group: SecurityGroup) -> dict[str, Any]:
    rules = [rule_view(group, rule) for rule in group.rules]
    own = {"security_group_rules": rules, "shared": False}
    return common(group) | shown(ctx, SECURITY_GROUP, group) | own


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
    }


def _make(ctx: Context, asked: dict[str, Any]) -> SecurityGroup:
    if asked.get("name") == "default":
        raise Conflict(reason="Default security group already exists.", type="SecurityGroupDefaultAlreadyExists")
    group = SecurityGroup(
        id=ctx.world.ids.uuid(),
        project_id=project_of(ctx, asked),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **new_fields(ctx, SECURITY_GROUP, asked, "security_group"),
    )
    group.rules = [rule_from(ctx.world, {"direction": "egress", "ethertype": family}) for family in ("IPv4", "IPv6")]
    return group


def _change(ctx: Context, group: SecurityGroup, asked: dict[str, Any]) -> None:
    """Nothing of its own: the attributes say it all."""


def _remove(ctx: Context, group: SecurityGroup) -> None:
    if group.name == "default" and not ctx.caller.is_admin:
        raise Conflict(
            reason="Insufficient rights for removing default security group.",
            type="SecurityGroupCannotRemoveDefault",
        )
    if any(group.id in port.security_groups for port in ctx.world.tx.query(Port, {"project_id": group.project_id})):
        raise Conflict(reason=f"Security Group {group.id} in use.", type="SecurityGroupInUse")
    ctx.world.tx.delete(group)


class _Groups(Resource[SecurityGroup]):
    def update(self, ctx: Context, id: str) -> dict[str, Any]:
        """Change a group; the default one keeps its name, and no other takes it."""
        asked = ctx.body["security_group"]
        if "name" in asked and "default" in (asked["name"], self.own(ctx, id).name):
            raise Conflict(
                reason="Updating default security group not allowed.", type="SecurityGroupCannotUpdateDefault"
            )
        return super().update(ctx, id)


groups = _Groups(SecurityGroup, "security_group", _view, _make, _change, _remove)

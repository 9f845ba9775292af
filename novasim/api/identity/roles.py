"""/v3/roles."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.common import check_free, found, given, listed, matching, require_admin, url
from novasim.api.request import Response
from novasim.records import Role, User


def index(ctx: Context) -> dict[str, Any]:
    """All roles (administrators); filter name."""
    require_admin(ctx, "list_roles")
    return listed(ctx, "roles", [view(ctx, each) for each in matching(ctx, ctx.world.tx.query(Role))])


def show(ctx: Context, role_id: str) -> dict[str, Any]:
    """One role."""
    require_admin(ctx, "get_role")
    return {"role": view(ctx, found(ctx, Role, role_id))}


def create(ctx: Context) -> Response:
    """A role of one's own, for policy rules to ask for."""
    require_admin(ctx, "create_role")
    asked = given(ctx, "role", ("name", "description"), required=("name",))
    check_free(ctx, Role, asked["name"])
    id, description = ctx.world.ids.uuid().replace("-", ""), asked.get("description") or ""
    role = Role(id=id, name=asked["name"], description=description)
    ctx.world.tx.put(role)
    return Response(201, {"role": view(ctx, role)})


def update(ctx: Context, role_id: str) -> dict[str, Any]:
    """Another description, or another name, under which everybody keeps the role."""
    require_admin(ctx, "update_role")
    role = found(ctx, Role, role_id)
    asked = given(ctx, "role", ("name", "description"))
    if asked.get("name", role.name) != role.name:
        check_free(ctx, Role, asked["name"] or "", but=role_id)
        _rename(ctx, role.name, asked["name"])
        role.name = asked["name"]
    role.description = asked.get("description", role.description) or ""
    ctx.world.tx.put(role)
    return {"role": view(ctx, role)}


def _rename(ctx: Context, old: str, new: str) -> None:
    for user in ctx.world.tx.query(User):
        if any(old in names for names in user.roles.values()):
            user.roles = {where: _renamed(names, old, new) for where, names in user.roles.items()}
            user.credentials = [each | {"roles": _renamed(each["roles"], old, new)} for each in user.credentials]
            ctx.world.tx.put(user)


def _renamed(names: list[str], old: str, new: str) -> list[str]:
    return [new if name == old else name for name in names]


def delete(ctx: Context, role_id: str) -> Response:
    """Remove a role, from everybody who has it too."""
    require_admin(ctx, "delete_role")
    role = found(ctx, Role, role_id)
    ctx.world.tx.delete(role)
    for user in ctx.world.tx.query(User):
        if any(role.name in names for names in user.roles.values()):
            kept = {where: [name for name in names if name != role.name] for where, names in user.roles.items()}
            user.roles = {where: names for where, names in kept.items() if names}
            ctx.world.tx.put(user)
    return Response(204)


def view(ctx: Context, role: Role) -> dict[str, Any]:
    """A role as Keystone shows it."""
    return {
        "id": role.id,
        "name": role.name,
        "domain_id": None,
        "description": role.description or None,
        "options": {},
        "links": {"self": url(ctx, f"roles/{role.id}")},
    }

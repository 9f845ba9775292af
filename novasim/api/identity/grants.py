"""/v3/{scope}/users/{id}/roles and /v3/{scope}/groups/{id}/roles: the roles of a user or group in a scope."""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.identity.resources import (
    DOMAIN_SCOPE,
    SYSTEM_SCOPE,
    collection_view,
    get_domain_or_404,
    get_or_404,
    require_admin,
)
from novasim.api.identity.roles import role_view
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import Group, Project, Role, User


class Grant(NamedTuple):
    """A role that a user or a group has or gets in a scope; *scope* is a key of `User.roles`."""

    actor: User | Group
    scope: str
    role: Role


def index(ctx: Context, **ids: str) -> dict[str, Any]:
    """GET .../roles: the roles of a user or group in a scope. 403, 404."""
    require_admin(ctx, "list_grants")
    names = _find_actor(ctx, ids).roles.get(_find_scope(ctx, ids), [])
    roles = [role for role in ctx.world.tx.query(Role) if role.name in names]
    return collection_view(ctx, "roles", [role_view(ctx, role) for role in roles])


def create(ctx: Context, **ids: str) -> Response:
    """PUT .../roles/{id}: assign a role; the user or group may have it already. 403, 404."""
    require_admin(ctx, "create_grant")
    actor, scope, role = _find_grant(ctx, ids)
    names = actor.roles.setdefault(scope, [])
    if role.name not in names:
        names.append(role.name)
        ctx.world.tx.put(actor)
    return Response(204)


def check(ctx: Context, **ids: str) -> Response:
    """GET, HEAD .../roles/{id}: whether a user or group has a role. 403, 404."""
    require_admin(ctx, "check_grant")
    _require_assigned(_find_grant(ctx, ids))
    return Response(204)


def delete(ctx: Context, **ids: str) -> Response:
    """DELETE .../roles/{id}: remove an assignment. 403, 404."""
    require_admin(ctx, "revoke_grant")
    actor, scope, role = grant = _find_grant(ctx, ids)
    _require_assigned(grant)
    actor.roles[scope].remove(role.name)
    if not actor.roles[scope]:
        del actor.roles[scope]
    ctx.world.tx.put(actor)
    return Response(204)


def _find_grant(ctx: Context, ids: dict[str, str]) -> Grant:
    return Grant(_find_actor(ctx, ids), _find_scope(ctx, ids), get_or_404(ctx, Role, ids["role_id"]))


def _find_actor(ctx: Context, ids: dict[str, str]) -> User | Group:
    return get_or_404(ctx, User, ids["user_id"]) if "user_id" in ids else get_or_404(ctx, Group, ids["group_id"])


def _find_scope(ctx: Context, ids: dict[str, str]) -> str:
    """Return the key of `User.roles` for the project or domain in the path, which must exist, or for the system."""
    if "project_id" in ids:
        return get_or_404(ctx, Project, ids["project_id"]).id
    return DOMAIN_SCOPE + get_domain_or_404(ctx, ids["domain_id"]).id if "domain_id" in ids else SYSTEM_SCOPE


def _require_assigned(grant: Grant) -> None:
    actor, scope, role = grant
    if role.name not in actor.roles.get(scope, []):
        raise NotFound(
            reason=f"Could not find role assignment with role: {role.id}, user or group: {actor.id}, "
            f"project, domain, or system: {scope.removeprefix(DOMAIN_SCOPE).removeprefix('system:')}."
        )

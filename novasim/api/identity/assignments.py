"""Role assignments: the roles of users in projects, in domains and in the system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.identity.resources import (
    DOMAIN_SCOPE,
    SYSTEM_SCOPE,
    collection_view,
    find_domain,
    get_domain_or_404,
    get_or_404,
    reference_view,
    require_admin,
    url,
)
from novasim.api.identity.roles import role_view
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import Project, Role, User

FALSE = ("False", "false", "0")


class Assignment(NamedTuple):
    """A role that a user has in a scope; *scope* is a key of `User.roles`."""

    user: User
    scope: str
    role: Role


def index(ctx: Context) -> dict[str, Any]:
    """
    GET /v3/role_assignments: all assignments. 403.

    Filters: user.id, role.id, scope.project.id, scope.domain.id, scope.system. include_names adds the names.
    """
    require_admin(ctx, "list_role_assignments")
    include_names = ctx.query("include_names") is not None and ctx.query("include_names") not in FALSE
    assignments = [each for each in _iter_assignments(ctx) if _matches_query(ctx, each)]
    return collection_view(ctx, "role_assignments", [_view(ctx, each, include_names) for each in assignments])


def list_roles(ctx: Context, user_id: str, project_id: str = "", domain_id: str = "") -> dict[str, Any]:
    """GET /v3/{scope}/users/{id}/roles: the roles of a user in a scope. 403, 404."""
    require_admin(ctx, "list_grants")
    names = get_or_404(ctx, User, user_id).roles.get(_find_scope(ctx, project_id, domain_id), [])
    roles = [role for role in ctx.world.tx.query(Role) if role.name in names]
    return collection_view(ctx, "roles", [role_view(ctx, role) for role in roles])


def grant(ctx: Context, user_id: str, role_id: str, project_id: str = "", domain_id: str = "") -> Response:
    """PUT /v3/{scope}/users/{id}/roles/{id}: assign a role; the user may have it already. 403, 404."""
    require_admin(ctx, "create_grant")
    user, scope, role = _find_parts(ctx, user_id, role_id, project_id, domain_id)
    names = user.roles.setdefault(scope, [])
    if role.name not in names:
        names.append(role.name)
        ctx.world.tx.put(user)
    return Response(204)


def check(ctx: Context, user_id: str, role_id: str, project_id: str = "", domain_id: str = "") -> Response:
    """GET /v3/{scope}/users/{id}/roles/{id}: whether a user has a role. 403, 404."""
    require_admin(ctx, "check_grant")
    _require_assigned(_find_parts(ctx, user_id, role_id, project_id, domain_id))
    return Response(204)


def revoke(ctx: Context, user_id: str, role_id: str, project_id: str = "", domain_id: str = "") -> Response:
    """DELETE /v3/{scope}/users/{id}/roles/{id}: remove an assignment. 403, 404."""
    require_admin(ctx, "revoke_grant")
    user, scope, role = assignment = _find_parts(ctx, user_id, role_id, project_id, domain_id)
    _require_assigned(assignment)
    user.roles[scope].remove(role.name)
    if not user.roles[scope]:
        del user.roles[scope]
    ctx.world.tx.put(user)
    return Response(204)


def _find_scope(ctx: Context, project_id: str, domain_id: str) -> str:
    """Return the key of `User.roles` for a project or domain, which must exist; without an id, the system."""
    if project_id:
        return get_or_404(ctx, Project, project_id).id
    return DOMAIN_SCOPE + get_domain_or_404(ctx, domain_id).id if domain_id else SYSTEM_SCOPE


def _find_parts(ctx: Context, user_id: str, role_id: str, project_id: str, domain_id: str) -> Assignment:
    user = get_or_404(ctx, User, user_id)
    return Assignment(user, _find_scope(ctx, project_id, domain_id), get_or_404(ctx, Role, role_id))


def _require_assigned(assignment: Assignment) -> None:
    user, scope, role = assignment
    if role.name not in user.roles.get(scope, []):
        raise NotFound(
            reason=f"Could not find role assignment with role: {role.id}, user or group: {user.id}, "
            f"project, domain, or system: {scope.removeprefix(DOMAIN_SCOPE).removeprefix('system:')}."
        )


def _iter_assignments(ctx: Context) -> Iterator[Assignment]:
    roles = {role.name: role for role in ctx.world.tx.query(Role)}
    for user in ctx.world.tx.query(User):
        for scope, names in user.roles.items():
            for name in names:
                if name in roles and _scope_view(ctx, scope, False) is not None:
                    yield Assignment(user, scope, roles[name])


def _matches_query(ctx: Context, assignment: Assignment) -> bool:
    scopes = [ctx.query("scope.project.id")]
    scopes += [DOMAIN_SCOPE + id for id in ctx.queries("scope.domain.id")[-1:]]
    scopes += [SYSTEM_SCOPE for _ in ctx.queries("scope.system")[-1:]]
    return (
        ctx.query("user.id") in (None, assignment.user.id)
        and ctx.query("role.id") in (None, assignment.role.id)
        and all(scope in (None, assignment.scope) for scope in scopes)
    )


def _view(ctx: Context, assignment: Assignment, include_names: bool) -> dict[str, Any]:
    user, scope, role = assignment
    path = f"{_scope_path(scope)}/users/{user.id}/roles/{role.id}"
    return {
        "user": reference_view(ctx.world, user) if include_names else {"id": user.id},
        "scope": _scope_view(ctx, scope, include_names),
        "role": {"id": role.id, "name": role.name} if include_names else {"id": role.id},
        "links": {"assignment": url(ctx, path)},
    }


def _scope_view(ctx: Context, scope: str, include_names: bool) -> dict[str, Any] | None:
    """The scope of an assignment; None if the project or domain no longer exists."""
    if scope == SYSTEM_SCOPE:
        return {"system": {"all": True}}
    if scope.startswith(DOMAIN_SCOPE):
        domain = find_domain(ctx.world, scope.removeprefix(DOMAIN_SCOPE))
        name = {"name": domain.name} if domain and include_names else {}
        return {"domain": {"id": domain.id, **name}} if domain else None
    project = ctx.world.tx.get(Project, scope)
    if project is None:
        return None
    return {"project": reference_view(ctx.world, project) if include_names else {"id": project.id}}


def _scope_path(scope: str) -> str:
    if scope == SYSTEM_SCOPE:
        return "system"
    is_domain = scope.startswith(DOMAIN_SCOPE)
    return f"domains/{scope.removeprefix(DOMAIN_SCOPE)}" if is_domain else f"projects/{scope}"

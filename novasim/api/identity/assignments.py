"""Who has which role in which project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.api.context import Context
from novasim.api.identity.common import DOMAIN, found, listed, require_admin, url
from novasim.api.identity.roles import view
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import Project, Role, User

Assignment = tuple[User, Project, Role]


def index(ctx: Context) -> dict[str, Any]:
    """All assignments; filters user.id, role.id, scope.project.id; include_names adds the names."""
    require_admin(ctx, "list_role_assignments")
    wanted = (ctx.query("user.id"), ctx.query("scope.project.id"), ctx.query("role.id"))
    named = ctx.query("include_names") is not None and ctx.query("include_names") != "False"
    kept = [
        each
        for each in _all(ctx)
        if all(want in (None, part.id) for want, part in zip(wanted, each, strict=True))
    ]  # fmt: skip
    return listed(ctx, "role_assignments", [_shown(ctx, each, named) for each in kept])


def roles_of(ctx: Context, project_id: str, user_id: str) -> dict[str, Any]:
    """The roles of a user in a project."""
    require_admin(ctx, "list_grants")
    user, project = found(ctx, User, user_id), found(ctx, Project, project_id)
    names = user.roles.get(project.id, [])
    return listed(ctx, "roles", [view(ctx, role) for role in ctx.world.tx.all(Role) if role.name in names])


def grant(ctx: Context, project_id: str, user_id: str, role_id: str) -> Response:
    """Give a role; giving it twice is no mistake."""
    require_admin(ctx, "create_grant")
    user, project, role = _parts(ctx, user_id, project_id, role_id)
    names = user.roles.setdefault(project.id, [])
    if role.name not in names:
        names.append(role.name)
        ctx.world.tx.put(user)
    return Response(204)


def check(ctx: Context, project_id: str, user_id: str, role_id: str) -> Response:
    """204 if the user has the role in the project, else 404."""
    require_admin(ctx, "check_grant")
    _require(_parts(ctx, user_id, project_id, role_id))
    return Response(204)


def revoke(ctx: Context, project_id: str, user_id: str, role_id: str) -> Response:
    """Take a role away."""
    require_admin(ctx, "revoke_grant")
    user, project, role = parts = _parts(ctx, user_id, project_id, role_id)
    _require(parts)
    user.roles[project.id].remove(role.name)
    if not user.roles[project.id]:
        del user.roles[project.id]
    ctx.world.tx.put(user)
    return Response(204)


def _parts(ctx: Context, user_id: str, project_id: str, role_id: str) -> Assignment:
    return found(ctx, User, user_id), found(ctx, Project, project_id), found(ctx, Role, role_id)


def _require(parts: Assignment) -> None:
    user, project, role = parts
    if role.name not in user.roles.get(project.id, []):
        raise NotFound(
            reason=f"Could not find role assignment with role: {role.id}, user or group: {user.id}, "
            f"project, domain, or system: {project.id}."
        )


def _all(ctx: Context) -> Iterator[Assignment]:
    roles = {role.name: role for role in ctx.world.tx.all(Role)}
    for user in ctx.world.tx.all(User):
        for project_id, names in user.roles.items():
            project = ctx.world.tx.get(Project, project_id)
            for name in names:
                if project is not None and name in roles:
                    yield user, project, roles[name]


def _shown(ctx: Context, assignment: Assignment, named: bool) -> dict[str, Any]:
    user, project, role = assignment
    domain = {"domain": {"id": DOMAIN["id"], "name": DOMAIN["name"]}} if named else {}
    path = f"projects/{project.id}/users/{user.id}/roles/{role.id}"
    return {
        "user": _named(user, named) | domain,
        "scope": {"project": _named(project, named) | domain},
        "role": _named(role, named),
        "links": {"assignment": url(ctx, path)},
    }


def _named(thing: User | Project | Role, named: bool) -> dict[str, Any]:
    return {"id": thing.id, "name": thing.name} if named else {"id": thing.id}

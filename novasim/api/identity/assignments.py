"""Who has which role where: in a project, in a domain, or in the whole system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.identity.common import SYSTEM, domain, domain_with, found, listed, named, require_admin, url
from novasim.api.identity.roles import view
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import Project, Role, User

IN_DOMAIN = "domain:"


class Assignment(NamedTuple):
    """A role that a user has; *where* is a key of `User.roles`."""

    user: User
    where: str
    role: Role


def index(ctx: Context) -> dict[str, Any]:
    """
    All assignments; filters user.id, role.id, scope.project.id, scope.domain.id, scope.system; include_names adds the
    names.
    """
    require_admin(ctx, "list_role_assignments")
    include_names = ctx.query("include_names") not in (None, "0")  # keystone/server/flask, query_filter_is_true
    return listed(ctx, "role_assignments", [_shown(ctx, each, include_names) for each in _all(ctx) if _fits(ctx, each)])


def roles_of(ctx: Context, user_id: str, project_id: str = "", domain_id: str = "") -> dict[str, Any]:
    """The roles of a user in one place."""
    require_admin(ctx, "list_grants")
    names = found(ctx, User, user_id).roles.get(_where(ctx, project_id, domain_id), [])
    return listed(ctx, "roles", [view(ctx, role) for role in ctx.world.tx.query(Role) if role.name in names])


def grant(ctx: Context, user_id: str, role_id: str, project_id: str = "", domain_id: str = "") -> Response:
    """Give a role; giving it twice is no mistake."""
    require_admin(ctx, "create_grant")
    user, where, role = _parts(ctx, user_id, role_id, project_id, domain_id)
    names = user.roles.setdefault(where, [])
    if role.name not in names:
        names.append(role.name)
        ctx.world.tx.put(user)
    return Response(204)


def check(ctx: Context, user_id: str, role_id: str, project_id: str = "", domain_id: str = "") -> Response:
    """204 if the user has the role there, else 404."""
    require_admin(ctx, "check_grant")
    _require(_parts(ctx, user_id, role_id, project_id, domain_id))
    return Response(204)


def revoke(ctx: Context, user_id: str, role_id: str, project_id: str = "", domain_id: str = "") -> Response:
    """Take a role away."""
    require_admin(ctx, "revoke_grant")
    user, where, role = parts = _parts(ctx, user_id, role_id, project_id, domain_id)
    _require(parts)
    user.roles[where].remove(role.name)
    if not user.roles[where]:
        del user.roles[where]
    ctx.world.tx.put(user)
    return Response(204)


def _where(ctx: Context, project_id: str, domain_id: str) -> str:
    """The key of `User.roles` for a place that must exist; without any id the system."""
    if project_id:
        return found(ctx, Project, project_id).id
    return IN_DOMAIN + domain(ctx, domain_id).id if domain_id else SYSTEM


def _parts(ctx: Context, user_id: str, role_id: str, project_id: str, domain_id: str) -> Assignment:
    user = found(ctx, User, user_id)
    return Assignment(user, _where(ctx, project_id, domain_id), found(ctx, Role, role_id))


def _require(parts: Assignment) -> None:
    user, where, role = parts
    if role.name not in user.roles.get(where, []):
        raise NotFound(
            reason=f"Could not find role assignment with role: {role.id}, user or group: {user.id}, "
            f"project, domain, or system: {where.removeprefix(IN_DOMAIN).removeprefix('system:')}."
        )


def _all(ctx: Context) -> Iterator[Assignment]:
    roles = {role.name: role for role in ctx.world.tx.query(Role)}
    for user in ctx.world.tx.query(User):
        for where, names in user.roles.items():
            for name in names:
                if name in roles and _scope(ctx, where, False) is not None:
                    yield Assignment(user, where, roles[name])


def _fits(ctx: Context, each: Assignment) -> bool:
    asked = [ctx.query("scope.project.id")]
    asked += [IN_DOMAIN + id for id in ctx.queries("scope.domain.id")[-1:]]
    asked += [SYSTEM for _ in ctx.queries("scope.system")[-1:]]
    wanted = [(ctx.query("user.id"), each.user.id), (ctx.query("role.id"), each.role.id)]
    return all(want in (None, own) for want, own in [*wanted, *((where, each.where) for where in asked)])


def _shown(ctx: Context, each: Assignment, include_names: bool) -> dict[str, Any]:
    user = named(ctx.world, each.user) if include_names else {"id": each.user.id}
    role = {"id": each.role.id, "name": each.role.name} if include_names else {"id": each.role.id}
    path = f"users/{each.user.id}/roles/{each.role.id}"
    return {
        "user": user,
        "scope": _scope(ctx, each.where, include_names),
        "role": role,
        "links": {"assignment": url(ctx, f"{_path(each.where)}/{path}")},
    }


def _scope(ctx: Context, where: str, include_names: bool) -> dict[str, Any] | None:
    """A place as assignments show it; None if it is no more."""
    if where == SYSTEM:
        return {"system": {"all": True}}
    if where.startswith(IN_DOMAIN):
        home = domain_with(ctx.world, where.removeprefix(IN_DOMAIN))
        name = {"name": home.name} if home and include_names else {}
        return {"domain": {"id": home.id, **name}} if home else None
    project = ctx.world.tx.get(Project, where)
    if project is None:
        return None
    return {"project": named(ctx.world, project) if include_names else {"id": project.id}}


def _path(where: str) -> str:
    if where == SYSTEM:
        return "system"
    return f"domains/{where.removeprefix(IN_DOMAIN)}" if where.startswith(IN_DOMAIN) else f"projects/{where}"

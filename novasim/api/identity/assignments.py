"""/v3/role_assignments: who has which role where. Source: keystone/api/role_assignments.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from novasim.api.context import Context
from novasim.api.identity.hierarchy import list_subtree
from novasim.api.identity.resources import (
    DOMAIN_SCOPE,
    SYSTEM_SCOPE,
    collection_view,
    find_domain,
    find_domain_of_token,
    get_or_404,
    is_option_set,
    list_actors,
    reference_view,
    require_admin,
    url,
)
from novasim.api.identity.roles import INCLUDED
from novasim.errors import BadRequest
from novasim.records import Group, Project, Role, User

Object = dict[str, Any]

CONFLICTING = (
    ("scope.domain.id", "scope.project.id", "Specify a domain or project, not both"),
    ("scope.domain.id", "scope.system", "Specify system or domain, not both"),
    ("scope.project.id", "scope.system", "Specify system or project, not both"),
    ("user.id", "group.id", "Specify a user or group, not both"),
)
"""Two filters, and the message of their refusal."""


class Assignment(NamedTuple):
    """
    A role that a user or a group has in a scope.

    Args:
        scope: A key of `User.roles`. group: From which the user has the role. prior: The role that includes this one.
    """

    actor: User | Group
    scope: str
    role: Role
    group: Group | None = None
    prior: Role | None = None


def index(ctx: Context) -> Object:
    """
    GET /v3/role_assignments: all assignments. 400, 403, 404.

    Filters: user.id, group.id, role.id, scope.project.id, scope.domain.id, scope.system. include_subtree adds the
    projects below that of the filter, include_names the names. effective replaces groups by their users, and adds the
    roles that others include. No assignment is inherited.
    """
    require_admin(ctx, "list_role_assignments")
    _check_query(ctx)
    is_effective, scopes = is_option_set(ctx, "effective"), _find_scopes(ctx)
    assignments = _iter_effective(ctx) if is_effective else _iter_assignments(ctx)
    include_names = is_option_set(ctx, "include_names")
    views = [_view(ctx, each, include_names) for each in _select(ctx, assignments, scopes)]
    return collection_view(ctx, "role_assignments", views)


def _check_query(ctx: Context) -> None:
    """
    Check filters that exclude each other.

    Raises:
        BadRequest: the query has both (400).
    """
    for first, second, reason in CONFLICTING:
        if ctx.query(first) and ctx.query(second):
            raise BadRequest(reason=reason)
    if is_option_set(ctx, "effective") and ctx.query("group.id"):
        raise BadRequest(reason="Combining effective and group filter will always result in an empty list.")
    if is_option_set(ctx, "include_subtree") and not ctx.query("scope.project.id"):
        raise BadRequest(reason="scope.project.id must be specified if include_subtree is also specified")


def _find_scopes(ctx: Context) -> list[str] | None:
    """The scopes of the query's filters, as keys of `User.roles`; None without a filter."""
    if ctx.query("scope.system"):
        return [SYSTEM_SCOPE]
    if domain_id := ctx.query("scope.domain.id"):
        return [DOMAIN_SCOPE + domain_id]
    if not (project_id := ctx.query("scope.project.id")):
        return None
    if not is_option_set(ctx, "include_subtree"):
        return [project_id]
    project = get_or_404(ctx, Project, project_id)
    return [project_id, *(each.id for each in list_subtree(ctx.world, project))]


def _iter_assignments(ctx: Context) -> Iterator[Assignment]:
    roles = {role.name: role for role in ctx.world.tx.query(Role)}
    for actor in list_actors(ctx.world):
        for scope, names in actor.roles.items():
            for name in names:
                if name in roles and _scope_view(ctx, scope, False) is not None:
                    yield Assignment(actor, scope, roles[name])


def _iter_effective(ctx: Context) -> Iterator[Assignment]:
    roles = {role.name: role for role in ctx.world.tx.query(Role)}
    users = ctx.world.tx.query(User)
    for assignment in _iter_assignments(ctx):
        if assignment.role.domain_id is not None:  # only the roles that it includes are effective, and it includes none
            continue
        group = assignment.actor if isinstance(assignment.actor, Group) else None
        members = [user for user in users if group.id in user.groups] if group else [assignment.actor]
        for actor in members:
            yield (each := assignment._replace(actor=actor, group=group))
            while included := roles.get(INCLUDED.get(each.role.name, "")):
                yield (each := each._replace(role=included, prior=each.role))


def _select(ctx: Context, assignments: Iterator[Assignment], scopes: list[str] | None) -> Iterator[Assignment]:
    """The assignments that match the query's filters."""
    user_id, group_id, role_id = (ctx.query(name) for name in ("user.id", "group.id", "role.id"))
    domain_id = find_domain_of_token(ctx)
    if ctx.query("scope.OS-INHERIT:inherited_to") == "projects":
        return
    for each in assignments:
        own, other = (group_id, user_id) if isinstance(each.actor, Group) else (user_id, group_id)
        if domain_id and domain_id != _domain_of(ctx, each.scope):
            continue
        is_actor = own in (None, each.actor.id) and other is None
        if is_actor and role_id in (None, each.role.id) and (scopes is None or each.scope in scopes):
            yield each


def _domain_of(ctx: Context, scope: str) -> str:
    """The id of the domain to which a scope belongs; "" for the system."""
    project = ctx.world.tx.get(Project, scope)
    return project.domain_id if project else scope.removeprefix(DOMAIN_SCOPE) if scope != SYSTEM_SCOPE else ""


def _view(ctx: Context, assignment: Assignment, include_names: bool) -> Object:
    actor, scope, role, group, prior = assignment
    kind = "group" if isinstance(actor, Group) else "user"
    holder = f"groups/{group.id}" if group else f"{kind}s/{actor.id}"
    links = {"assignment": url(ctx, f"{_scope_path(scope)}/{holder}/roles/{(prior or role).id}")}
    if group:
        links["membership"] = url(ctx, f"groups/{group.id}/users/{actor.id}")
    if prior:
        links["prior_role"] = url(ctx, f"prior_role/{role.id}/implies/{prior.id}")
    return {
        kind: reference_view(ctx.world, actor) if include_names else {"id": actor.id},
        "scope": _scope_view(ctx, scope, include_names),
        "role": {"id": role.id, "name": role.name} if include_names else {"id": role.id},
        "links": links,
    }


def _scope_view(ctx: Context, scope: str, include_names: bool) -> Object | None:
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

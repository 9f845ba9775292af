"""/v3/roles."""

from __future__ import annotations

from typing import Any

from novasim.api.callers import IMPLIED
from novasim.api.context import Context
from novasim.api.identity.bodies import keep_extra, read_body
from novasim.api.identity.resources import (
    check_name,
    collection_view,
    filter_records,
    get_or_404,
    list_actors,
    new_id,
    require_admin,
    url,
)
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.records import Role, Trust, User

TEXT_FIELDS = ("name", "description")
KNOWN = frozenset(("id", "domain_id", "options", "links", *TEXT_FIELDS))
INCLUDED = {name: implied[-1] for name, implied in IMPLIED.items()}
"""The role that each role includes directly: the last one of all that it includes."""


def index(ctx: Context) -> dict[str, Any]:
    """GET /v3/roles: the roles of no domain, or of the domain with the query's domain_id; filter name. 403."""
    require_admin(ctx, "list_roles")
    roles = filter_records(ctx, ctx.world.tx.query(Role))
    if ctx.query("domain_id") is None:
        roles = [each for each in roles if each.domain_id is None]
    return collection_view(ctx, "roles", [role_view(ctx, each) for each in roles])


def show(ctx: Context, role_id: str) -> dict[str, Any]:
    """GET /v3/roles/{id}: one role. 403, 404."""
    require_admin(ctx, "get_role")
    return {"role": role_view(ctx, get_or_404(ctx, Role, role_id))}


def create(ctx: Context) -> Response:
    """POST /v3/roles: create a role, to which policy rules can refer. 400, 403, 404, 409."""
    require_admin(ctx, "create_role")
    body = read_body(ctx, "role", TEXT_FIELDS, required=("name",))
    _check_name(ctx, body["name"])
    description = body.get("description") or ""
    role = Role(id=new_id(ctx), name=body["name"], description=description, domain_id=body.get("domain_id"))
    keep_extra(role, body, KNOWN)
    ctx.world.tx.put(role)
    return Response(201, {"role": role_view(ctx, role)})


def update(ctx: Context, role_id: str) -> dict[str, Any]:
    """PATCH /v3/roles/{id}: change attributes, or the name, also in all assignments. 400, 403, 404, 409."""
    require_admin(ctx, "update_role")
    role = get_or_404(ctx, Role, role_id)
    body = read_body(ctx, "role", TEXT_FIELDS)
    if body.get("name", role.name) != role.name:
        _check_name(ctx, body["name"] or "", exclude_id=role_id)
        _rename_in_assignments(ctx, role.name, body["name"])
        role.name = body["name"]
    role.description = body.get("description", role.description) or ""
    keep_extra(role, body, KNOWN)
    ctx.world.tx.put(role)
    return {"role": role_view(ctx, role)}


def _check_name(ctx: Context, name: str, exclude_id: str = "") -> None:
    """Check a name, which no other role of any domain may have: assignments and policy rules name a role only by it."""
    for domain_id in {None, *(role.domain_id for role in ctx.world.tx.query(Role))}:
        check_name(ctx, Role, name, exclude_id, domain_id)


def _rename_in_assignments(ctx: Context, old: str, new: str) -> None:
    for actor in list_actors(ctx.world):
        if any(old in names for names in actor.roles.values()):
            actor.roles = {scope: _replace(names, old, new) for scope, names in actor.roles.items()}
            ctx.world.tx.put(actor)
    for user in ctx.world.tx.query(User):
        if any(old in each["roles"] for each in user.credentials):
            user.credentials = [each | {"roles": _replace(each["roles"], old, new)} for each in user.credentials]
            ctx.world.tx.put(user)
    for trust in ctx.world.tx.query(Trust):
        if old in trust.roles:
            trust.roles = _replace(trust.roles, old, new)
            ctx.world.tx.put(trust)


def _replace(names: list[str], old: str, new: str) -> list[str]:
    return [new if name == old else name for name in names]


def delete(ctx: Context, role_id: str) -> Response:
    """DELETE /v3/roles/{id}: remove a role, its assignments and application credentials. 403, 404."""
    require_admin(ctx, "delete_role")
    role = get_or_404(ctx, Role, role_id)
    ctx.world.tx.delete(role)
    _end_delegations(ctx, role)
    for actor in list_actors(ctx.world):
        if any(role.name in names for names in actor.roles.values()):
            remaining = {scope: [name for name in names if name != role.name] for scope, names in actor.roles.items()}
            actor.roles = {scope: names for scope, names in remaining.items() if names}
            ctx.world.tx.put(actor)
    return Response(204)


def _end_delegations(ctx: Context, role: Role) -> None:
    """
    Delete the application credentials with a deleted role, and end its trusts, which remain without the role.

    They name a role, and would grant another one with the same name. Source: keystone/assignment/core.py delete_role.
    """
    for user in ctx.world.tx.query(User):
        if any(role.name in each["roles"] for each in user.credentials):
            user.credentials = [each for each in user.credentials if role.name not in each["roles"]]
            ctx.world.tx.put(user)
    for trust in ctx.world.tx.query(Trust):
        if role.name in trust.roles:
            trust.roles = _replace(trust.roles, role.name, role.id)  # no name of a role, so that nobody has it
            ctx.world.tx.put(trust)


def list_inferences(ctx: Context) -> dict[str, Any]:
    """GET /v3/role_inferences: the roles that include others, with those that they include directly. 403."""
    require_admin(ctx, "list_role_inference_rules")
    roles = {role.name: role for role in ctx.world.tx.query(Role)}
    views = [
        _inference_view(ctx, role, roles[INCLUDED[name]]) for name, role in roles.items() if INCLUDED.get(name) in roles
    ]
    return {"role_inferences": views, "links": {"self": url(ctx, "role_inferences"), "previous": None, "next": None}}


def show_inference(ctx: Context, role_id: str) -> dict[str, Any]:
    """GET /v3/roles/{id}/implies: the roles that a role includes directly. 403, 404."""
    require_admin(ctx, "list_implied_roles")
    role = get_or_404(ctx, Role, role_id)
    implied = ctx.world.tx.query(Role, {"name": INCLUDED.get(role.name, "")})
    view = {"prior_role": _reference(ctx, role), "implies": [_reference(ctx, each) for each in implied]}
    return {"role_inference": view, "links": {"self": url(ctx, f"roles/{role_id}/implies")}}


def check_inference(ctx: Context, role_id: str, implied: str) -> dict[str, Any]:
    """GET, HEAD /v3/roles/{id}/implies/{id}: whether a role includes another one directly. 403, 404."""
    require_admin(ctx, "get_implied_role")
    prior, other = get_or_404(ctx, Role, role_id), get_or_404(ctx, Role, implied)
    if INCLUDED.get(prior.name) != other.name:
        raise NotFound(reason=f"{role_id} does not imply {implied}.")
    links = {"self": url(ctx, f"roles/{role_id}/implies/{implied}")}
    inference = {"prior_role": _reference(ctx, prior), "implies": _reference(ctx, other)}
    return {"role_inference": inference, "links": links}


def _inference_view(ctx: Context, role: Role, implied: Role) -> dict[str, Any]:
    return {"prior_role": _reference(ctx, role), "implies": [_reference(ctx, implied)]}


def _reference(ctx: Context, role: Role) -> dict[str, Any]:
    return {"id": role.id, "name": role.name, "description": role.description, "links": role_view(ctx, role)["links"]}


def role_view(ctx: Context, role: Role) -> dict[str, Any]:
    """A role as Keystone shows it."""
    return {
        **role.extra,
        "id": role.id,
        "name": role.name,
        "domain_id": role.domain_id,
        "description": role.description or None,
        "options": {},
        "links": {"self": url(ctx, f"roles/{role.id}")},
    }

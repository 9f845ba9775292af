"""
/v3/OS-TRUST/trusts: rights that a user, the trustor, gives to another one, the trustee.

Source: keystone/api/trusts.py; keystone/trust/schema.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.callers import expand_roles
from novasim.api.context import Context
from novasim.api.identity.credentials import parse_time
from novasim.api.identity.resources import (
    collection_view,
    forbidden,
    get_or_404,
    read_body,
    require_admin,
    url,
)
from novasim.api.identity.roles import role_view
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden, NotFound, NotSimulated
from novasim.records import Project, Role, Trust, User
from novasim.simulation.time.clock import format_time

Object = dict[str, Any]

TRUST_SCOPE = "OS-TRUST:trust"
"""The key of a trust in the scope of an authentication, and in a token."""
PATH = "OS-TRUST/trusts"
TEXT_FIELDS = ("trustor_user_id", "trustee_user_id", "project_id", "expires_at")


def index(ctx: Context) -> Object:
    """GET /v3/OS-TRUST/trusts: all (administrators), or those of the trustor or trustee in the query. 403."""
    trustor, trustee = ctx.query("trustor_user_id"), ctx.query("trustee_user_id")
    rule = "list_trusts_for_trustor" if trustor else "list_trusts_for_trustee" if trustee else "list_trusts"
    require_admin(ctx, rule, is_own=(trustor or trustee) == ctx.caller.user_id)
    trusts = [
        each
        for each in ctx.world.tx.query(Trust)
        if _is_valid(ctx, each)
        and (each.trustor_user_id == trustor if trustor else trustee in (None, "", each.trustee_user_id))
    ]
    return collection_view(ctx, "trusts", [_view(ctx, each) for each in trusts])


def show(ctx: Context, trust_id: str) -> Object:
    """GET /v3/OS-TRUST/trusts/{id}: one trust, for its trustor and trustee. 403, 404."""
    trust = _get_visible(ctx, trust_id, "get_trust")
    return {"trust": _view(ctx, trust) | _roles_view(ctx, trust)}


def create(ctx: Context) -> Response:
    """
    POST /v3/OS-TRUST/trusts: create a trust of the caller.

    Raises:
        BadRequest: a field is missing or invalid (400).
        Forbidden: no roles are named, or the trustor is not the caller (403).
        NotFound: the trustee or project does not exist, or the trustor has not one of the roles (404).
        NotSimulated: the number of uses is limited (501).
    """
    body = read_body(ctx, "trust", TEXT_FIELDS, required=("trustor_user_id", "trustee_user_id"))
    if not isinstance(body.get("impersonation"), bool):
        raise BadRequest(reason="Invalid input for field 'impersonation': it is not of type 'boolean'")
    if body["trustor_user_id"] != ctx.caller.user_id or ctx.caller.restricted:
        raise forbidden("create_trust")
    if body.get("project_id") and not body.get("roles"):
        raise Forbidden(
            reason="You are not authorized to perform the requested action: At least one role should be specified."
        )
    get_or_404(ctx, User, body["trustee_user_id"])
    roles = _find_role_names(ctx, body)
    if body.get("remaining_uses") is not None:
        raise NotSimulated(reason="Trusts with a number of uses are not simulated. Remove remaining_uses.")
    expires = parse_time(body.get("expires_at"))
    if expires is not None and expires <= ctx.world.wall_time:
        raise BadRequest(reason="Expiration time must not be in the past.")
    trust = Trust(
        id=ctx.world.ids.uuid().replace("-", ""),
        trustor_user_id=body["trustor_user_id"],
        trustee_user_id=body["trustee_user_id"],
        impersonation=body["impersonation"],
        project_id=body.get("project_id"),
        roles=roles,
        expires=expires,
        allow_redelegation=bool(body.get("allow_redelegation")),
    )
    ctx.world.tx.put(trust)
    return Response(201, {"trust": _view(ctx, trust) | _roles_view(ctx, trust)})


def delete(ctx: Context, trust_id: str) -> Response:
    """DELETE /v3/OS-TRUST/trusts/{id}: remove a trust; its tokens become invalid. 403, 404."""
    trust = find_trust(ctx, trust_id)
    require_admin(ctx, "delete_trust", is_own=trust.trustor_user_id == ctx.caller.user_id)
    ctx.world.tx.delete(trust)
    return Response(204)


def list_roles(ctx: Context, trust_id: str) -> Object:
    """GET /v3/OS-TRUST/trusts/{id}/roles: the roles of a trust. 403, 404."""
    trust = _get_visible(ctx, trust_id, "list_roles_for_trust")
    return collection_view(ctx, "roles", _roles_view(ctx, trust)["roles"])


def show_role(ctx: Context, trust_id: str, role_id: str) -> Object:
    """GET, HEAD /v3/OS-TRUST/trusts/{id}/roles/{role_id}: one role of a trust. 403, 404."""
    trust = _get_visible(ctx, trust_id, "get_role_for_trust")
    for view in _roles_view(ctx, trust)["roles"]:
        if view["id"] == role_id:
            return {"role": view}
    raise NotFound(reason=f"Could not find role: {role_id}.")


def find_trust(ctx: Context, trust_id: str) -> Trust:
    """
    Return the trust with an id.

    Raises:
        NotFound: there is no such trust, or it has expired (404).
    """
    trust = ctx.world.tx.get(Trust, trust_id)
    if trust is None or not _is_valid(ctx, trust):
        raise NotFound(reason=f"Could not find trust: {trust_id}.")
    return trust


def _is_valid(ctx: Context, trust: Trust) -> bool:
    return trust.expires is None or ctx.world.wall_time < trust.expires


def _get_visible(ctx: Context, trust_id: str, rule: str) -> Trust:
    trust = find_trust(ctx, trust_id)
    require_admin(ctx, rule, is_own=ctx.caller.user_id in (trust.trustor_user_id, trust.trustee_user_id))
    return trust


def _find_role_names(ctx: Context, body: Object) -> list[str]:
    """Return the names of the requested roles, all of which the trustor has in the project."""
    references = body.get("roles") or []
    if not isinstance(references, list) or not all(isinstance(each, dict) for each in references):
        raise BadRequest(reason="Invalid input for field 'roles': it is not a list of objects.")
    trustor = get_or_404(ctx, User, body["trustor_user_id"])
    if project_id := body.get("project_id"):
        get_or_404(ctx, Project, project_id)
    assigned = expand_roles(trustor.roles.get(project_id or "", ()))
    by_id = {role.id: role.name for role in ctx.world.tx.query(Role)}
    names = []
    for each in references:
        name = by_id.get(str(each["id"])) if each.get("id") else each.get("name")
        if name not in assigned:
            raise NotFound(reason=f"Could not find role: {each.get('id') or each.get('name')}.")
        names.append(str(name))
    return names


def _view(ctx: Context, trust: Trust) -> Object:
    return {
        "id": trust.id,
        "trustor_user_id": trust.trustor_user_id,
        "trustee_user_id": trust.trustee_user_id,
        "impersonation": trust.impersonation,
        "project_id": trust.project_id,
        "expires_at": None if trust.expires is None else format_time(trust.expires),
        "deleted_at": None,
        "remaining_uses": None,
        "redelegated_trust_id": None,
        "redelegation_count": trust.redelegation_count,
        "links": {"self": url(ctx, f"{PATH}/{trust.id}")},
    }


def _roles_view(ctx: Context, trust: Trust) -> Object:
    roles = [role_view(ctx, each) for each in ctx.world.tx.query(Role) if each.name in trust.roles]
    links = {"self": url(ctx, f"{PATH}/{trust.id}/roles"), "next": None, "previous": None}
    return {"roles": roles, "roles_links": links}


def token_view(trust: Trust) -> Object:
    """A trust as the tokens show it that were issued for it."""
    return {
        "id": trust.id,
        "impersonation": trust.impersonation,
        "trustee_user": {"id": trust.trustee_user_id},
        "trustor_user": {"id": trust.trustor_user_id},
    }

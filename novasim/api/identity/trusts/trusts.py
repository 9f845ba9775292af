"""
/v3/OS-TRUST/trusts: rights that a user, the trustor, gives to another one, the trustee.

Source: keystone/api/trusts.py; keystone/trust/schema.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.callers import expand_roles, list_role_names
from novasim.api.context import Context
from novasim.api.identity.bodies import keep_extra, parse_expiry, read_body
from novasim.api.identity.resources import (
    collection_view,
    forbidden,
    forbidden_action,
    forbidden_without_reason,
    get_or_404,
    is_enabled_user,
    new_id,
    require_admin,
    url,
)
from novasim.api.identity.roles import role_view
from novasim.api.identity.trusts.delegation import find_chain
from novasim.api.identity.trusts.redelegation import redelegate
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Project, Role, Trust, User
from novasim.simulation.time.clock import format_time

Object = dict[str, Any]

TRUST_SCOPE = "OS-TRUST:trust"
"""The key of a trust in the scope of an authentication, and in a token."""
PATH = "OS-TRUST/trusts"
TEXT_FIELDS = ("trustor_user_id", "trustee_user_id", "project_id", "expires_at", "redelegated_trust_id")
COUNTS = {"remaining_uses": 1, "redelegation_count": 0}
"""By field: the least value."""
KNOWN = frozenset((*TEXT_FIELDS, *COUNTS, "id", "impersonation", "roles", "roles_links", "allow_redelegation", "links"))


def index(ctx: Context) -> Object:
    """GET /v3/OS-TRUST/trusts: all (administrators), or those of the trustor or trustee in the query. 403."""
    trustor, trustee = ctx.query("trustor_user_id"), ctx.query("trustee_user_id")
    rule = "list_trusts_for_trustor" if trustor else "list_trusts_for_trustee" if trustee else "list_trusts"
    require_admin(ctx, rule, is_own=(trustor or trustee) == ctx.caller.user_id)
    _refuse_credentials(ctx)
    where = {"trustor_user_id": trustor} if trustor else {"trustee_user_id": trustee} if trustee else {}
    trusts = ctx.world.tx.query(Trust, where) if where or not ctx.request.query else []
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
        Forbidden: no roles are named, the trustor is not the caller, the caller's token was issued for an application
            credential, or for a trust that does not allow this redelegation (403).
        NotFound: the trustee or project does not exist, or the trustor has not one of the roles (404).
        Conflict: there is such a trust that expires at the same time (409).
    """
    body = _read_body(ctx)
    if body["trustor_user_id"] != ctx.caller.user_id:
        raise forbidden("create_trust")
    _refuse_credentials(ctx)
    if body.get("project_id") and not body.get("roles"):
        raise forbidden_action("At least one role should be specified")
    get_or_404(ctx, User, body["trustee_user_id"])
    trust = Trust(
        id=new_id(ctx),
        trustor_user_id=body["trustor_user_id"],
        trustee_user_id=body["trustee_user_id"],
        impersonation=body["impersonation"],
        project_id=body.get("project_id"),
        roles=_find_role_names(ctx, body),
        expires=parse_expiry(ctx, body),
        remaining_uses=body.get("remaining_uses"),
    )
    redelegate(ctx, trust, body)
    _check_unique(ctx, trust)
    keep_extra(trust, body, KNOWN)
    ctx.world.tx.put(trust)
    return Response(201, {"trust": _view(ctx, trust) | _roles_view(ctx, trust)})


def delete(ctx: Context, trust_id: str) -> Response:
    """DELETE /v3/OS-TRUST/trusts/{id}: remove a trust, its tokens, and trusts redelegated from it. 403, 404."""
    trust = find_trust(ctx, trust_id)
    require_admin(ctx, "delete_trust", is_own=trust.trustor_user_id == ctx.caller.user_id)
    _refuse_credentials(ctx)
    _delete_recursively(ctx, trust)
    return Response(204)


def _delete_recursively(ctx: Context, trust: Trust) -> None:
    where = {"redelegated_trust_id": trust.id, "trustor_user_id": trust.trustor_user_id}
    for each in ctx.world.tx.query(Trust, where):
        _delete_recursively(ctx, each)
    ctx.world.tx.delete(trust)


def list_roles(ctx: Context, trust_id: str) -> Object:
    """GET /v3/OS-TRUST/trusts/{id}/roles: the roles of a trust. 403, 404."""
    trust = _get_visible(ctx, trust_id, "list_roles_for_trust")
    views = _roles_view(ctx, trust)
    return {"roles": views["roles"], "links": views["roles_links"]}


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
        NotFound: there is no such trust, it has expired or was used as often as it can be, or this is true of one that
            it was redelegated from (404). Forbidden: a trustee who redelegated it is disabled (403).
    """
    trust, *origins = find_chain(ctx.world, trust_id)
    if trust.remaining_uses is not None and trust.remaining_uses <= 0:
        raise NotFound(reason=f"Could not find trust: {trust_id}.")
    if not all(is_enabled_user(ctx.world, each.trustee_user_id) for each in origins):
        raise forbidden_without_reason()
    return trust


def use_trust(ctx: Context, trust: Trust) -> None:
    """Count a token that was issued for a trust whose number of uses is limited."""
    if trust.remaining_uses is not None:
        ctx.require_writing()
        trust.remaining_uses -= 1
        ctx.world.tx.put(trust)


def _refuse_credentials(ctx: Context) -> None:
    if ctx.caller.credential_id:
        raise forbidden_action("Using method 'application_credential' is not allowed for managing trusts.")


def _read_body(ctx: Context) -> Object:
    """
    Return the trust in the body.

    Raises:
        BadRequest: a field is missing or has an invalid value (400).

    Source: keystone/trust/schema.py.
    """
    body = read_body(ctx, "trust", TEXT_FIELDS, required=("trustor_user_id", "trustee_user_id"))
    if not isinstance(body.get("impersonation"), bool):
        raise BadRequest(reason="Invalid input for field 'impersonation': it is not of type 'boolean'")
    if not isinstance(body.get("allow_redelegation"), bool | None):
        raise BadRequest(reason="Invalid input for field 'allow_redelegation': it is not of type 'boolean', 'null'")
    for name, least in COUNTS.items():
        value = body.get(name)
        if value is not None and (type(value) is not int or value < least):
            raise BadRequest(reason=f"Invalid input for field '{name}': {value!r} is not a number from {least} on")
    roles = body.get("roles", [])
    if not isinstance(roles, list) or not all(_is_role_reference(each) for each in roles):
        raise BadRequest(reason="Invalid input for field 'roles': it is not a list of objects with an id or a name.")
    return body


def _is_role_reference(reference: Any) -> bool:
    return (
        isinstance(reference, dict)
        and len(reference) == 1
        and isinstance(reference.get("id", reference.get("name")), str)
    )


def _check_unique(ctx: Context, trust: Trust) -> None:
    """
    Check that there is no other trust of the same users that ends at the same time.

    Raises:
        Conflict: there is one (409).

    Source: keystone/trust/backends/sql.py duplicate_trust_constraint.
    """
    names = ("trustor_user_id", "trustee_user_id", "project_id", "impersonation", "expires")
    where = {name: getattr(trust, name) for name in names}
    if trust.expires is not None and ctx.world.tx.query(Trust, where):
        raise Conflict(reason="Conflict occurred attempting to store trust - Duplicate entry found.")


def _get_visible(ctx: Context, trust_id: str, rule: str) -> Trust:
    trust = find_trust(ctx, trust_id)
    require_admin(ctx, rule, is_own=ctx.caller.user_id in (trust.trustor_user_id, trust.trustee_user_id))
    _refuse_credentials(ctx)
    return trust


def _find_role_names(ctx: Context, body: Object) -> list[str]:
    """Return the names of the requested roles, all of which the trustor has in the project."""
    origin = body["trustor_user_id"]
    if redelegated := body.get("redelegated_trust_id"):
        origin = find_chain(ctx.world, redelegated)[-1].trustor_user_id
    trustor = get_or_404(ctx, User, origin)
    if project_id := body.get("project_id"):
        get_or_404(ctx, Project, project_id)
    assigned = expand_roles(list_role_names(ctx.world.tx, trustor, project_id or ""))
    by_id = {role.id: role.name for role in ctx.world.tx.query(Role)}
    names = []
    for each in body.get("roles", []):
        name = by_id.get(each["id"]) if "id" in each else each["name"]
        if name not in assigned:
            raise NotFound(reason=f"Could not find role: {each.get('id') or each.get('name')}.")
        names.append(str(name))
    return names


def _view(ctx: Context, trust: Trust) -> Object:
    return {
        **trust.extra,
        "id": trust.id,
        "trustor_user_id": trust.trustor_user_id,
        "trustee_user_id": trust.trustee_user_id,
        "impersonation": trust.impersonation,
        "project_id": trust.project_id,
        "expires_at": None if trust.expires is None else format_time(trust.expires),
        "deleted_at": None,
        "remaining_uses": trust.remaining_uses,
        "redelegated_trust_id": trust.redelegated_trust_id,
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

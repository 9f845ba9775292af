"""/v3/users/{id}/application_credentials: secrets that grant some of a user's roles in a project."""

from __future__ import annotations

from typing import Any

from novasim.api.callers import expand_roles, list_role_names
from novasim.api.context import Context
from novasim.api.identity.bodies import parse_expiry, read_body
from novasim.api.identity.resources import (
    collection_view,
    forbidden,
    forbidden_action,
    forbidden_without_reason,
    get_or_404,
    new_id,
    require_admin,
    url,
)
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, NotFound, NotSimulated
from novasim.records import Role, User
from novasim.simulation.keys.passwords import hash_password
from novasim.simulation.seeded import generate_secret_key
from novasim.simulation.time.clock import format_time

Object = dict[str, Any]

UNASSIGNED_ROLE = "Invalid application credential: Cannot create an application credential with unassigned role"
TEXT_FIELDS = ("name", "description", "secret", "expires_at")


def index(ctx: Context, user_id: str) -> Object:
    """GET .../application_credentials: a user's credentials; filter name. 403, 404."""
    user = _get_user(ctx, user_id, "list_application_credentials")
    views = [_view(ctx, user, each) for each in user.credentials if ctx.query("name") in (None, each["name"])]
    return collection_view(ctx, "application_credentials", views)


def show(ctx: Context, user_id: str, credential_id: str) -> Object:
    """GET .../application_credentials/{id}: one credential, without its secret. 403, 404."""
    user = _get_user(ctx, user_id, "get_application_credential")
    return {"application_credential": _view(ctx, user, _get_credential(user, credential_id))}


def create(ctx: Context, user_id: str) -> Response:
    """
    POST .../application_credentials: create a credential for the project of the caller's token.

    Returns:
        The credential. Only this response contains its secret.

    Raises:
        Forbidden: the caller is another user, or a restricted credential (403). Conflict: the name is taken (409).
        BadRequest: a field is invalid, or the caller lacks one of the roles (400).
        NotSimulated: there are access rules (501).
    """
    _require_owner(ctx, user_id, "create_application_credential")
    user = get_or_404(ctx, User, user_id)
    body = read_body(ctx, "application_credential", TEXT_FIELDS, required=("name",))
    if not isinstance(body.get("unrestricted", False), bool):
        raise BadRequest(reason="Invalid input for field 'unrestricted': it is not of type 'boolean'")
    if body.get("access_rules"):
        raise NotSimulated(reason="Access rules of application credentials are not simulated. Remove access_rules.")
    if any(each["name"] == body["name"] for each in user.credentials):
        raise Conflict(reason=f"Conflict occurred attempting to store application_credential: {body['name']}.")
    secret = body.get("secret") or generate_secret_key()
    credential = {
        "id": new_id(ctx),
        "name": body["name"],
        "description": body.get("description") or "",
        "project_id": ctx.caller.project_id,
        "roles": _find_role_names(ctx, user, body.get("roles")),
        "expires": parse_expiry(ctx, body),
        "unrestricted": body.get("unrestricted", False),
    }
    hashed = hash_password(secret, ctx.world.settings.token_key, credential["id"])
    user.credentials = [*user.credentials, credential | {"hash": hashed}]
    ctx.world.tx.put(user)
    return Response(201, {"application_credential": _view(ctx, user, credential) | {"secret": secret}})


def delete(ctx: Context, user_id: str, credential_id: str) -> Response:
    """DELETE .../application_credentials/{id}: remove a credential; its tokens become invalid. 403, 404."""
    user = _get_user(ctx, user_id, "delete_application_credential")
    _refuse_restricted(ctx)
    credential = _get_credential(user, credential_id)
    user.credentials = [each for each in user.credentials if each is not credential]
    ctx.world.tx.put(user)
    return Response(204)


def _get_user(ctx: Context, user_id: str, rule: str) -> User:
    require_admin(ctx, rule, is_own=ctx.caller.user_id == user_id)
    _refuse_trusts(ctx)
    return get_or_404(ctx, User, user_id)


def _require_owner(ctx: Context, user_id: str, rule: str) -> None:
    if ctx.caller.user_id != user_id or not ctx.caller.project_id:
        raise forbidden(rule)
    _refuse_trusts(ctx)
    _refuse_restricted(ctx)


def _refuse_trusts(ctx: Context) -> None:
    """Refuse a token of a trust, which a credential would outlive (403)."""
    if ctx.caller.trust_id:
        raise forbidden_without_reason()


def _refuse_restricted(ctx: Context) -> None:
    if ctx.caller.restricted:
        text = "Using method 'application_credential' is not allowed for managing additional application credentials."
        raise forbidden_action(text)


def _get_credential(user: User, id: str) -> Object:
    for credential in user.credentials:
        if credential["id"] == id:
            return credential
    raise NotFound(reason=f"Could not find application credential: {id}.")


def _find_role_names(ctx: Context, user: User, references: Any) -> list[str]:
    """
    Return the names of the requested roles, by default all that both the user and the token have in the project.

    Roles that others include count, too.

    Raises:
        BadRequest: the user or the token lacks one of them (400). NotFound: there is no role with a name (404).

    Source: keystone/api/users.py UserAppCredListCreateResource._get_roles.
    """
    roles = expand_roles(list_role_names(ctx.world.tx, user, ctx.caller.project_id))
    assigned = [name for name in roles if name in ctx.caller.roles]
    if not references:
        return assigned
    if not isinstance(references, list) or not all(map(_is_role_reference, references)):
        raise BadRequest(reason="Invalid input for field 'roles': it is not a list of objects with an id or a name.")
    by_id = {role.id: role.name for role in ctx.world.tx.query(Role)}
    names = [_find_role_name(by_id, each) for each in references]
    if not all(name in assigned for name in names):
        raise BadRequest(reason=UNASSIGNED_ROLE)
    return names


def _is_role_reference(reference: Any) -> bool:
    return isinstance(reference, dict) and isinstance(reference.get("id", reference.get("name")), str)


def _find_role_name(by_id: dict[str, str], reference: Object) -> str:
    """Return the name of the role with an id or a name; "" for an unknown id."""
    if "id" in reference:
        return by_id.get(reference["id"], "")
    if reference["name"] not in by_id.values():
        raise NotFound(reason=f"Role {reference['name']} is not defined")
    return str(reference["name"])


def _view(ctx: Context, user: User, credential: Object) -> Object:
    expires = credential["expires"]
    view = {name: credential[name] for name in ("id", "name", "description", "project_id", "unrestricted")}
    return view | {
        "roles": [
            {"id": role.id, "name": role.name} for role in ctx.world.tx.query(Role) if role.name in credential["roles"]
        ],
        "expires_at": None if expires is None else format_time(expires).rstrip("Z"),
        "system": None,
        "user_id": user.id,
        "links": {"self": url(ctx, f"users/{user.id}/application_credentials/{credential['id']}")},
    }

"""/v3/users/{id}/application_credentials: secrets that stand for some of a user's roles in one project."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from novasim.api.context import Context
from novasim.api.identity.common import found, given, listed, require_admin, url
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Role, User
from novasim.simulation.default_world import hash_password
from novasim.simulation.seeded import fresh_key
from novasim.simulation.time.clock import iso

Object = dict[str, Any]

TEXTS = ("name", "description", "secret", "expires_at")


def index(ctx: Context, user_id: str) -> Object:
    """A user's credentials, for that user and administrators; filter name."""
    user = _user(ctx, user_id, "list_application_credentials")
    shown = [_view(ctx, user, each) for each in user.credentials if ctx.query("name") in (None, each["name"])]
    return listed(ctx, "application_credentials", shown)


def show(ctx: Context, user_id: str, credential_id: str) -> Object:
    """One credential, without its secret."""
    user = _user(ctx, user_id, "get_application_credential")
    return {"application_credential": _view(ctx, user, _credential(user, credential_id))}


def create(ctx: Context, user_id: str) -> Response:
    """
    A credential for the project of the caller's token: the only answer that shows its secret.

    Raises:
        Forbidden: for another user, or by a credential that is restricted (403). Conflict: the name is taken (409).
        BadRequest: a field makes no sense, or a role is asked for that the caller has not (400).
    """
    _require_owner(ctx, user_id, "create_application_credential")
    user = found(ctx, User, user_id)
    asked = given(ctx, "application_credential", TEXTS, required=("name",))
    if not isinstance(asked.get("unrestricted", False), bool):
        raise BadRequest(reason="Invalid input for field 'unrestricted': it is not of type 'boolean'")
    if any(each["name"] == asked["name"] for each in user.credentials):
        raise Conflict(reason=f"Conflict occurred attempting to store application_credential: {asked['name']}.")
    secret = asked.get("secret") or fresh_key()
    made = {
        "id": ctx.world.ids.uuid().replace("-", ""),
        "name": asked["name"],
        "description": asked.get("description") or "",
        "project_id": ctx.caller.project_id,
        "roles": _roles(ctx, user, asked.get("roles")),
        "expires": _moment(asked.get("expires_at")),
        "unrestricted": asked.get("unrestricted", False),
    }
    user.credentials = [*user.credentials, made | {"hash": hash_password(secret, made["id"])}]
    ctx.world.tx.put(user)
    return Response(201, {"application_credential": _view(ctx, user, made) | {"secret": secret}})


def delete(ctx: Context, user_id: str, credential_id: str) -> Response:
    """Remove a credential; the tokens given for it are none from now on."""
    user = _user(ctx, user_id, "delete_application_credential")
    if ctx.caller.restricted:
        raise _forbidden("delete_application_credential")
    gone = _credential(user, credential_id)
    user.credentials = [each for each in user.credentials if each is not gone]
    ctx.world.tx.put(user)
    return Response(204)


def _user(ctx: Context, user_id: str, rule: str) -> User:
    require_admin(ctx, rule, own=ctx.caller.user_id == user_id)
    return found(ctx, User, user_id)


def _require_owner(ctx: Context, user_id: str, rule: str) -> None:
    if ctx.caller.user_id != user_id or not ctx.caller.project_id or ctx.caller.restricted:
        raise _forbidden(rule)


def _forbidden(rule: str) -> Forbidden:
    return Forbidden(reason=f"You are not authorized to perform the requested action: identity:{rule}.")


def _credential(user: User, id: str) -> Object:
    for each in user.credentials:
        if each["id"] == id:
            return each
    raise NotFound(reason=f"Could not find application credential: {id}.")


def _roles(ctx: Context, user: User, asked: Any) -> list[str]:
    """Names of the roles asked for by id or name, else of all that the user has in the project and the caller too."""
    held = [name for name in user.roles.get(ctx.caller.project_id, []) if name in ctx.caller.roles]
    if not asked:
        return held
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise BadRequest(reason="Invalid input for field 'roles': it is not a list of objects.")
    known = {role.id: role.name for role in ctx.world.tx.query(Role)}
    names = [known.get(each["id"]) if isinstance(each.get("id"), str) else each.get("name") for each in asked]
    kept = [name for name in names if isinstance(name, str) and name in held]
    if len(kept) < len(names):
        raise BadRequest(reason="Invalid application credential: a role is not one that you have in this project.")
    return kept


def _moment(text: str | None) -> float | None:
    """Seconds since the epoch; a time without a zone is UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        raise BadRequest(reason=f"Invalid input for field 'expires_at': {text!r} is not a time.") from None


def _view(ctx: Context, user: User, credential: Object) -> Object:
    expires = credential["expires"]
    seen = {name: credential[name] for name in ("id", "name", "description", "project_id", "unrestricted")}
    return seen | {
        "roles": [
            {"id": role.id, "name": role.name} for role in ctx.world.tx.query(Role) if role.name in credential["roles"]
        ],
        "expires_at": None if expires is None else iso(expires),
        "system": None,
        "user_id": user.id,
        "links": {"self": url(ctx, f"users/{user.id}/application_credentials/{credential['id']}")},
    }

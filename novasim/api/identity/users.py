"""/v3/users."""

from __future__ import annotations

from typing import Any

from novasim.api.callers import list_scopes
from novasim.api.context import Context
from novasim.api.identity.bodies import keep_extra, read_body
from novasim.api.identity.pages import page_view
from novasim.api.identity.projects import project_view
from novasim.api.identity.removal import remove_user
from novasim.api.identity.resources import (
    check_name,
    check_same_domain,
    collection_view,
    filter_by_scope,
    filter_records,
    find_default_domain_id,
    find_domain,
    get_or_404,
    new_id,
    require_admin,
    url,
)
from novasim.api.identity.tokens import invalid_token
from novasim.api.request import Response
from novasim.errors import BadRequest
from novasim.records import Project, User
from novasim.simulation.keys.passwords import hash_password, verify_password

TEXT_FIELDS = ("name", "description", "email", "password", "default_project_id", "domain_id")
KNOWN = frozenset(("id", "enabled", "options", "links", "password_expires_at", "federated", *TEXT_FIELDS))
PASSWORD_FIELDS = ("password", "original_password")
OPTIONAL_FIELDS = ("default_project_id", "email", "description")  # not shown if they are empty


def index(ctx: Context) -> dict[str, Any]:
    """GET /v3/users: all users; filters name, domain_id and enabled. 403."""
    require_admin(ctx, "list_users")
    users = filter_records(ctx, filter_by_scope(ctx, ctx.world.tx.query(User)))
    return page_view(ctx, "users", [user_view(ctx, each) for each in users])


def show(ctx: Context, user_id: str) -> dict[str, Any]:
    """GET /v3/users/{id}: one user, for administrators and the user. 403, 404."""
    require_admin(ctx, "get_user", is_own=ctx.caller.user_id == user_id)
    return {"user": user_view(ctx, get_or_404(ctx, User, user_id))}


def create(ctx: Context) -> Response:
    """POST /v3/users: create a user without roles; the password is stored as a salted hash. 400, 403, 404, 409."""
    require_admin(ctx, "create_user")
    body = read_body(ctx, "user", TEXT_FIELDS, required=("name",))
    domain_id = body.get("domain_id") or find_default_domain_id(ctx)
    check_name(ctx, User, body["name"], domain_id=domain_id)
    user = User(id=new_id(ctx), name=body["name"], enabled=body.get("enabled", True), domain_id=domain_id)
    _apply_update(ctx, user, body)
    return Response(201, {"user": user_view(ctx, user)})


def update(ctx: Context, user_id: str) -> dict[str, Any]:
    """PATCH /v3/users/{id}: change name, password, default project, e-mail or description. 400, 403, 404, 409."""
    require_admin(ctx, "update_user")
    user = get_or_404(ctx, User, user_id)
    body = read_body(ctx, "user", TEXT_FIELDS)
    check_same_domain(body, user)
    if body.get("name"):
        check_name(ctx, User, body["name"], exclude_id=user_id, domain_id=user.domain_id)
    _apply_update(ctx, user, body)
    return {"user": user_view(ctx, user)}


def change_password(ctx: Context, user_id: str) -> Response:
    """POST /v3/users/{id}/password: change a password, given the present one. 400, 401, 403, 404."""
    require_admin(ctx, "change_password", is_own=ctx.caller.user_id == user_id)
    user = get_or_404(ctx, User, user_id)
    body = read_body(ctx, "user", PASSWORD_FIELDS, required=PASSWORD_FIELDS)
    if not verify_password(body["original_password"], user.password_hash):
        raise invalid_token()
    _set_password(ctx, user, body["password"])
    ctx.world.tx.put(user)
    return Response(204)


def delete(ctx: Context, user_id: str) -> Response:
    """DELETE /v3/users/{id}: remove a user; the servers and volumes stay in their projects. 403, 404."""
    require_admin(ctx, "delete_user")
    remove_user(ctx.world, get_or_404(ctx, User, user_id))
    return Response(204)


def list_projects(ctx: Context, user_id: str) -> dict[str, Any]:
    """GET /v3/users/{id}/projects: the projects in which a user has a role. 403, 404."""
    require_admin(ctx, "list_user_projects", is_own=ctx.caller.user_id == user_id)
    user = get_or_404(ctx, User, user_id)
    projects = [ctx.world.tx.get(Project, id) for id in list_scopes(ctx.world.tx, user)]
    return collection_view(ctx, "projects", [project_view(ctx, each) for each in projects if each])


def _apply_update(ctx: Context, user: User, body: dict[str, Any]) -> None:
    if (project_id := body.get("default_project_id")) and find_domain(ctx.world, project_id):
        raise BadRequest(reason=f"User's default project ID cannot be a domain ID: {project_id}")
    keep_extra(user, body, KNOWN)
    user.email = body.get("email", user.email) or ""
    user.description = body.get("description", user.description) or ""
    user.default_project_id = body.get("default_project_id", user.default_project_id)
    if user.enabled and not body.get("enabled", True):
        user.token_generation += 1
    user.enabled = body.get("enabled", user.enabled)
    user.name = body.get("name") or user.name
    if body.get("password"):
        _set_password(ctx, user, body["password"])
    ctx.world.tx.put(user)


def _set_password(ctx: Context, user: User, password: str) -> None:
    """Set a password. All tokens of the user become invalid, as in Keystone."""
    user.password_hash = hash_password(password, ctx.world.settings.token_key, user.id)
    user.token_generation += 1


def user_view(ctx: Context, user: User) -> dict[str, Any]:
    """A user as Keystone shows it, without the password."""
    view: dict[str, Any] = {
        **user.extra,
        "id": user.id,
        "name": user.name,
        "domain_id": user.domain_id,
        "enabled": user.enabled,
        "password_expires_at": None,
        "options": {},
        "links": {"self": url(ctx, f"users/{user.id}")},
    }
    return view | {name: value for name in OPTIONAL_FIELDS if (value := getattr(user, name))}

"""/v3/users."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity import projects as project_views
from novasim.api.identity.common import (
    DEFAULT,
    check_free,
    check_unmoved,
    found,
    given,
    listed,
    matching,
    require_admin,
    url,
)
from novasim.api.request import Response
from novasim.errors import Unauthorized
from novasim.records import Project, User
from novasim.simulation.default_world import hash_password, is_password

TEXTS = ("name", "description", "email", "password", "default_project_id", "domain_id")
PLAIN = ("email", "description")


def index(ctx: Context) -> dict[str, Any]:
    """All users (administrators); filters name, domain_id, enabled."""
    require_admin(ctx, "list_users")
    return listed(ctx, "users", [view(ctx, each) for each in matching(ctx, ctx.world.tx.query(User))])


def show(ctx: Context, user_id: str) -> dict[str, Any]:
    """One user; oneself is for everybody."""
    require_admin(ctx, "get_user", own=ctx.caller.user_id == user_id)
    return {"user": view(ctx, found(ctx, User, user_id))}


def create(ctx: Context) -> Response:
    """A new user, who has no role anywhere yet. The password is kept as a salted hash."""
    require_admin(ctx, "create_user")
    asked = given(ctx, "user", TEXTS, required=("name",))
    domain_id = asked.get("domain_id") or DEFAULT.id
    check_free(ctx, User, asked["name"], domain_id=domain_id)
    id = ctx.world.ids.uuid().replace("-", "")
    user = User(id=id, name=asked["name"], enabled=asked.get("enabled", True), domain_id=domain_id)
    _change(ctx, user, asked)
    return Response(201, {"user": view(ctx, user)})


def update(ctx: Context, user_id: str) -> dict[str, Any]:
    """Another name, password, default project, e-mail address or description."""
    require_admin(ctx, "update_user")
    user = found(ctx, User, user_id)
    asked = given(ctx, "user", TEXTS)
    check_unmoved(asked, user)
    if asked.get("name"):
        check_free(ctx, User, asked["name"], but=user_id, domain_id=user.domain_id)
    _change(ctx, user, asked)
    return {"user": view(ctx, user)}


def change_password(ctx: Context, user_id: str) -> Response:
    """One's own password, by who knows the present one."""
    require_admin(ctx, "change_password", own=ctx.caller.user_id == user_id)
    user = found(ctx, User, user_id)
    asked = given(ctx, "user", ("password", "original_password"), required=("password", "original_password"))
    if not is_password(asked["original_password"], user.password_hash):
        raise Unauthorized(reason="The request you have made requires authentication.")
    user.password_hash = hash_password(asked["password"], user.id)
    ctx.world.tx.put(user)
    return Response(204)


def delete(ctx: Context, user_id: str) -> Response:
    """Remove a user; what is theirs stays with the projects."""
    require_admin(ctx, "delete_user")
    ctx.world.tx.delete(found(ctx, User, user_id))
    return Response(204)


def projects(ctx: Context, user_id: str) -> dict[str, Any]:
    """The projects in which a user has a role; one's own are for everybody."""
    require_admin(ctx, "list_user_projects", own=ctx.caller.user_id == user_id)
    user = found(ctx, User, user_id)
    theirs = [ctx.world.tx.get(Project, id) for id, roles in user.roles.items() if roles]
    return listed(ctx, "projects", [project_views.view(ctx, each) for each in theirs if each])


def _change(ctx: Context, user: User, asked: dict[str, Any]) -> None:
    if asked.get("default_project_id"):
        found(ctx, Project, asked["default_project_id"])
    for name in PLAIN:
        setattr(user, name, asked.get(name, getattr(user, name)) or "")
    user.default_project_id = asked.get("default_project_id", user.default_project_id)
    user.enabled = asked.get("enabled", user.enabled)
    user.name = asked.get("name") or user.name
    if asked.get("password"):
        user.password_hash = hash_password(asked["password"], user.id)
    ctx.world.tx.put(user)


def view(ctx: Context, user: User) -> dict[str, Any]:
    """A user as Keystone shows it, without the password."""
    seen: dict[str, Any] = {
        "id": user.id,
        "name": user.name,
        "domain_id": user.domain_id,
        "enabled": user.enabled,
        "password_expires_at": None,
        "options": {},
        "links": {"self": url(ctx, f"users/{user.id}")},
    }
    optional = {"default_project_id": user.default_project_id, "email": user.email, "description": user.description}
    return seen | {name: value for name, value in optional.items() if value}

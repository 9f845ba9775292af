"""/v3/auth: getting a token, asking what one says, and what one may be scoped to."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

from novasim.api.callers import with_implied
from novasim.api.context import Context
from novasim.api.identity import projects as project_views
from novasim.api.identity.catalog import catalog
from novasim.api.identity.common import DOMAIN, listed, require_admin
from novasim.api.identity.tokens import LIFETIME, Token, caller_in, opened, refused, sealed
from novasim.api.identity.tokens import revoke as take_back
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound, Unauthorized
from novasim.records import Project, Role, User
from novasim.simulation.clock import iso
from novasim.simulation.ready_made import is_password

Object = dict[str, Any]
N = TypeVar("N", User, Project)


def create(ctx: Context) -> Response:
    """
    A token for a name and a password, or for another token; scoped to a project if one is asked for.

    Raises:
        BadRequest: the body is none (400). Unauthorized: the password is wrong, or there is no role there (401).

    Source: identity API v3, 'Password authentication', 'Token authentication'.
    """
    asked = _object(ctx.body, "auth")
    identity = _object(asked, "identity")
    methods = identity.get("methods")
    if methods not in (["password"], ["token"]):
        raise BadRequest(reason="Invalid input for field 'identity/methods': one of password and token is taken.")
    until = ctx.world.wall + LIFETIME
    user, until = (_by_password(ctx, identity), until) if methods == ["password"] else _by_token(ctx, identity)
    token = Token(user.id, _scope(ctx, user, asked), tuple(methods), ctx.world.wall, until)
    caller_in(ctx.world, token)
    return Response(201, _view(ctx, token), {"X-Subject-Token": sealed(ctx.world, token)})


def show(ctx: Context) -> Response:
    """What the token in X-Subject-Token says, to its owner, services and administrators; 404 if it is none."""
    token = _subject(ctx)
    require_admin(ctx, "validate_token", own=token.user_id == ctx.caller.user_id or "service" in ctx.caller.roles)
    return Response(200, _view(ctx, token), {"X-Subject-Token": ctx.request.headers["x-subject-token"]})


def revoke(ctx: Context) -> Response:
    """Take back the token in X-Subject-Token: one's own, or as an administrator anybody's."""
    token = _subject(ctx)
    require_admin(ctx, "revoke_token", own=token.user_id == ctx.caller.user_id)
    take_back(ctx.world, ctx.request.headers["x-subject-token"])
    return Response(204)


def projects(ctx: Context) -> Object:
    """The projects that the caller can have a token for."""
    user = ctx.world.tx.get(User, ctx.caller.user_id)
    theirs = [ctx.world.tx.get(Project, id) for id, roles in (user.roles if user else {}).items() if roles]
    return listed(ctx, "projects", [project_views.view(ctx, each) for each in theirs if each and each.enabled])


def services(ctx: Context) -> Object:
    """The catalog of the caller's token."""
    entries = catalog(ctx.request.endpoint, ctx.caller.project_id) if ctx.caller.project_id else []
    return {"catalog": entries, "links": {"self": f"{ctx.request.endpoint}/identity/v3/auth/catalog"}}


def _subject(ctx: Context) -> Token:
    try:
        return opened(ctx.world, ctx.request.headers.get("x-subject-token", ""))
    except Unauthorized:
        raise NotFound(reason="Could not find token.") from None


def _by_password(ctx: Context, identity: Object) -> User:
    given = _object(_object(identity, "password"), "user")
    password = given.get("password")
    user = _named(ctx, User, given)
    if (
        user is None
        or not user.enabled
        or not isinstance(password, str)
        or not is_password(password, user.password_hash)
    ):
        raise refused()
    return user


def _by_token(ctx: Context, identity: Object) -> tuple[User, float]:
    """Whose token it is, and when it expires: no token made from it lasts longer, or one could live for ever."""
    text = _object(identity, "token").get("id")
    shown = opened(ctx.world, text if isinstance(text, str) else "")
    user = ctx.world.tx.get(User, shown.user_id)
    if user is None or not user.enabled:
        raise refused()
    return user, shown.expires


def _scope(ctx: Context, user: User, asked: Object) -> str:
    """The id of the project asked for, else the user's default one, else "" (also when asked not to scope)."""
    scope = asked.get("scope")
    if scope is None:
        return user.default_project_id or ""
    if scope == "unscoped" or (isinstance(scope, dict) and "unscoped" in scope):
        return ""
    if isinstance(scope, dict) and ("domain" in scope or "system" in scope):
        raise refused()  # all roles are in projects
    project = _named(ctx, Project, _object(scope, "project")) if isinstance(scope, dict) else None
    if project is None:
        raise refused()
    return project.id


def _named(ctx: Context, kind: type[N], given: Object) -> N | None:
    """What is meant by an id, or by a name within a domain; None if there is none."""
    if isinstance(given.get("id"), str):
        return ctx.world.tx.get(kind, given["id"])
    domain, name = given.get("domain"), given.get("name")
    if not isinstance(name, str) or not isinstance(domain, dict):
        raise BadRequest(reason="Invalid input: an id, or a name and a domain are needed.")
    if domain.get("id", DOMAIN["id"]) != DOMAIN["id"] or domain.get("name", DOMAIN["name"]) != DOMAIN["name"]:
        return None
    return next(iter(ctx.world.tx.find(kind, name=name)), None)


def _object(body: Any, key: str) -> Object:
    found = body.get(key) if isinstance(body, dict) else None
    if not isinstance(found, dict):
        raise BadRequest(reason=f"Invalid input: an object {key!r} is needed.")
    return found


def _view(ctx: Context, token: Token) -> Object:
    user = ctx.world.tx.get(User, token.user_id)
    domain = {"id": DOMAIN["id"], "name": DOMAIN["name"]}
    view: Object = {
        "methods": list(token.methods),
        "user": {
            "id": token.user_id, "name": user.name if user else "", "domain": domain, "password_expires_at": None,
        },
        "audit_ids": [hashlib.sha256(repr(token).encode()).hexdigest()[:22]],
        "issued_at": iso(token.issued),
        "expires_at": iso(token.expires),
    }  # fmt: skip
    project = ctx.world.tx.get(Project, token.project_id) if token.project_id else None
    if user is None or project is None:
        return {"token": view}
    known = {role.name: role.id for role in ctx.world.tx.all(Role)}
    names = with_implied(user.roles.get(project.id, ()))
    return {
        "token": view
        | {
            "project": {"id": project.id, "name": project.name, "domain": domain},
            "is_domain": False,
            "roles": [{"id": known.get(name, name), "name": name} for name in names],
            "catalog": catalog(ctx.request.endpoint, project.id),
        }
    }

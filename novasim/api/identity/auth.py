"""/v3/auth: getting a token, asking what one says, and what one may be scoped to."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import Any, TypeVar

from novasim.api.context import Context
from novasim.api.identity import domains as domain_views
from novasim.api.identity import projects as project_views
from novasim.api.identity.catalog import catalog
from novasim.api.identity.common import SYSTEM, domain_with, listed, named, require_admin
from novasim.api.identity.common import domains as all_domains
from novasim.api.identity.tokens import LIFETIME, Token, caller_in, opened, refused, sealed
from novasim.api.identity.tokens import revoke as take_back
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound, Unauthorized
from novasim.records import Project, Role, User
from novasim.simulation.default_world import is_password
from novasim.simulation.time.clock import iso

Object = dict[str, Any]
N = TypeVar("N", User, Project)


def create(ctx: Context) -> Response:
    """
    A token for a password, an application credential, or another token; scoped to a project if one is asked for.

    Raises:
        BadRequest: the body is none (400). Unauthorized: the password is wrong, or there is no role there (401).

    Source: identity API v3, 'Password authentication', 'Token authentication', 'Application credential'.
    """
    asked = _object(ctx.body, "auth")
    identity = _object(asked, "identity")
    methods = identity.get("methods")
    if methods not in [[name] for name in MAKERS]:
        raise BadRequest(reason=f"Invalid input for field 'identity/methods': one of {', '.join(MAKERS)} is taken.")
    token = MAKERS[methods[0]](ctx, asked, identity)
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


def domains(ctx: Context) -> Object:
    """The domains that the caller can have a token for."""
    user = ctx.world.tx.get(User, ctx.caller.user_id)
    open_ones = [each for each in all_domains(ctx.world) if each.enabled]
    theirs = [each for each in open_ones if user and user.roles.get(f"domain:{each.id}")]
    return listed(ctx, "domains", [domain_views.view(ctx, each) for each in theirs])


def system(ctx: Context) -> Object:
    """Whether the caller can have a token for the system."""
    user = ctx.world.tx.get(User, ctx.caller.user_id)
    return listed(ctx, "system", [{"all": True}] if user and user.roles.get(SYSTEM) else [])


def services(ctx: Context) -> Object:
    """The catalog of the caller's token."""
    scoped = ctx.caller.project_id or ctx.caller.scope
    entries = catalog(ctx.request.endpoint, ctx.caller.project_id) if scoped else []
    return {"catalog": entries, "links": {"self": f"{ctx.request.endpoint}/identity/v3/auth/catalog"}}


def _subject(ctx: Context) -> Token:
    try:
        token = opened(ctx.world, ctx.request.headers.get("x-subject-token", ""))
        caller_in(ctx.world, token)
        return token
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


def _from_password(ctx: Context, asked: Object, identity: Object) -> Token:
    user, now = _by_password(ctx, identity), ctx.world.wall
    return _scoped(ctx, asked, user, Token(user.id, "", ("password",), now, now + LIFETIME))


def _from_token(ctx: Context, asked: Object, identity: Object) -> Token:
    """A token for what another one shows. It lasts no longer than that, or one could be kept alive for ever."""
    text = _object(identity, "token").get("id")
    shown = opened(ctx.world, text if isinstance(text, str) else "")
    user = ctx.world.tx.get(User, shown.user_id)
    if user is None or not user.enabled or shown.credential_id:  # what a credential gives has no other scope
        raise refused()
    return _scoped(ctx, asked, user, Token(user.id, "", ("token",), ctx.world.wall, shown.expires))


def _from_credential(ctx: Context, asked: Object, identity: Object) -> Token:
    """A token in the project for which the credential was made; another scope cannot be asked for."""
    given = _object(identity, "application_credential")
    user, credential = _credential(ctx, given)
    secret = given.get("secret")
    if asked.get("scope") is not None or not isinstance(secret, str) or not is_password(secret, credential["hash"]):
        raise refused()
    now = ctx.world.wall
    project_id, expires = credential["project_id"], min(now + LIFETIME, credential["expires"] or math.inf)
    return Token(user.id, project_id, ("application_credential",), now, expires, credential["id"])


def _credential(ctx: Context, given: Object) -> tuple[User, Object]:
    """The credential with an id, or with a name that is one user's."""
    key = "id" if isinstance(given.get("id"), str) else "name"
    owner = None if key == "id" else _named(ctx, User, _object(given, "user"))
    for user in ctx.world.tx.query(User) if key == "id" else [owner] if owner else []:
        for each in user.credentials:
            if each[key] == given.get(key):
                return user, each
    raise refused()


MAKERS: dict[str, Callable[[Context, Object, Object], Token]] = {
    "password": _from_password,
    "token": _from_token,
    "application_credential": _from_credential,
}


def _scoped(ctx: Context, asked: Object, user: User, token: Token) -> Token:
    """The token for the scope asked for, else the user's default project; for nothing also if that is asked for."""
    scope = asked.get("scope")
    if scope is None:
        return token._replace(project_id=user.default_project_id or "")
    if scope == "unscoped" or (isinstance(scope, dict) and "unscoped" in scope):
        return token
    if not isinstance(scope, dict):
        raise refused()
    if "system" in scope:
        return token._replace(scope=SYSTEM)
    if "domain" in scope:
        return token._replace(scope=f"domain:{_domain_id(ctx, _object(scope, 'domain'))}")
    project = _named(ctx, Project, _object(scope, "project"))
    if project is None:
        raise refused()
    return token._replace(project_id=project.id)


def _domain_id(ctx: Context, given: Object) -> str | None:
    """The id of the domain that is meant, by that or by its name; None if there is none."""
    for each in all_domains(ctx.world):
        if given.get("id", each.id) == each.id and given.get("name", each.name) == each.name:
            return each.id if given else None
    return None


def _named(ctx: Context, kind: type[N], given: Object) -> N | None:
    """What is meant by an id, or by a name within a domain; None if there is none."""
    if isinstance(given.get("id"), str):
        return ctx.world.tx.get(kind, given["id"])
    domain, name = given.get("domain"), given.get("name")
    if not isinstance(name, str) or not isinstance(domain, dict):
        raise BadRequest(reason="Invalid input: an id, or a name and a domain are needed.")
    home = _domain_id(ctx, domain)
    return next((each for each in ctx.world.tx.query(kind, {"name": name}) if each.domain_id == home), None)


def _object(body: Any, key: str) -> Object:
    found = body.get(key) if isinstance(body, dict) else None
    if not isinstance(found, dict):
        raise BadRequest(reason=f"Invalid input: an object {key!r} is needed.")
    return found


def _view(ctx: Context, token: Token) -> Object:
    user = ctx.world.tx.get(User, token.user_id)
    if user is None:
        raise refused()
    view: Object = {
        "methods": list(token.methods),
        "user": named(ctx.world, user) | {"password_expires_at": None},
        "audit_ids": [hashlib.sha256(repr(token).encode()).hexdigest()[:22]],
        "issued_at": iso(token.issued),
        "expires_at": iso(token.expires),
    }
    for each in user.credentials:
        if each["id"] == token.credential_id:
            restricted = not each["unrestricted"]
            view["application_credential"] = {"id": each["id"], "name": each["name"], "restricted": restricted}
    scope = _shown_scope(ctx, token)
    if not scope:
        return {"token": view}
    known = {role.name: role.id for role in ctx.world.tx.query(Role)}
    roles = [{"id": known.get(name, name), "name": name} for name in caller_in(ctx.world, token).roles]
    return {"token": view | scope | {"roles": roles, "catalog": catalog(ctx.request.endpoint, token.project_id)}}


def _shown_scope(ctx: Context, token: Token) -> Object:
    project = ctx.world.tx.get(Project, token.project_id) if token.project_id else None
    if project is not None:
        return {"project": named(ctx.world, project), "is_domain": False}
    if token.scope == SYSTEM:
        return {"system": {"all": True}}
    home = domain_with(ctx.world, token.scope.removeprefix("domain:")) if token.scope else None
    return {"domain": {"id": home.id, "name": home.name}} if home else {}

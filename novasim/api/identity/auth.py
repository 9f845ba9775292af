"""/v3/auth: issue, validate and revoke tokens, and list the scopes that the caller can get."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import Any, TypeVar

from novasim.api.context import Context
from novasim.api.identity import tokens
from novasim.api.identity.catalog import catalog
from novasim.api.identity.domains import domain_view
from novasim.api.identity.projects import project_view
from novasim.api.identity.resources import (
    DOMAIN_SCOPE,
    SYSTEM_SCOPE,
    collection_view,
    find_domain,
    reference_view,
    require_admin,
)
from novasim.api.identity.resources import list_domains as list_all_domains
from novasim.api.identity.tokens import LIFETIME, Token, find_caller, invalid_token
from novasim.api.identity.trusts import TRUST_SCOPE, find_trust, token_view
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden, NotFound, Unauthorized
from novasim.records import Project, Role, User
from novasim.simulation.keys.passwords import verify_password
from novasim.simulation.time.clock import format_time

Object = dict[str, Any]
UserOrProject = TypeVar("UserOrProject", User, Project)

# Handlers


def create(ctx: Context) -> Response:
    """
    POST /v3/auth/tokens: issue a token for a password, an application credential or another token.

    Raises:
        BadRequest: the body is malformed (400).
        Unauthorized: the password or token is wrong, or the user has no role in the scope (401).

    Source: identity API v3, 'Password authentication', 'Token authentication', 'Application credential'.
    """
    body = _get_object(ctx.body, "auth")
    identity = _get_object(body, "identity")
    methods = identity.get("methods")
    if methods not in [[name] for name in METHODS]:
        raise BadRequest(reason=f"Invalid input for field 'identity/methods': it must be one of {', '.join(METHODS)}.")
    token = METHODS[methods[0]](ctx, body, identity)
    if (user := ctx.world.tx.get(User, token.user_id)) is not None:
        token = token._replace(generation=user.token_generation)
    find_caller(ctx.world, token)
    return Response(201, _token_view(ctx, token), {"X-Subject-Token": tokens.sign(ctx.world, token)})


def show(ctx: Context) -> Response:
    """GET /v3/auth/tokens: validate X-Subject-Token, for its owner, services and administrators. 403, 404."""
    token = _verify_subject_token(ctx)
    is_own = token.user_id == ctx.caller.user_id or "service" in ctx.caller.roles
    require_admin(ctx, "validate_token", is_own)
    return Response(200, _token_view(ctx, token), {"X-Subject-Token": ctx.request.headers["x-subject-token"]})


def revoke(ctx: Context) -> Response:
    """DELETE /v3/auth/tokens: revoke X-Subject-Token, for its owner and administrators. 403, 404."""
    token = _verify_subject_token(ctx)
    require_admin(ctx, "revoke_token", is_own=token.user_id == ctx.caller.user_id)
    tokens.revoke(ctx.world, ctx.request.headers["x-subject-token"])
    return Response(204)


def list_projects(ctx: Context) -> Object:
    """GET /v3/auth/projects: the projects to which the caller can scope a token."""
    user = ctx.world.tx.get(User, ctx.caller.user_id)
    projects = [ctx.world.tx.get(Project, id) for id, roles in (user.roles if user else {}).items() if roles]
    return collection_view(ctx, "projects", [project_view(ctx, each) for each in projects if each and each.enabled])


def list_domains(ctx: Context) -> Object:
    """GET /v3/auth/domains: the domains to which the caller can scope a token."""
    user = ctx.world.tx.get(User, ctx.caller.user_id)
    enabled = [each for each in list_all_domains(ctx.world) if each.enabled]
    domains = [each for each in enabled if user and user.roles.get(f"{DOMAIN_SCOPE}{each.id}")]
    return collection_view(ctx, "domains", [domain_view(ctx, each) for each in domains])


def list_system(ctx: Context) -> Object:
    """GET /v3/auth/system: whether the caller can get a token with system scope."""
    user = ctx.world.tx.get(User, ctx.caller.user_id)
    return collection_view(ctx, "system", [{"all": True}] if user and user.roles.get(SYSTEM_SCOPE) else [])


def show_catalog(ctx: Context) -> Object:
    """GET /v3/auth/catalog: the service catalog of the caller's token."""
    is_scoped = ctx.caller.project_id or ctx.caller.scope
    entries = catalog(ctx.world, ctx.request.endpoint, ctx.caller.project_id) if is_scoped else []
    return {"catalog": entries, "links": {"self": f"{ctx.request.endpoint}/identity/v3/auth/catalog"}}


def _verify_subject_token(ctx: Context) -> Token:
    try:
        token = tokens.verify(ctx.world, ctx.request.headers.get("x-subject-token", ""))
        find_caller(ctx.world, token)
        return token
    except Unauthorized:
        raise NotFound(reason="Could not find token.") from None


# Authentication methods


def _issue_for_password(ctx: Context, body: Object, identity: Object) -> Token:
    reference = _get_object(_get_object(identity, "password"), "user")
    password = reference.get("password")
    user = _find_by_reference(ctx, User, reference)
    if user is None or not user.enabled:
        raise invalid_token()
    if not isinstance(password, str) or not verify_password(password, user.password_hash):
        raise invalid_token()
    now = ctx.world.wall_time
    return _apply_scope(ctx, body, user, Token(user.id, "", ("password",), now, now + LIFETIME))


def _issue_for_token(ctx: Context, body: Object, identity: Object) -> Token:
    """Issue a token that expires with the present one; otherwise a session could be extended without limit."""
    text = _get_object(identity, "token").get("id")
    present = tokens.verify(ctx.world, text if isinstance(text, str) else "")
    user = tokens.find_user(ctx.world, present)
    if present.credential_id or present.trust_id:  # those cannot be rescoped
        raise invalid_token()
    return _apply_scope(ctx, body, user, Token(user.id, "", ("token",), ctx.world.wall_time, present.expires))


def _issue_for_credential(ctx: Context, body: Object, identity: Object) -> Token:
    """Issue a token for the credential's project; a request for another scope is refused."""
    reference = _get_object(identity, "application_credential")
    user, credential = _find_credential(ctx, reference)
    secret = reference.get("secret")
    if body.get("scope") is not None or not isinstance(secret, str) or not verify_password(secret, credential["hash"]):
        raise invalid_token()
    now = ctx.world.wall_time
    project_id, expires = credential["project_id"], min(now + LIFETIME, credential["expires"] or math.inf)
    return Token(user.id, project_id, ("application_credential",), now, expires, credential["id"])


def _find_credential(ctx: Context, reference: Object) -> tuple[User, Object]:
    """Return the credential with an id, or with a name that belongs to a user, and its user."""
    key = "id" if isinstance(reference.get("id"), str) else "name"
    owner = None if key == "id" else _find_by_reference(ctx, User, _get_object(reference, "user"))
    for user in ctx.world.tx.query(User) if key == "id" else [owner] if owner else []:
        for credential in user.credentials:
            if credential[key] == reference.get(key):
                return user, credential
    raise invalid_token()


METHODS: dict[str, Callable[[Context, Object, Object], Token]] = {
    "password": _issue_for_password,
    "token": _issue_for_token,
    "application_credential": _issue_for_credential,
}

# Scopes and references


def _apply_scope(ctx: Context, body: Object, user: User, token: Token) -> Token:
    """Return the token with the requested scope, or else scoped to the user's default project."""
    scope = body.get("scope")
    if scope is None:
        return token._replace(project_id=user.default_project_id or "")
    if scope == "unscoped" or (isinstance(scope, dict) and "unscoped" in scope):
        return token
    if not isinstance(scope, dict):
        raise invalid_token()
    if TRUST_SCOPE in scope:
        return _apply_trust(ctx, _get_object(scope, TRUST_SCOPE).get("id"), user, token)
    if "system" in scope:
        return token._replace(scope=SYSTEM_SCOPE)
    if "domain" in scope:
        return token._replace(scope=f"{DOMAIN_SCOPE}{_find_domain_id(ctx, _get_object(scope, 'domain'))}")
    project = _find_by_reference(ctx, Project, _get_object(scope, "project"))
    if project is None:
        raise invalid_token()
    return token._replace(project_id=project.id)


def _apply_trust(ctx: Context, trust_id: Any, user: User, token: Token) -> Token:
    """
    Return the token that a trust gives to its trustee: that of the trustor if it impersonates them.

    Raises:
        NotFound: there is no such trust, or it has expired (404).
        Forbidden: the user is not the trustee, or the trustor is disabled (403).

    Source: keystone/auth/core.py AuthInfo, and keystone/api/_shared/authentication.py.
    """
    trust = find_trust(ctx, trust_id if isinstance(trust_id, str) else "")
    if trust.trustee_user_id != user.id:
        raise Forbidden(reason="User is not a trustee.")
    trustor = ctx.world.tx.get(User, trust.trustor_user_id)
    if trustor is None or not trustor.enabled:
        raise Forbidden(reason="Trustor is disabled.")
    owner = trustor if trust.impersonation else user
    return token._replace(user_id=owner.id, project_id=trust.project_id or "", trust_id=trust.id)


def _find_domain_id(ctx: Context, reference: Object) -> str | None:
    """
    Return the id of the domain to which an id or a name refers, or None.

    A name in the wrong case is accepted, as by the databases that clouds use: many settings say "default".
    """
    domains = list_all_domains(ctx.world) if reference else []
    if "id" in reference:
        domains = [each for each in domains if each.id == reference["id"]]
    if "name" in reference:
        name = str(reference["name"])
        domains = [each for each in domains if each.name.lower() == name.lower()]
        domains.sort(key=lambda each: each.name != name)  # the right case first
    return domains[0].id if domains else None


def _find_by_reference(ctx: Context, kind: type[UserOrProject], reference: Object) -> UserOrProject | None:
    """Return the record to which an id, or a name and a domain, refers, or None."""
    if isinstance(reference.get("id"), str):
        return ctx.world.tx.get(kind, reference["id"])
    domain, name = reference.get("domain"), reference.get("name")
    if not isinstance(name, str) or not isinstance(domain, dict):
        raise BadRequest(reason="Invalid input: an id, or a name and a domain, is required.")
    domain_id = _find_domain_id(ctx, domain)
    return next((each for each in ctx.world.tx.query(kind, {"name": name}) if each.domain_id == domain_id), None)


def _get_object(body: Any, key: str) -> Object:
    value = body.get(key) if isinstance(body, dict) else None
    if not isinstance(value, dict):
        raise BadRequest(reason=f"Invalid input: an object {key!r} is required.")
    return value


# Views


def _token_view(ctx: Context, token: Token) -> Object:
    user = ctx.world.tx.get(User, token.user_id)
    if user is None:
        raise invalid_token()
    view: Object = {
        "methods": list(token.methods),
        "user": reference_view(ctx.world, user) | {"password_expires_at": None},
        "audit_ids": [hashlib.sha256(repr(token).encode()).hexdigest()[:22]],
        "issued_at": format_time(token.issued),
        "expires_at": format_time(token.expires),
    }
    for credential in user.credentials:
        if credential["id"] == token.credential_id:
            restricted = not credential["unrestricted"]
            name = credential["name"]
            view["application_credential"] = {"id": credential["id"], "name": name, "restricted": restricted}
    if token.trust_id:
        view[TRUST_SCOPE] = token_view(find_trust(ctx, token.trust_id))
    scope = _scope_view(ctx, token)
    if not scope:
        return {"token": view}
    role_ids = {role.name: role.id for role in ctx.world.tx.query(Role)}
    roles = [{"id": role_ids.get(name, name), "name": name} for name in find_caller(ctx.world, token).roles]
    entries = catalog(ctx.world, ctx.request.endpoint, token.project_id)
    return {"token": view | scope | {"roles": roles, "catalog": entries}}


def _scope_view(ctx: Context, token: Token) -> Object:
    project = ctx.world.tx.get(Project, token.project_id) if token.project_id else None
    if project is not None:
        return {"project": reference_view(ctx.world, project), "is_domain": False}
    if token.scope == SYSTEM_SCOPE:
        return {"system": {"all": True}}
    domain = find_domain(ctx.world, token.scope.removeprefix(DOMAIN_SCOPE)) if token.scope else None
    return {"domain": {"id": domain.id, "name": domain.name}} if domain else {}

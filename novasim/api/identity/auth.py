"""/v3/auth: issue, validate and revoke tokens, and list the scopes that the caller can get."""

from __future__ import annotations

import hashlib
from typing import Any

from novasim.api.callers import list_scopes
from novasim.api.context import Context
from novasim.api.identity import tokens
from novasim.api.identity.authentication import authenticate
from novasim.api.identity.catalog.token_catalog import catalog
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
from novasim.api.identity.tokens import Token, find_caller, invalid_token
from novasim.api.identity.trusts.delegation import find_chain
from novasim.api.identity.trusts.trusts import TRUST_SCOPE, find_trust, token_view, use_trust
from novasim.api.request import Response
from novasim.errors import NotFound, Unauthorized
from novasim.records import Project, Role, User
from novasim.simulation.time.clock import format_time

Object = dict[str, Any]

# Handlers


def create(ctx: Context) -> Response:
    """
    POST /v3/auth/tokens: issue a token for a password, an application credential or another token.

    Raises:
        BadRequest: the body is malformed (400).
        Unauthorized: the password or token is wrong, there is no such trust, or the user has no role in the scope
            (401).
        Forbidden: the token or trust cannot be used for this token (403).

    Source: identity API v3, 'Password authentication', 'Token authentication', 'Application credential'.
    """
    token = authenticate(ctx)
    token = token._replace(generation=tokens.find_generation(ctx.world, token))
    find_caller(ctx.world, token)
    if token.trust_id:
        use_trust(ctx, find_trust(ctx, token.trust_id))
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
    projects = [ctx.world.tx.get(Project, id) for id in _list_scopes(ctx)]
    return collection_view(ctx, "projects", [project_view(ctx, each) for each in projects if each and each.enabled])


def list_domains(ctx: Context) -> Object:
    """GET /v3/auth/domains: the domains to which the caller can scope a token."""
    scopes = _list_scopes(ctx)
    domains = [each for each in list_all_domains(ctx.world) if each.enabled and f"{DOMAIN_SCOPE}{each.id}" in scopes]
    return collection_view(ctx, "domains", [domain_view(ctx, each) for each in domains])


def list_system(ctx: Context) -> Object:
    """GET /v3/auth/system: whether the caller can get a token with system scope."""
    return collection_view(ctx, "system", [{"all": True}] if SYSTEM_SCOPE in _list_scopes(ctx) else [])


def _list_scopes(ctx: Context) -> list[str]:
    user = ctx.world.tx.get(User, ctx.caller.user_id)
    return list_scopes(ctx.world.tx, user) if user else []


def show_catalog(ctx: Context) -> Object:
    """GET /v3/auth/catalog: the service catalog of the caller's token."""
    is_scoped = ctx.caller.project_id or ctx.caller.scope
    entries = catalog(ctx.world, ctx.request.endpoint, ctx.caller.project_id, ctx.caller.user_id) if is_scoped else []
    return {"catalog": entries, "links": {"self": f"{ctx.request.endpoint}/identity/v3/auth/catalog"}}


def _verify_subject_token(ctx: Context) -> Token:
    try:
        token = tokens.verify(ctx.world, ctx.request.headers.get("x-subject-token", ""))
        find_caller(ctx.world, token)
        return token
    except Unauthorized:
        raise NotFound(reason="Could not find token.") from None


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
        view[TRUST_SCOPE] = token_view(find_chain(ctx.world, token.trust_id)[0])
    scope = _scope_view(ctx, token)
    if not scope:
        return {"token": view}
    role_ids = {role.name: role.id for role in ctx.world.tx.query(Role)}
    roles = [{"id": role_ids.get(name, name), "name": name} for name in find_caller(ctx.world, token).roles]
    entries = catalog(ctx.world, ctx.request.endpoint, token.project_id, token.user_id)
    return {"token": view | scope | {"roles": roles, "catalog": entries}}


def _scope_view(ctx: Context, token: Token) -> Object:
    project = ctx.world.tx.get(Project, token.project_id) if token.project_id else None
    if project is not None:
        is_domain = {} if token.trust_id else {"is_domain": False}
        return {"project": reference_view(ctx.world, project), **is_domain}
    if token.scope == SYSTEM_SCOPE:
        return {"system": {"all": True}}
    domain = find_domain(ctx.world, token.scope.removeprefix(DOMAIN_SCOPE)) if token.scope else None
    return {"domain": {"id": domain.id, "name": domain.name}} if domain else {}

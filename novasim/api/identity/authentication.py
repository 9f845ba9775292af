"""The methods of authentication, and the scope of the token that a client requests. Source: keystone/auth."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from novasim.api.callers import list_role_names
from novasim.api.context import Context
from novasim.api.identity import tokens
from novasim.api.identity.resources import (
    DOMAIN_SCOPE,
    SYSTEM_SCOPE,
    forbidden_action,
    forbidden_without_reason,
    is_enabled_domain,
    list_domains,
)
from novasim.api.identity.tokens import LIFETIME, Token, invalid_token
from novasim.api.identity.trusts.delegation import find_roles
from novasim.api.identity.trusts.trusts import TRUST_SCOPE, find_trust
from novasim.errors import BadRequest, NotFound
from novasim.records import Project, User
from novasim.simulation.keys.passwords import verify_password

Object = dict[str, Any]
UserOrProject = TypeVar("UserOrProject", User, Project)


def authenticate(ctx: Context) -> Token:
    """
    Return the token that the body requests, if its user is the one that they claim to be.

    The token is not signed yet, and whether the user has a role in its scope is not checked.

    Raises:
        BadRequest: the body is malformed (400). Unauthorized: the password, secret, token or scope is wrong (401).
        Forbidden: the token or trust cannot be used for this token (403).
    """
    body = _get_object(ctx.body, "auth")
    identity = _get_object(body, "identity")
    methods = identity.get("methods")
    if methods not in [[name] for name in METHODS]:
        raise BadRequest(reason=f"Invalid input for field 'identity/methods': it must be one of {', '.join(METHODS)}.")
    return METHODS[methods[0]](ctx, body, identity)


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
    if present.trust_id:
        text = "Using trust-scoped token to create another token. Create a new trust-scoped token instead"
        raise forbidden_action(text)
    if present.credential_id:
        return _renew_for_credential(ctx, body, present)
    scope = body.get("scope")
    if present.scope == SYSTEM_SCOPE and isinstance(scope, dict) and {"project", "domain"} & scope.keys():
        text = "Using a system-scoped token to create a project-scoped or domain-scoped token is not allowed."
        raise forbidden_action(text)
    methods = tuple(dict.fromkeys(("token", *present.methods)))
    return _apply_scope(ctx, body, user, Token(user.id, "", methods, ctx.world.wall_time, present.expires))


def _renew_for_credential(ctx: Context, body: Object, present: Token) -> Token:
    """Issue another token for the application credential of the present one; another scope is refused (403)."""
    if body.get("scope"):
        raise forbidden_action("Using an application credential token to create a scoped token is not allowed.")
    return present._replace(methods=("application_credential", "token"), issued=ctx.world.wall_time)


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
        return token._replace(project_id=_find_default_project_id(ctx, user))
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


def _find_default_project_id(ctx: Context, user: User) -> str:
    """
    Return the user's default project, or "" if it is disabled or does not exist, or the user has no role in it.

    Source: keystone/api/_shared/authentication.py _check_and_set_default_scoping.
    """
    project = ctx.world.tx.get(Project, user.default_project_id) if user.default_project_id else None
    if project is None or not project.enabled or not is_enabled_domain(ctx.world, project.domain_id):
        return ""
    return project.id if list_role_names(ctx.world.tx, user, project.id) else ""


def _apply_trust(ctx: Context, trust_id: Any, user: User, token: Token) -> Token:
    """
    Return the token that a trust gives to its trustee: that of the trustor if it impersonates them.

    Raises:
        Unauthorized: there is no such trust, it has expired, or it was used as often as it can be (401).
        Forbidden: the user is not the trustee, or the trustor is disabled or has not one of the roles (403).

    Source: keystone/auth/core.py AuthInfo, keystone/models/token_model.py, and keystone/api/_shared/authentication.py.
    """
    try:
        trust = find_trust(ctx, trust_id if isinstance(trust_id, str) else "")
    except NotFound:
        raise invalid_token() from None
    trustor = ctx.world.tx.get(User, trust.trustor_user_id)
    if trust.trustee_user_id != user.id or trustor is None or not find_roles(ctx.world, trust.id):
        raise forbidden_without_reason()
    owner = trustor if trust.impersonation else user
    return token._replace(user_id=owner.id, project_id=trust.project_id or "", trust_id=trust.id)


def _find_domain_id(ctx: Context, reference: Object) -> str | None:
    """
    Return the id of the domain to which an id or a name refers, or None.

    A name in the wrong case is accepted, as by the databases that clouds use: many settings say "default".
    """
    domains = list_domains(ctx.world) if reference else []
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

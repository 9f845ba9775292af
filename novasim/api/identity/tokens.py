"""
Tokens: signed claims, which are not stored.

Their times are wall time, not simulated time, because clients compare them with their own clocks. Each cloud signs with
a random key of its own. A cloud with a name, among others at one address, signs that, too: a copy of its file has the
same key. Only the signatures of revoked tokens are stored, until those tokens expire. They are made with `hmac` alone:
itsdangerous would save 15 lines, be one more dependency and cost 15 ms to import.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, NamedTuple

from novasim.api.callers import expand_roles, list_role_names
from novasim.api.identity.resources import DOMAIN_SCOPE, is_enabled_domain
from novasim.api.identity.trusts import delegation
from novasim.errors import Unauthorized
from novasim.records import Caller, Project, User
from novasim.simulation.world import World

LIFETIME = 3600  # seconds: Keystone's default


class Token(NamedTuple):
    """
    The claims of a token.

    Args:
        project_id: "" if it is not scoped to a project. issued, expires: seconds since the epoch.
        credential_id: the application credential that it was issued for, or "".
        scope: "system:all", or "domain:" and a domain's id, or "".
        trust_id: the trust from which its roles come, or "".
        generation: that of the user when it was signed, or of trustor and trustee together; a new password or disabling
            the user begins another one.
    """

    user_id: str
    project_id: str
    methods: tuple[str, ...]
    issued: float
    expires: float
    credential_id: str = ""
    scope: str = ""
    trust_id: str = ""
    generation: int = 0


def invalid_token() -> Unauthorized:
    """Keystone's refusal of every failed authentication (401); it gives no reason."""
    return Unauthorized(reason="The request you have made requires authentication.")


def sign(world: World, token: Token) -> str:
    """
    Return the token as clients send it: the claims and their signature.

    Raises:
        Unauthorized: the cloud has no key (401).
    """
    claims = _encode(json.dumps(token).encode())
    return f"{claims}.{_signature(world, claims)}"


def verify(world: World, text: str) -> Token:
    """
    Return the claims of a token.

    Raises:
        Unauthorized: this cloud did not issue it, or it has expired or was revoked (401).
    """
    claims, _, signature = text.partition(".")
    is_authentic = text.isascii() and hmac.compare_digest(signature, _signature(world, claims))
    if not is_authentic or signature in world.settings.revoked:
        raise invalid_token()
    user_id, project_id, methods, *rest = json.loads(base64.urlsafe_b64decode(claims + "=="))
    token = Token(user_id, project_id, tuple(methods), *rest)
    if world.wall_time >= token.expires:
        raise invalid_token()
    return token


def revoke(world: World, text: str) -> None:
    """
    Revoke a token. Revocations of expired tokens are removed.

    Raises:
        Unauthorized: the token is invalid (401).
    """
    expires = verify(world, text).expires
    unexpired = {signature: until for signature, until in world.settings.revoked.items() if until > world.wall_time}
    world.settings.revoked = unexpired | {text.partition(".")[2]: expires}
    world.tx.put(world.settings)


def find_generation(world: World, token: Token) -> int:
    """Return a number that increases when a user on whom a token depends gets a new password or is disabled."""
    if token.trust_id:
        return delegation.find_generation(world, token.trust_id)
    user = world.tx.get(User, token.user_id)
    return user.token_generation if user else 0


def find_user(world: World, token: Token) -> User:
    """
    Return the user of a token.

    Raises:
        Unauthorized: the user or their domain is disabled or no longer exists, was disabled since the token was
            issued, or has another password since then (401).
    """
    user = world.tx.get(User, token.user_id)
    if user is None or not user.enabled or not is_enabled_domain(world, user.domain_id):
        raise invalid_token()
    if token.generation != (find_generation(world, token) if token.trust_id else user.token_generation):
        raise invalid_token()
    return user


def find_end(world: World, token: Token) -> float:
    """
    Return the wall time until which a valid token can be used, in seconds since the epoch.

    That of a trust ends with it, earlier than the token says.
    """
    return min(token.expires, delegation.find_expiry(world, token.trust_id)) if token.trust_id else token.expires


def find_caller(world: World, token: Token) -> Caller:
    """
    Return the caller that a token was issued to, with their present roles.

    Raises:
        Unauthorized: the user, project, domain, credential or role is disabled or no longer exists, or `find_user`
            refuses the token (401).
    """
    user = find_user(world, token)
    if not token.project_id:
        return _find_caller_without_project(world, user, token.scope)
    project = world.tx.get(Project, token.project_id)
    if project is None or not project.enabled or not is_enabled_domain(world, project.domain_id):
        raise invalid_token()
    if token.trust_id:
        roles = delegation.find_roles(world, token.trust_id)
    else:
        roles = list_role_names(world.tx, user, project.id)
    if not roles:
        raise invalid_token()
    caller = Caller(user.id, project.id, expand_roles(roles), user.name, project.name, trust_id=token.trust_id)
    return _restrict_to_credential(world, user, token, caller) if token.credential_id else caller


def _find_caller_without_project(world: World, user: User, scope: str) -> Caller:
    """Return the caller of a token with system scope, domain scope or no scope; only Keystone has roles for those."""
    domain_id = scope.removeprefix(DOMAIN_SCOPE)
    roles = list_role_names(world.tx, user, scope)
    if scope and not roles:
        raise invalid_token()
    if domain_id != scope and not is_enabled_domain(world, domain_id):
        raise invalid_token()
    return Caller(user.id, "", expand_roles(roles), user.name, "", scope=scope)


def _restrict_to_credential(world: World, user: User, token: Token, caller: Caller) -> Caller:
    """Return the caller with only the credential's roles."""
    for credential in user.credentials:
        if credential["id"] == token.credential_id and _is_valid_credential(world, user, credential):
            return caller._replace(
                roles=expand_roles(credential["roles"]),
                restricted=not credential["unrestricted"],
                credential_id=token.credential_id,
            )
    raise invalid_token()


def _is_valid_credential(world: World, user: User, credential: dict[str, Any]) -> bool:
    """A credential is valid until it expires, is deleted, or the user loses one of its roles."""
    is_unexpired = credential["expires"] is None or world.wall_time < credential["expires"]
    assigned = expand_roles(list_role_names(world.tx, user, credential["project_id"]))
    return is_unexpired and set(credential["roles"]) <= set(assigned)


def _signature(world: World, claims: str) -> str:
    key = world.settings.token_key
    if not key:
        raise Unauthorized(reason="This cloud has no key for signing tokens: an older version of novasim created it.")
    signed = f"{world.cloud_name}:{claims}" if world.cloud_name else claims
    return _encode(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

"""
Tokens: signed statements of who somebody is, which need no place where they are kept.

Their times are those of the wall, not of the simulation, because clients compare them with their own clocks. Each
cloud signs with a random key of its own. What is kept is only which tokens were taken back before they expired.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, NamedTuple

from novasim.api.callers import with_implied
from novasim.api.identity.common import domain_with
from novasim.errors import Unauthorized
from novasim.records import Caller, Project, User
from novasim.simulation.world import World

LIFETIME = 3600  # seconds: Keystone's default

REFUSED = "The request you have made requires authentication."


class Token(NamedTuple):
    """
    What a token says.

    Args:
        project_id: "" if it is not scoped to a project. issued, expires: seconds since the epoch.
        credential_id: the application credential that it was given for, or "".
        scope: "system:all", or "domain:" and the id of one, if it is scoped to that.
    """

    user_id: str
    project_id: str
    methods: tuple[str, ...]
    issued: float
    expires: float
    credential_id: str = ""
    scope: str = ""


def refused() -> Unauthorized:
    """The refusal of everybody who is not known: it does not say why."""
    return Unauthorized(reason=REFUSED)


def sealed(world: World, token: Token) -> str:
    """The token as clients get it."""
    content = _text(json.dumps(token).encode())
    return f"{content}.{_seal(world, content)}"


def opened(world: World, text: str) -> Token:
    """
    What a token says, whoever shows it.

    Raises:
        Unauthorized: it is not from this cloud, has expired, or was taken back (401).
    """
    content, _, seal = text.partition(".")
    if not text.isascii() or not hmac.compare_digest(seal, _seal(world, content)) or seal in world.settings.revoked:
        raise refused()
    user_id, project_id, methods, *rest = json.loads(base64.urlsafe_b64decode(content + "=="))
    token = Token(user_id, project_id, tuple(methods), *rest)
    if world.wall >= token.expires:
        raise refused()
    return token


def revoke(world: World, text: str) -> None:
    """
    Take a token back: from now on it is none. Those that expired since are forgotten, so the list stays short.

    Raises:
        Unauthorized: it is none already (401).
    """
    expires = opened(world, text).expires
    kept = {seal: until for seal, until in world.settings.revoked.items() if until > world.wall}
    world.settings.revoked = kept | {text.partition(".")[2]: expires}
    world.tx.put(world.settings)


def caller_of(world: World, text: str) -> Caller:
    """
    Who shows a token, with the roles that they have now.

    Raises:
        Unauthorized: the token is none, or its user or project is gone or disabled (401).
    """
    return caller_in(world, opened(world, text))


def caller_in(world: World, token: Token) -> Caller:
    """Who a token is about. Raises as `caller_of`."""
    user = world.tx.get(User, token.user_id)
    project = world.tx.get(Project, token.project_id) if token.project_id else None
    if user is None or not user.enabled or not _is_open(world, user.domain_id):
        raise refused()
    if not token.project_id:
        return _without_project(world, user, token.scope)
    if (
        project is None
        or not project.enabled
        or not user.roles.get(project.id)
        or not _is_open(world, project.domain_id)
    ):
        raise refused()
    caller = Caller(user.id, project.id, with_implied(user.roles[project.id]), user.name, project.name)
    return _within_credential(world, user, token, caller) if token.credential_id else caller


def _without_project(world: World, user: User, scope: str) -> Caller:
    """Who has a token of the system, of a domain, or of nothing: only the identity service knows roles in those."""
    home = scope.removeprefix("domain:")
    if scope and (not user.roles.get(scope) or (home != scope and not _is_open(world, home))):
        raise refused()
    return Caller(user.id, "", with_implied(user.roles.get(scope, ())), user.name, "", scope=scope)


def _is_open(world: World, domain_id: str) -> bool:
    home = domain_with(world, domain_id)
    return home is not None and home.enabled


def _within_credential(world: World, user: User, token: Token, caller: Caller) -> Caller:
    """The caller with the roles of the credential alone; it ends when it is deleted or a role of it is taken away."""
    for each in user.credentials:
        if each["id"] == token.credential_id and _holds(user, each, world.wall):
            return caller._replace(roles=with_implied(each["roles"]), restricted=not each["unrestricted"])
    raise refused()


def _holds(user: User, credential: dict[str, Any], wall: float) -> bool:
    lasts = credential["expires"] is None or wall < credential["expires"]
    return lasts and set(credential["roles"]) <= set(user.roles.get(credential["project_id"], ()))


def _seal(world: World, content: str) -> str:
    key = world.settings.token_key
    if not key:
        raise Unauthorized(reason="This cloud has no key to sign tokens with: it was made before clouds had one.")
    return _text(hmac.new(key.encode(), content.encode(), hashlib.sha256).digest())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

"""What all of the identity service needs: who may, what is found, what a body holds, links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Project, Role, User

R = TypeVar("R", Project, User, Role)

DOMAIN = {"id": "default", "name": "Default", "description": "The default domain", "enabled": True}
FILTERS = ("name", "domain_id", "enabled")
YES = ("true", "1", "")


def require_admin(ctx: Context, rule: str, own: bool = False) -> None:
    """
    Refuse (403) everybody but administrators, and, where *own* says that it is their own thing, its owner.

    Source: Keystone's default policies for those who are not scoped to the system.
    """
    if not own and not ctx.caller.is_admin:
        raise Forbidden(reason=f"You are not authorized to perform the requested action: identity:{rule}.")


def found(ctx: Context, kind: type[R], id: str) -> R:
    """The thing with that id, or 404 in Keystone's words."""
    thing = ctx.world.tx.get(kind, id)
    if thing is None:
        raise NotFound(reason=f"Could not find {kind.__name__.lower()}: {id}.")
    return thing


def given(ctx: Context, key: str, texts: Iterable[str], required: Iterable[str] = ()) -> dict[str, Any]:
    """
    The object under *key* in the body.

    Raises:
        BadRequest: there is none, a required field is missing, or a field is not of its kind (400).
    """
    asked = ctx.body.get(key) if isinstance(ctx.body, dict) else None
    if not isinstance(asked, dict):
        raise BadRequest(reason=f"Invalid input: the body needs an object {key!r}.")
    for name in required:
        if not asked.get(name):
            raise BadRequest(reason=f"Invalid input for field '{name}': it is required.")
    for name in texts:
        if asked.get(name) is not None and not isinstance(asked[name], str):
            raise BadRequest(reason=f"Invalid input for field '{name}': {asked[name]!r} is not of type 'string'")
    if not isinstance(asked.get("enabled", True), bool):
        raise BadRequest(reason=f"Invalid input for field 'enabled': {asked['enabled']!r} is not of type 'boolean'")
    if asked.get("domain_id", DOMAIN["id"]) not in (DOMAIN["id"], None):
        raise NotFound(reason=f"Could not find domain: {asked['domain_id']}.")
    return asked


def check_free(ctx: Context, kind: type[R], name: str, but: str = "") -> None:
    """Refuse (409) a name that another thing of the kind has, or that is too long or blank (400)."""
    word = kind.__name__.lower()
    if not name.strip() or len(name) > (255 if kind is User else 64):
        raise BadRequest(reason=f"Invalid input for field 'name': {name!r} is too long or too short.")
    if any(each.id != but for each in ctx.world.tx.find(kind, name=name)):
        raise Conflict(
            reason=f"Conflict occurred attempting to store {word} - it is not permitted to have two {word}s with "
            f"the same name in the same domain: {name}."
        )


def matching(ctx: Context, things: Iterable[R]) -> list[R]:
    """Those that the query's filters let through."""
    kept = list(things)
    for name in FILTERS:
        if (wanted := ctx.query(name)) is not None:
            kept = [each for each in kept if _text(each, name) == (wanted if name != "enabled" else _flag(wanted))]
    return kept


def _text(thing: Any, name: str) -> str:
    return str(getattr(thing, name, None))


def _flag(text: str) -> str:
    return str(text.lower() in YES)


def listed(ctx: Context, key: str, views: list[dict[str, Any]]) -> dict[str, Any]:
    """A list with Keystone's links around it."""
    return {key: views, "links": {"self": url(ctx, key), "previous": None, "next": None}}


def url(ctx: Context, path: str) -> str:
    """Where something is found."""
    return f"{ctx.request.endpoint}/identity/v3/{path}"

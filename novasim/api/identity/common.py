"""What all of the identity service needs: who may, what is found, what a body holds, links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Domain, Project, Role, User
from novasim.simulation.world import World
from novasim.strutils import bool_from_string

R = TypeVar("R", Project, User, Role, Domain)
N = TypeVar("N", Project, User)

DEFAULT = Domain(id="default", name="Default", description="The default domain")
SYSTEM = "system:all"  # where a role in the whole deployment is held
FILTERS = ("name", "domain_id", "enabled")


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
    if asked.get("domain_id") is not None:
        domain(ctx, asked["domain_id"])
    return asked


def domains(world: World) -> list[Domain]:
    """All domains, the default one first."""
    stored = world.tx.query(Domain)
    return stored if any(each.id == DEFAULT.id for each in stored) else [_fresh_default(), *stored]


def domain_with(world: World, id: str) -> Domain | None:
    """The domain with that id."""
    return world.tx.get(Domain, id) or (_fresh_default() if id == DEFAULT.id else None)


def domain(ctx: Context, id: Any) -> Domain:
    """The domain with that id, or 404."""
    found = domain_with(ctx.world, id) if isinstance(id, str) else None
    if found is None:
        raise NotFound(reason=f"Could not find domain: {id}.")
    return found


def _fresh_default() -> Domain:
    return Domain(**vars(DEFAULT))


def named(world: World, thing: User | Project) -> dict[str, Any]:
    """A user or project as tokens and assignments show it: with its domain."""
    home = domain_with(world, thing.domain_id)
    return {"id": thing.id, "name": thing.name, "domain": {"id": thing.domain_id, "name": home.name if home else ""}}


def check_unmoved(asked: dict[str, Any], thing: User | Project) -> None:
    """Refuse (400) to move something to another domain."""
    if asked.get("domain_id") not in (None, thing.domain_id):
        raise BadRequest(reason="Cannot change Domain ID.")


def check_free(ctx: Context, kind: type[R], name: str, but: str = "", domain_id: str | None = None) -> None:
    """Refuse (409) a name that another thing of the kind in the same domain has, or that is too long or blank (400)."""
    word = kind.__name__.lower()
    if not name.strip() or len(name) > (255 if kind is User else 64):
        raise BadRequest(reason=f"Invalid input for field 'name': {name!r} is too long or too short.")
    others = domains(ctx.world) if kind is Domain else ctx.world.tx.query(kind)
    if any(each.name == name and each.id != but and getattr(each, "domain_id", None) == domain_id for each in others):
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
    return str(bool_from_string(text, default=True))


def listed(ctx: Context, key: str, views: list[dict[str, Any]]) -> dict[str, Any]:
    """A list with Keystone's links around it."""
    return {key: views, "links": {"self": url(ctx, key), "previous": None, "next": None}}


def url(ctx: Context, path: str) -> str:
    """Where something is found."""
    return f"{ctx.request.endpoint}/identity/v3/{path}"

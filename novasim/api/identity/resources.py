"""Shared parts of all identity resources: authorization, look-up, domains, request bodies, names, filters and links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Domain, Group, Project, Record, Role, User
from novasim.simulation.world import World
from novasim.strutils import bool_from_string

R = TypeVar("R", Project, User, Group, Role, Domain)
D = TypeVar("D", Project, Domain)
S = TypeVar("S", User, Group, Project)
F = TypeVar("F", bound=Record | dict[str, Any])

DEFAULT_DOMAIN = Domain(id="default", name="Default", description="The default domain")
SYSTEM_SCOPE = "system:all"
DOMAIN_SCOPE = "domain:"  # followed by the domain's id
FILTERS = ("name", "domain_id", "enabled")
COMPARATORS: dict[str, Callable[[str, str], bool]] = {
    "contains": str.__contains__,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
MAX_NAME, MAX_USER_NAME = 64, 255  # characters


def require_admin(ctx: Context, rule: str, is_own: bool = False) -> None:
    """
    Require an administrator, unless *is_own* says that the resource belongs to the caller.

    Raises:
        Forbidden: the caller is not an administrator (403).

    Source: Keystone's default policies for callers without system scope.
    """
    if not is_own and not ctx.caller.is_admin:
        raise forbidden(rule)


def forbidden(rule: str) -> Forbidden:
    """Keystone's refusal by the policy rule identity:*rule* (403)."""
    return forbidden_action(f"identity:{rule}")


def forbidden_action(action: str) -> Forbidden:
    """Keystone's refusal of an action (403)."""
    return Forbidden(reason=f"You are not authorized to perform the requested action: {action}.")


def forbidden_without_reason() -> Forbidden:
    """Keystone's refusal of something that it does not explain to callers (403)."""
    return Forbidden(reason="You are not authorized to perform the requested action.")


def get_or_404(ctx: Context, kind: type[R], id: str) -> R:
    """
    Return the record with an id.

    Raises:
        NotFound: it does not exist; the message is Keystone's (404).
    """
    record = ctx.world.tx.get(kind, id)
    if record is None:
        raise NotFound(reason=f"Could not find {kind.__name__.lower()}: {id}.")
    return record


def list_domains(world: World) -> list[Domain]:
    """Return all domains, the default domain first. It exists even before it is stored."""
    stored = world.tx.query(Domain)
    return stored if any(each.id == DEFAULT_DOMAIN.id for each in stored) else [_new_default_domain(), *stored]


def find_domain(world: World, id: str) -> Domain | None:
    """Return the domain with an id, or None."""
    return world.tx.get(Domain, id) or (_new_default_domain() if id == DEFAULT_DOMAIN.id else None)


def is_enabled_domain(world: World, id: str) -> bool:
    """Whether there is a domain with this id, and it is enabled."""
    domain = find_domain(world, id)
    return domain is not None and domain.enabled


def is_enabled_user(world: World, id: str) -> bool:
    """Whether there is a user with this id, and the user and their domain are enabled."""
    user = world.tx.get(User, id)
    return user is not None and user.enabled and is_enabled_domain(world, user.domain_id)


def list_actors(world: World) -> list[User | Group]:
    """Return everything that can have roles: all users and all groups."""
    return [*world.tx.query(User), *world.tx.query(Group)]


def get_domain_or_404(ctx: Context, id: Any) -> Domain:
    """
    Return the domain with an id.

    Raises:
        NotFound: it does not exist, or is not visible (404).
    """
    domain = find_domain(ctx.world, id) if isinstance(id, str) else None
    if domain is None:
        raise NotFound(reason=f"Could not find domain: {id}.")
    return domain


def _new_default_domain() -> Domain:
    return Domain(**vars(DEFAULT_DOMAIN))


def check_name(ctx: Context, kind: type[R], name: str, exclude_id: str = "", domain_id: str | None = None) -> None:
    """
    Check a new name.

    Raises:
        BadRequest: it is blank or too long (400).
        Conflict: another record of the same kind and domain has it (409).
    """
    noun = kind.__name__.lower()
    if not name.strip() or len(name) > (MAX_USER_NAME if kind in (User, Group) else MAX_NAME):
        raise BadRequest(reason=f"Invalid input for field 'name': {name!r} is too long or too short.")
    same_name = list_domains(ctx.world) if kind is Domain else ctx.world.tx.query(kind)
    same_name = [each for each in same_name if each.name == name and each.id != exclude_id]
    if any(getattr(each, "domain_id", None) == domain_id for each in same_name):
        raise Conflict(
            reason=f"Conflict occurred attempting to store {noun} - it is not permitted to have two {noun}s with "
            f"the same name in the same domain: {name}."
        )


def check_same_domain(body: dict[str, Any], record: User | Group | Project) -> None:
    """
    Check that an update does not move a record to another domain.

    Raises:
        BadRequest: it does (400).
    """
    if body.get("domain_id") not in (None, record.domain_id):
        raise BadRequest(reason="Cannot change Domain ID.")


def apply_update(ctx: Context, record: D, body: dict[str, Any]) -> None:
    """
    Update the name, the description and the enabled state of a project or domain, and store it.

    Raises:
        BadRequest, Conflict: as `check_name`.
    """
    if body.get("name"):
        check_name(ctx, type(record), body["name"], record.id, getattr(record, "domain_id", None))
        record.name = body["name"]
    record.description = body.get("description", record.description) or ""
    record.enabled = body.get("enabled", record.enabled)
    ctx.world.tx.put(record)


def find_domain_of_token(ctx: Context) -> str:
    """Return the id of the domain to which the caller's token is scoped, or ""."""
    scope = ctx.caller.scope
    return scope.removeprefix(DOMAIN_SCOPE) if scope.startswith(DOMAIN_SCOPE) else ""


def find_default_domain_id(ctx: Context) -> str:
    """
    Return the id of the domain of a new resource whose body names none.

    Source: keystone/server/flask/common.py _normalize_domain_id.
    """
    return find_domain_of_token(ctx) or DEFAULT_DOMAIN.id


def filter_by_scope(ctx: Context, records: Iterable[S]) -> list[S]:
    """Return the records that the caller's token covers: with domain scope, only those of the domain."""
    domain_id = find_domain_of_token(ctx)
    return [each for each in records if each.domain_id == domain_id] if domain_id else list(records)


def is_option_set(ctx: Context, name: str) -> bool:
    """Whether a query has an option. Source: keystone/server/flask/common.py query_filter_is_true."""
    return ctx.query(name) not in (None, "0")


def filter_records(ctx: Context, records: Iterable[F], fields: Sequence[str] = FILTERS) -> list[F]:
    """
    Return the records or views that match the query's filters.

    A text can also be compared with name__contains, name__startswith and name__endswith, or without regard to case,
    such as name__icontains. Source: keystone/server/flask/common.py build_driver_hints and filter_by_attributes.

    Args:
        fields: The fields that the query can have. Other parts of the query are ignored.
    """
    matching = list(records)
    for key, text in ctx.request.query:
        field, _, comparator = key.partition("__")
        if key in fields:
            matching = [each for each in matching if _is_equal(_value(each, key), text)]
        elif field in fields:
            compare = COMPARATORS.get(comparator.removeprefix("i"), _accept)
            fold = str.lower if comparator.startswith("i") else str
            matching = [each for each in matching if compare(fold(_value(each, field) or ""), fold(text))]
    return matching


def _value(record: Record | dict[str, Any], field: str) -> Any:
    return record.get(field) if isinstance(record, dict) else getattr(record, field, None)


def _is_equal(value: Any, text: str) -> bool:
    return bool_from_string(text, default=True) is value if isinstance(value, bool) else value == text


def _accept(value: str, text: str) -> bool:
    """Accept what an unknown comparator would compare."""
    return True


def reference_view(world: World, record: User | Group | Project) -> dict[str, Any]:
    """A user, group or project as tokens and role assignments show it: with its domain."""
    domain = find_domain(world, record.domain_id)
    name = domain.name if domain else ""
    return {"id": record.id, "name": record.name, "domain": {"id": record.domain_id, "name": name}}


def collection_view(ctx: Context, key: str, views: list[dict[str, Any]]) -> dict[str, Any]:
    """A list with Keystone's links."""
    query = urlencode(ctx.request.query, errors="replace")
    path = ctx.request.path.removeprefix("/v3/") + ("?" + query if query else "")
    return {key: views, "links": {"next": None, "self": url(ctx, path), "previous": None}}


def new_id(ctx: Context) -> str:
    """A new id of the identity service, without dashes."""
    return ctx.world.ids.uuid().replace("-", "")


def url(ctx: Context, path: str) -> str:
    """The URL of a resource."""
    return f"{ctx.request.endpoint}/identity/v3/{path}"

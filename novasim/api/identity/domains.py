"""/v3/domains."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.common import (
    DEFAULT,
    check_free,
    domain,
    domains,
    given,
    listed,
    matching,
    require_admin,
    url,
)
from novasim.api.identity.projects import remove as remove_project
from novasim.api.request import Response
from novasim.errors import Forbidden
from novasim.records import Domain, Project, User

TEXTS = ("name", "description")


def index(ctx: Context) -> dict[str, Any]:
    """All domains (administrators); filters name, enabled."""
    require_admin(ctx, "list_domains")
    return listed(ctx, "domains", [view(ctx, each) for each in matching(ctx, domains(ctx.world))])


def show(ctx: Context, domain_id: str) -> dict[str, Any]:
    """The domain by its id."""
    return {"domain": view(ctx, domain(ctx, domain_id))}


def create(ctx: Context) -> Response:
    """A domain, in which all names are free."""
    require_admin(ctx, "create_domain")
    asked = given(ctx, "domain", TEXTS, required=("name",))
    check_free(ctx, Domain, asked["name"])
    made = Domain(
        id=ctx.world.ids.uuid().replace("-", ""),
        name=asked["name"],
        description=asked.get("description") or "",
        enabled=asked.get("enabled", True),
    )
    ctx.world.tx.put(made)
    return Response(201, {"domain": view(ctx, made)})


def update(ctx: Context, domain_id: str) -> dict[str, Any]:
    """Another name or description; into a domain that is not enabled nobody gets."""
    require_admin(ctx, "update_domain")
    changed = domain(ctx, domain_id)
    asked = given(ctx, "domain", TEXTS)
    if asked.get("name"):
        check_free(ctx, Domain, asked["name"], but=domain_id)
        changed.name = asked["name"]
    changed.description = asked.get("description", changed.description) or ""
    changed.enabled = asked.get("enabled", changed.enabled)
    ctx.world.tx.put(changed)
    return {"domain": view(ctx, changed)}


def delete(ctx: Context, domain_id: str) -> Response:
    """
    Remove a domain that was disabled, with its projects, its users, and the roles in it.

    Raises:
        Forbidden: it is enabled, or the default one (403).
    """
    require_admin(ctx, "delete_domain")
    gone = domain(ctx, domain_id)
    if gone.enabled:
        raise Forbidden(reason="Cannot delete a domain that is enabled, please disable it first.")
    if gone.id == DEFAULT.id:
        raise Forbidden(reason="You are not authorized to perform the requested action: delete the default domain.")
    for project in ctx.world.tx.query(Project, {"domain_id": domain_id}):
        remove_project(ctx.world, project)
    for user in ctx.world.tx.query(User):
        if user.domain_id == domain_id:
            ctx.world.tx.delete(user)
        elif user.roles.pop(f"domain:{domain_id}", None):
            ctx.world.tx.put(user)
    ctx.world.tx.delete(gone)
    return Response(204)


def view(ctx: Context, shown: Domain) -> dict[str, Any]:
    """A domain as Keystone shows it."""
    return {
        "id": shown.id,
        "name": shown.name,
        "description": shown.description,
        "enabled": shown.enabled,
        "tags": [],
        "options": {},
        "links": {"self": url(ctx, f"domains/{shown.id}")},
    }

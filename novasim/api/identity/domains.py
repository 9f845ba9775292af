"""/v3/domains."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.bodies import keep_extra, read_body
from novasim.api.identity.project_tags import check_tags
from novasim.api.identity.removal import remove_group, remove_project, remove_scope, remove_user
from novasim.api.identity.resources import (
    DEFAULT_DOMAIN,
    DOMAIN_SCOPE,
    apply_update,
    check_name,
    collection_view,
    filter_records,
    find_domain_of_token,
    get_domain_or_404,
    list_domains,
    new_id,
    require_admin,
    url,
)
from novasim.api.request import Response
from novasim.errors import Forbidden
from novasim.records import Domain, Group, Project, User

TEXT_FIELDS = ("name", "description")
KNOWN = frozenset(("id", "enabled", "tags", "options", "links", "domain_id", "parent_id", "is_domain", *TEXT_FIELDS))


def index(ctx: Context) -> dict[str, Any]:
    """GET /v3/domains: all domains; filters name and enabled. 403."""
    require_admin(ctx, "list_domains")
    own = find_domain_of_token(ctx)
    domains = [each for each in filter_records(ctx, list_domains(ctx.world)) if own in ("", each.id)]
    return collection_view(ctx, "domains", [domain_view(ctx, each) for each in domains])


def show(ctx: Context, domain_id: str) -> dict[str, Any]:
    """GET /v3/domains/{id}: one domain. 404."""
    return {"domain": domain_view(ctx, get_domain_or_404(ctx, domain_id))}


def create(ctx: Context) -> Response:
    """POST /v3/domains: create a domain, which has its own names of users and projects. 400, 403, 409."""
    require_admin(ctx, "create_domain")
    body = read_body(ctx, "domain", TEXT_FIELDS, required=("name",))
    return Response(201, {"domain": domain_view(ctx, create_domain(ctx, body))})


def update(ctx: Context, domain_id: str) -> dict[str, Any]:
    """PATCH /v3/domains/{id}: change name or description; a disabled domain blocks its users. 400, 403, 404, 409."""
    require_admin(ctx, "update_domain")
    domain = get_domain_or_404(ctx, domain_id)
    update_domain(ctx, domain, read_body(ctx, "domain", TEXT_FIELDS))
    return {"domain": domain_view(ctx, domain)}


def delete(ctx: Context, domain_id: str) -> Response:
    """DELETE /v3/domains/{id}: remove a disabled domain, its projects, users, groups and role assignments. 403, 404."""
    require_admin(ctx, "delete_domain")
    delete_domain(ctx, get_domain_or_404(ctx, domain_id))
    return Response(204)


def create_domain(ctx: Context, body: dict[str, Any]) -> Domain:
    """
    Create the domain of a body.

    Raises:
        BadRequest: its name or tags are invalid (400). Conflict: another domain has the name (409).
    """
    check_name(ctx, Domain, body["name"])
    domain = Domain(id=new_id(ctx), name=body["name"])
    update_domain(ctx, domain, body)
    return domain


def update_domain(ctx: Context, domain: Domain, body: dict[str, Any]) -> None:
    """
    Change a domain.

    Raises:
        BadRequest: its name or tags are invalid (400). Conflict: another domain has the name (409).
    """
    domain.tags = check_tags(body.get("tags", domain.tags))
    keep_extra(domain, body, KNOWN)
    apply_update(ctx, domain, body)


def delete_domain(ctx: Context, domain: Domain) -> None:
    """
    Delete a domain and everything in it.

    Raises:
        Forbidden: it is enabled, or the default domain (403).
    """
    if domain.enabled:
        raise Forbidden(reason="Cannot delete a domain that is enabled, please disable it first.")
    if domain.id == DEFAULT_DOMAIN.id:
        raise Forbidden(reason="You are not authorized to perform the requested action: delete the default domain.")
    for project in ctx.world.tx.query(Project, {"domain_id": domain.id}):
        remove_project(ctx.world, project)
    for group in ctx.world.tx.query(Group, {"domain_id": domain.id}):
        remove_group(ctx.world, group)
    for user in ctx.world.tx.query(User, {"domain_id": domain.id}):
        remove_user(ctx.world, user)
    remove_scope(ctx.world, f"{DOMAIN_SCOPE}{domain.id}")
    ctx.world.tx.delete(domain)


def domain_view(ctx: Context, domain: Domain) -> dict[str, Any]:
    """A domain as Keystone shows it."""
    return {
        **domain.extra,
        "id": domain.id,
        "name": domain.name,
        "description": domain.description,
        "enabled": domain.enabled,
        "tags": domain.tags,
        "options": {},
        "links": {"self": url(ctx, f"domains/{domain.id}")},
    }

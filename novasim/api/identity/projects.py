"""/v3/projects."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.project_tags import check_tags, has_requested_tags
from novasim.api.identity.removal import remove_project
from novasim.api.identity.resources import (
    DEFAULT_DOMAIN,
    apply_update,
    check_name,
    check_same_domain,
    collection_view,
    filter_records,
    find_domain,
    get_or_404,
    keep_extra,
    read_body,
    require_admin,
    url,
)
from novasim.api.request import Response
from novasim.errors import BadRequest, NotSimulated
from novasim.records import Project
from novasim.simulation.default_world import build_default_security_group
from novasim.strutils import bool_from_string

TEXT_FIELDS = ("name", "description", "domain_id", "parent_id")
KNOWN = frozenset(("id", "enabled", "is_domain", "tags", "options", "links", *TEXT_FIELDS))


def index(ctx: Context) -> dict[str, Any]:
    """GET /v3/projects: all projects; filters name, domain_id, parent_id, is_domain, enabled and tags. 403."""
    require_admin(ctx, "list_projects")
    projects = filter_records(ctx, ctx.world.tx.query(Project))
    views = [project_view(ctx, each) for each in projects if has_requested_tags(ctx, each)]
    if (parent := ctx.query("parent_id")) is not None:
        views = [view for view in views if view["parent_id"] == parent]
    if bool_from_string(ctx.query("is_domain")):  # domains are not listed here
        views = []
    return collection_view(ctx, "projects", views)


def show(ctx: Context, project_id: str) -> dict[str, Any]:
    """GET /v3/projects/{id}: one project, for administrators and callers in it. 403, 404."""
    require_admin(ctx, "get_project", is_own=ctx.caller.project_id == project_id)
    return {"project": project_view(ctx, get_or_404(ctx, Project, project_id))}


def create(ctx: Context) -> Response:
    """
    POST /v3/projects: create a project with its default security group.

    Raises:
        BadRequest: a field is invalid, or the parent is in another domain (400).
        NotFound: no such domain or parent (404).
        Forbidden: the caller is not an administrator (403). Conflict: the name is taken (409).
        NotSimulated: a project that acts as a domain (501).
    """
    require_admin(ctx, "create_project")
    body = read_body(ctx, "project", TEXT_FIELDS, required=("name",))
    if body.get("is_domain"):
        raise NotSimulated(reason="Projects that act as a domain are not simulated. Use POST /v3/domains.")
    parent = _find_parent(ctx, body)
    domain_id = body.get("domain_id") or (parent.domain_id if parent else DEFAULT_DOMAIN.id)
    if parent and parent.domain_id != domain_id:
        raise BadRequest(reason="Parent project is in a different domain than the new project.")
    check_name(ctx, Project, body["name"], domain_id=domain_id)
    project = Project(
        id=ctx.world.ids.uuid().replace("-", ""),
        name=body["name"],
        description=body.get("description") or "",
        enabled=body.get("enabled", True),
        domain_id=domain_id,
        parent_id=parent.id if parent else None,
        tags=check_tags(body.get("tags", [])),
    )
    keep_extra(project, body, KNOWN)
    ctx.world.tx.put(project)
    ctx.world.tx.put(build_default_security_group(ctx.world, project.id))
    return Response(201, {"project": project_view(ctx, project)})


def _find_parent(ctx: Context, body: dict[str, Any]) -> Project | None:
    """Return the parent project of a new one, or None if its parent is a domain."""
    parent_id = body.get("parent_id")
    if not parent_id or find_domain(ctx.world, parent_id):
        return None
    return get_or_404(ctx, Project, parent_id)


def update(ctx: Context, project_id: str) -> dict[str, Any]:
    """PATCH /v3/projects/{id}: change name, description, tags or enabled state. 400, 403, 404, 409."""
    require_admin(ctx, "update_project")
    project = get_or_404(ctx, Project, project_id)
    body = read_body(ctx, "project", TEXT_FIELDS)
    check_same_domain(body, project)
    project.tags = check_tags(body.get("tags", project.tags))
    keep_extra(project, body, KNOWN)
    apply_update(ctx, project, body)
    return {"project": project_view(ctx, project)}


def delete(ctx: Context, project_id: str) -> Response:
    """DELETE /v3/projects/{id}: remove a project and the roles in it; its servers stay, as in Nova. 403, 404."""
    require_admin(ctx, "delete_project")
    remove_project(ctx.world, get_or_404(ctx, Project, project_id))
    return Response(204)


def project_view(ctx: Context, project: Project) -> dict[str, Any]:
    """A project as Keystone shows it."""
    return {
        **project.extra,
        "id": project.id,
        "name": project.name,
        "domain_id": project.domain_id,
        "description": project.description,
        "enabled": project.enabled,
        "parent_id": project.parent_id or project.domain_id,
        "is_domain": False,
        "tags": project.tags,
        "options": {},
        "links": {"self": url(ctx, f"projects/{project.id}")},
    }

"""/v3/projects."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.bodies import keep_extra, read_body
from novasim.api.identity.domains import create_domain, delete_domain, domain_view, update_domain
from novasim.api.identity.hierarchy import check_is_leaf, check_parent, check_update, relatives_view
from novasim.api.identity.pages import page_view
from novasim.api.identity.project_tags import check_tags, has_requested_tags
from novasim.api.identity.removal import remove_project
from novasim.api.identity.resources import (
    apply_update,
    check_name,
    check_same_domain,
    filter_by_scope,
    filter_records,
    find_default_domain_id,
    find_domain,
    find_domain_of_token,
    get_or_404,
    list_domains,
    new_id,
    require_admin,
    url,
)
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.records import Domain, Project
from novasim.simulation.default_world import build_default_security_group
from novasim.strutils import bool_from_string

Object = dict[str, Any]

TEXT_FIELDS = ("name", "description", "domain_id", "parent_id")
KNOWN = frozenset(("id", "enabled", "is_domain", "tags", "options", "links", *TEXT_FIELDS))


def index(ctx: Context) -> Object:
    """
    GET /v3/projects: all projects. 403.

    Filters: name, domain_id, parent_id, enabled, tags, and is_domain, which lists the domains instead.
    """
    require_admin(ctx, "list_projects")
    is_domain = ctx.query("is_domain")
    if is_domain is not None and bool_from_string(is_domain, default=True):
        domains = [] if find_domain_of_token(ctx) else filter_records(ctx, list_domains(ctx.world))
        views = [_view_of_domain(ctx, each) for each in domains if has_requested_tags(ctx, each)]
    else:
        projects = filter_records(ctx, filter_by_scope(ctx, ctx.world.tx.query(Project)))
        views = [project_view(ctx, each) for each in projects if has_requested_tags(ctx, each)]
    return page_view(ctx, "projects", filter_records(ctx, views, ("parent_id",)))


def show(ctx: Context, project_id: str) -> Object:
    """
    GET /v3/projects/{id}: one project or domain, for administrators and callers in it. 400, 403, 404.

    parents_as_list, parents_as_ids, subtree_as_list and subtree_as_ids add the projects above and below.
    """
    require_admin(ctx, "get_project", is_own=ctx.caller.project_id == project_id)
    if domain := find_domain(ctx.world, project_id):
        return {"project": _view_of_domain(ctx, domain)}
    project = get_or_404(ctx, Project, project_id)
    return {"project": project_view(ctx, project) | relatives_view(ctx, project, project_view)}


def create(ctx: Context) -> Response:
    """
    POST /v3/projects: create a project with its default security group; or a domain, with is_domain.

    Raises:
        BadRequest: a field is invalid, or there is no such domain or parent, or not in this domain (400).
        Forbidden: the caller is not an administrator, or there are too many levels (403).
        Conflict: the name is taken (409).
    """
    require_admin(ctx, "create_project")
    try:
        body = read_body(ctx, "project", TEXT_FIELDS, required=("name",))
        if body.get("is_domain"):
            return Response(201, {"project": _create_domain(ctx, body)})
        parent = _find_parent(ctx, body)
    except NotFound as fault:
        raise BadRequest(reason=str(fault)) from None
    parent_id = parent.domain_id if parent else body.get("parent_id")
    domain_id = body.get("domain_id") or parent_id or find_default_domain_id(ctx)
    check_parent(ctx, parent, domain_id)
    name = body["name"].strip()
    check_name(ctx, Project, name, domain_id=domain_id)
    project = Project(
        id=new_id(ctx),
        name=name,
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


def _create_domain(ctx: Context, body: Object) -> Object:
    if body.get("parent_id") or body.get("domain_id"):
        raise BadRequest(reason="only root projects are allowed to act as domains.")
    return _view_of_domain(ctx, create_domain(ctx, body))


def _find_parent(ctx: Context, body: Object) -> Project | None:
    """Return the parent project of a new one, or None if its parent is a domain, which must be its own."""
    parent_id = body.get("parent_id")
    if not parent_id:
        return None
    if find_domain(ctx.world, parent_id):
        if (domain_id := body.get("domain_id") or parent_id) != parent_id:
            raise BadRequest(
                reason=f"Cannot create project, the parent ({parent_id}) is acting as a domain, but this project's "
                f"domain id ({domain_id}) does not match the parent's id."
            )
        return None
    return get_or_404(ctx, Project, parent_id)


def update(ctx: Context, project_id: str) -> Object:
    """PATCH /v3/projects/{id}: change name, description, tags or enabled state. 400, 403, 404, 409."""
    require_admin(ctx, "update_project")
    if domain := find_domain(ctx.world, project_id):
        update_domain(ctx, domain, read_body(ctx, "project", TEXT_FIELDS))
        return {"project": _view_of_domain(ctx, domain)}
    project = get_or_404(ctx, Project, project_id)
    body = read_body(ctx, "project", TEXT_FIELDS)
    check_same_domain(body, project)
    check_update(ctx, project, body)
    project.tags = check_tags(body.get("tags", project.tags))
    keep_extra(project, body, KNOWN)
    apply_update(ctx, project, body)
    return {"project": project_view(ctx, project)}


def delete(ctx: Context, project_id: str) -> Response:
    """
    DELETE /v3/projects/{id}: remove a project and the roles in it; or a domain. Its servers stay, as in Nova.

    Raises:
        Forbidden: the caller is not an administrator, there are projects below it, or it is an enabled domain (403).
        NotFound: there is no such project (404).
    """
    require_admin(ctx, "delete_project")
    if domain := find_domain(ctx.world, project_id):
        delete_domain(ctx, domain)
    else:
        project = get_or_404(ctx, Project, project_id)
        check_is_leaf(ctx, project)
        remove_project(ctx.world, project)
    return Response(204)


def project_view(ctx: Context, project: Project) -> Object:
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


def _view_of_domain(ctx: Context, domain: Domain) -> Object:
    """A domain as the project that acts as it."""
    links = {"self": url(ctx, f"projects/{domain.id}")}
    return domain_view(ctx, domain) | {"domain_id": None, "parent_id": None, "is_domain": True, "links": links}

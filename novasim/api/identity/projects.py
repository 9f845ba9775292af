"""/v3/projects."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.common import (
    DEFAULT,
    check_free,
    check_unmoved,
    found,
    given,
    listed,
    matching,
    require_admin,
    url,
)
from novasim.api.request import Response
from novasim.records import Project, User
from novasim.simulation.default_world import default_group
from novasim.simulation.world import World

TEXTS = ("name", "description", "domain_id", "parent_id")


def index(ctx: Context) -> dict[str, Any]:
    """All projects (administrators); filters name, domain_id, enabled."""
    require_admin(ctx, "list_projects")
    return listed(ctx, "projects", [view(ctx, each) for each in matching(ctx, ctx.world.tx.query(Project))])


def show(ctx: Context, project_id: str) -> dict[str, Any]:
    """One project; one's own is for everybody."""
    require_admin(ctx, "get_project", own=ctx.caller.project_id == project_id)
    return {"project": view(ctx, found(ctx, Project, project_id))}


def create(ctx: Context) -> Response:
    """A new project, with the security group that every project has."""
    require_admin(ctx, "create_project")
    asked = given(ctx, "project", TEXTS, required=("name",))
    domain_id = asked.get("domain_id") or DEFAULT.id
    check_free(ctx, Project, asked["name"], domain_id=domain_id)
    project = Project(
        id=ctx.world.ids.uuid().replace("-", ""),
        name=asked["name"],
        description=asked.get("description") or "",
        enabled=asked.get("enabled", True),
        domain_id=domain_id,
    )
    ctx.world.tx.put(project)
    ctx.world.tx.put(default_group(ctx.world, project.id))
    return Response(201, {"project": view(ctx, project)})


def update(ctx: Context, project_id: str) -> dict[str, Any]:
    """Another name or description; a project that is not enabled lets nobody in."""
    require_admin(ctx, "update_project")
    project = found(ctx, Project, project_id)
    asked = given(ctx, "project", TEXTS)
    check_unmoved(asked, project)
    if asked.get("name"):
        check_free(ctx, Project, asked["name"], but=project_id, domain_id=project.domain_id)
        project.name = asked["name"]
    project.description = asked.get("description", project.description) or ""
    project.enabled = asked.get("enabled", project.enabled)
    ctx.world.tx.put(project)
    return {"project": view(ctx, project)}


def delete(ctx: Context, project_id: str) -> Response:
    """Remove a project and the roles in it. Its servers stay, as in Nova, for administrators to remove."""
    require_admin(ctx, "delete_project")
    remove(ctx.world, found(ctx, Project, project_id))
    return Response(204)


def remove(world: World, project: Project) -> None:
    """Take a project away, and the roles that users have in it."""
    world.tx.delete(project)
    for user in world.tx.query(User):
        if user.roles.pop(project.id, None) is not None:
            user.default_project_id = None if user.default_project_id == project.id else user.default_project_id
            world.tx.put(user)


def view(ctx: Context, project: Project) -> dict[str, Any]:
    """A project as Keystone shows it."""
    return {
        "id": project.id,
        "name": project.name,
        "domain_id": project.domain_id,
        "description": project.description,
        "enabled": project.enabled,
        "parent_id": project.domain_id,
        "is_domain": False,
        "tags": [],
        "options": {},
        "links": {"self": url(ctx, f"projects/{project.id}")},
    }

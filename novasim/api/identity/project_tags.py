"""/v3/projects/{id}/tags, and the filters of projects by tag. Source: keystone/api/projects.py, keystone/resource."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.identity.resources import get_or_404, require_admin, url
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.records import Domain, Project

MAX_TAGS = 80
MAX_LENGTH = 255  # characters
FILTERS: dict[str, Callable[[set[str], set[str]], bool]] = {
    "tags": lambda wanted, present: wanted <= present,
    "tags-any": lambda wanted, present: bool(wanted & present),
    "not-tags": lambda wanted, present: not wanted <= present,
    "not-tags-any": lambda wanted, present: not wanted & present,
}


def index(ctx: Context, project_id: str) -> dict[str, Any]:
    """GET /v3/projects/{id}/tags: the tags of a project. 403, 404."""
    project = _get_project(ctx, project_id, "list_project_tags", is_own=project_id == ctx.caller.project_id)
    return _view(ctx, project)


def replace(ctx: Context, project_id: str) -> dict[str, Any]:
    """PUT /v3/projects/{id}/tags: replace all tags. 400, 403, 404."""
    project = _get_project(ctx, project_id, "update_project_tags")
    project.tags = check_tags(ctx.body.get("tags") if isinstance(ctx.body, dict) else None)
    ctx.world.tx.put(project)
    return _view(ctx, project)


def clear(ctx: Context, project_id: str) -> Response:
    """DELETE /v3/projects/{id}/tags: remove all tags. 403, 404."""
    project = _get_project(ctx, project_id, "delete_project_tags")
    project.tags = []
    ctx.world.tx.put(project)
    return Response(204)


def check(ctx: Context, project_id: str, tag: str) -> Response:
    """GET, HEAD /v3/projects/{id}/tags/{tag}: whether a project has a tag. 403, 404."""
    is_own = project_id == ctx.caller.project_id
    _require_tag(_get_project(ctx, project_id, "get_project_tag", is_own), tag)
    return Response(204)


def add(ctx: Context, project_id: str, tag: str) -> Response:
    """PUT /v3/projects/{id}/tags/{tag}: add a tag, which the project must not have. 400, 403, 404."""
    project = _get_project(ctx, project_id, "create_project_tag")
    project.tags = check_tags([*project.tags, tag])
    ctx.world.tx.put(project)
    return Response(201, None, {"Location": url(ctx, f"projects/{project_id}/tags/{tag}")})


def remove(ctx: Context, project_id: str, tag: str) -> Response:
    """DELETE /v3/projects/{id}/tags/{tag}: remove a tag. 403, 404."""
    project = _get_project(ctx, project_id, "delete_project_tag")
    _require_tag(project, tag)
    project.tags = [each for each in project.tags if each != tag]
    ctx.world.tx.put(project)
    return Response(204)


def check_tags(tags: Any) -> list[str]:
    """
    Return the tags of a request body.

    Raises:
        BadRequest: they are not a list of at most 80 different strings of 1 to 255 characters without commas and
            slashes (400).
    """
    if not isinstance(tags, list) or not all(_is_tag(each) for each in tags):
        raise BadRequest(reason=f"Invalid input for field 'tags': {tags!r} is not a list of valid tags.")
    if len(tags) > MAX_TAGS:
        raise BadRequest(reason=f"Invalid input for field 'tags': {tags!r} is too long")
    if len(set(tags)) < len(tags):
        raise BadRequest(reason=f"Invalid input for field 'tags': {tags!r} has non-unique elements")
    return [tag.strip() for tag in tags]


def has_requested_tags(ctx: Context, project: Project | Domain) -> bool:
    """Whether a project or domain matches the query's filters tags, tags-any, not-tags and not-tags-any."""
    queries = {name: ctx.query(name) for name in FILTERS}
    return all(
        FILTERS[name](set(text.split(",")), set(project.tags)) for name, text in queries.items() if text is not None
    )


def _is_tag(tag: Any) -> bool:
    return isinstance(tag, str) and 1 <= len(tag) <= MAX_LENGTH and not set(",/") & set(tag)


def _get_project(ctx: Context, project_id: str, rule: str, is_own: bool = False) -> Project:
    require_admin(ctx, rule, is_own)
    return get_or_404(ctx, Project, project_id)


def _require_tag(project: Project, tag: str) -> None:
    if tag not in project.tags:
        raise NotFound(reason=f"Could not find project tag: {tag}.")


def _view(ctx: Context, project: Project) -> dict[str, Any]:
    return {"tags": project.tags, "links": {"self": url(ctx, f"projects/{project.id}/tags")}}

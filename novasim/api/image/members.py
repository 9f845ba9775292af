"""/v2/images/{id}/members: the projects to which a shared image is offered."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.lookup import get_image, get_own_image, save
from novasim.api.request import Response
from novasim.errors import Conflict, Forbidden, NotFound
from novasim.records import Image
from novasim.strutils import without_fraction


def index(ctx: Context, image_id: str) -> dict[str, Any]:
    """GET .../members: all members for the owner, only itself for a member. 404."""
    image = get_image(ctx, image_id)
    visible = [project for project in image.members if _can_see(ctx, image, project)]
    return {"members": [_view(image, project) for project in visible], "schema": "/v2/schemas/members"}


def _can_see(ctx: Context, image: Image, project: str) -> bool:
    return ctx.caller.is_admin or ctx.caller.project_id in (image.owner, project)


def show(ctx: Context, image_id: str, project: str) -> dict[str, Any]:
    """GET .../members/{project}: one member. 404."""
    image = get_image(ctx, image_id)
    if project not in image.members or not _can_see(ctx, image, project):
        raise NotFound(reason=f"{project} not found in the member list of the image {image_id}.")
    return _view(image, project)


def create(ctx: Context, image_id: str) -> dict[str, Any]:
    """POST .../members: offer a shared image to a project. 403, 404, 409."""
    image = get_own_image(ctx, image_id, "add_member")
    project = ctx.body["member"]
    if image.visibility != "shared":
        raise Forbidden(reason="Only shared images have members.")
    if project in image.members:
        raise Conflict(reason=f"Member '{project}' is already associated with image '{image_id}'.")
    image.members[project] = "pending"
    save(ctx, image)
    return _view(image, project)


def update(ctx: Context, image_id: str, project: str) -> dict[str, Any]:
    """PUT .../members/{project}: accept or reject an offer. 400, 403, 404."""
    image = get_image(ctx, image_id)
    if project not in image.members:
        raise NotFound(reason=f"{project} not found in the member list of the image {image_id}.")
    if ctx.caller.project_id != project and not ctx.caller.is_admin:
        raise Forbidden(reason="Only the member itself can accept or reject an offer.")
    image.members[project] = ctx.body["status"]
    save(ctx, image)
    return _view(image, project)


def delete(ctx: Context, image_id: str, project: str) -> Response:
    """DELETE .../members/{project}: withdraw an offer. 403, 404."""
    image = get_own_image(ctx, image_id, "delete_member")
    if project not in image.members:
        raise NotFound(reason=f"{project} not found in the member list of the image {image_id}.")
    del image.members[project]
    save(ctx, image)
    return Response(204)


def _view(image: Image, project: str) -> dict[str, Any]:
    return {
        "member_id": project,
        "image_id": image.id,
        "status": image.members[project],
        "created_at": without_fraction(image.created_at),
        "updated_at": without_fraction(image.updated_at),
        "schema": "/v2/schemas/member",
    }

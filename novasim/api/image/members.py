"""/v2/images/{id}/members: the projects that a shared image is offered to."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.lookup import get_image, keep, own_image
from novasim.api.request import Response
from novasim.errors import Conflict, Forbidden, NotFound
from novasim.records import Image


def index(ctx: Context, image_id: str) -> dict[str, Any]:
    """All of them for the owner, itself for a member."""
    image = get_image(ctx, image_id)
    shown = [project for project in image.members if _sees(ctx, image, project)]
    return {"members": [_view(image, project) for project in shown], "schema": "/v2/schemas/members"}


def _sees(ctx: Context, image: Image, project: str) -> bool:
    return ctx.caller.is_admin or ctx.caller.project_id in (image.owner, project)


def show(ctx: Context, image_id: str, project: str) -> dict[str, Any]:
    """One of them."""
    image = get_image(ctx, image_id)
    if project not in image.members or not _sees(ctx, image, project):
        raise NotFound(reason=f"{project} not found in the member list of the image {image_id}.")
    return _view(image, project)


def create(ctx: Context, image_id: str) -> dict[str, Any]:
    """
    Offer a shared image to a project.

    Raises:
        Forbidden: it is not shared (403). Conflict: the project has it already (409).
    """
    image = own_image(ctx, image_id, "add_member")
    project = ctx.body["member"]
    if image.visibility != "shared":
        raise Forbidden(reason="Only shared images have members.")
    if project in image.members:
        raise Conflict(reason=f"Member '{project}' is already associated with image '{image_id}'.")
    image.members[project] = "pending"
    keep(ctx, image)
    return _view(image, project)


def update(ctx: Context, image_id: str, project: str) -> dict[str, Any]:
    """The project accepts or rejects the offer."""
    image = get_image(ctx, image_id)
    if project not in image.members:
        raise NotFound(reason=f"{project} not found in the member list of the image {image_id}.")
    if ctx.caller.project_id != project and not ctx.caller.is_admin:
        raise Forbidden(reason="Only the member itself accepts an offer.")
    image.members[project] = ctx.body["status"]
    keep(ctx, image)
    return _view(image, project)


def delete(ctx: Context, image_id: str, project: str) -> Response:
    """Withdraw an offer."""
    image = own_image(ctx, image_id, "delete_member")
    if project not in image.members:
        raise NotFound(reason=f"{project} not found in the member list of the image {image_id}.")
    del image.members[project]
    keep(ctx, image)
    return Response(204)


def _view(image: Image, project: str) -> dict[str, Any]:
    return {
        "member_id": project,
        "image_id": image.id,
        "status": image.members[project],
        "created_at": image.created_at[:19] + "Z",
        "updated_at": image.updated_at[:19] + "Z",
        "schema": "/v2/schemas/member",
    }

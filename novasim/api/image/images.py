"""/v2/images: list, show, create and delete images, change their status and tags."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import cut_page, is_full_page, next_page_query
from novasim.api.context import Context
from novasim.api.image.attributes import NEW_ID, image_view, set_attribute
from novasim.api.image.filters import check_query, is_offered, matches_query
from novasim.api.image.lookup import get_image, get_own_image, is_visible, save
from novasim.api.image.sorting import sort_images
from novasim.api.policy.roles import require_member
from novasim.api.request import Response
from novasim.api.schemas.validator import first_error
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Image, ImageData


def index(ctx: Context) -> dict[str, Any]:
    """GET /v2/images: the visible images that match the query, by default the newest first. 400."""
    check_query(ctx)
    listed = [(image, image_view(image)) for image in ctx.world.tx.query(Image) if _is_listed(ctx, image)]
    views = cut_page(ctx, sort_images(ctx, [view for image, view in listed if matches_query(ctx, image, view)]))
    answer: dict[str, Any] = {"images": views, "first": "/v2/images", "schema": "/v2/schemas/images"}
    if is_full_page(ctx, views):
        answer["next"] = f"/v2/images?{next_page_query(ctx, views[-1]['id'])}"
    return answer


def _is_listed(ctx: Context, image: Image) -> bool:
    """Whether an image is in a list: community images of other projects only if the query requests them."""
    is_own = image.owner == ctx.caller.project_id
    if image.visibility == "community" and not is_own:
        return ctx.query("visibility") in ("community", "all")
    if ctx.query("member_status") and not ctx.caller.is_admin:
        return is_offered(ctx, image) or is_own or image.visibility == "public"
    return is_visible(ctx, image)


def show(ctx: Context, image_id: str) -> dict[str, Any]:
    """GET /v2/images/{id}: one image. 404."""
    return image_view(get_image(ctx, image_id))


def list_tasks(ctx: Context, image_id: str) -> dict[str, Any]:
    """GET /v2/images/{id}/tasks: always an empty list, because tasks complete at once. 404."""
    get_image(ctx, image_id)
    return {"tasks": []}


def create(ctx: Context) -> Response:
    """POST /v2/images: create a queued image without data. 400, 403, 409."""
    require_member(ctx, "You are not authorized to complete add_image action.")
    body = dict(ctx.body)
    image = Image(
        id=_read_new_id(ctx, body),
        name=None,
        status="queued",
        visibility="shared",
        size=None,
        container_format=None,
        disk_format=None,
        owner=ctx.caller.project_id,
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
    )
    for name, value in body.items():
        set_attribute(ctx, image, name, value)
    ctx.world.tx.put(image)
    location = f"{ctx.request.endpoint}/image/v2/images/{image.id}"
    return Response(201, image_view(image), {"Location": location})


def _read_new_id(ctx: Context, body: dict[str, Any]) -> str:
    if (id := body.pop("id", None)) is None:
        return ctx.world.ids.uuid()
    if first_error(NEW_ID, id):
        raise BadRequest(reason=f"Provided object does not match schema 'image': {id!r} is not a UUID.")
    if ctx.world.tx.get(Image, id):
        raise Conflict(reason=f"Image ID {id} already exists!")
    return str(id)


def delete(ctx: Context, image_id: str) -> Response:
    """DELETE /v2/images/{id}: delete an unprotected image; servers created from it remain. 403, 404."""
    image = get_own_image(ctx, image_id, "delete_image")
    if image.protected:
        raise Forbidden(reason=f"Image {image_id} is protected and cannot be deleted.")
    if data := ctx.world.tx.get(ImageData, image.id):
        ctx.world.tx.delete(data)
    ctx.world.tx.delete(image)
    return Response(204)


def deactivate(ctx: Context, image_id: str) -> Response:
    """POST /v2/images/{id}/actions/deactivate: allow only administrators to use the data. 403, 404."""
    return _change_status(ctx, image_id, "active", "deactivated")


def reactivate(ctx: Context, image_id: str) -> Response:
    """POST /v2/images/{id}/actions/reactivate: allow everyone to use the data again. 403, 404."""
    return _change_status(ctx, image_id, "deactivated", "active")


def _change_status(ctx: Context, image_id: str, before: str, after: str) -> Response:
    image = get_own_image(ctx, image_id, "deactivate" if after == "deactivated" else "reactivate")
    if image.status not in (before, after):
        raise Forbidden(reason=f"Image status transition from {image.status} to {after} is not allowed")
    image.status = after
    save(ctx, image)
    return Response(204)


def set_tag(ctx: Context, image_id: str, tag: str) -> Response:
    """PUT /v2/images/{id}/tags/{tag}: add a tag. 400, 403, 404."""
    image = get_own_image(ctx, image_id)
    set_attribute(ctx, image, "tags", [*image.tags, tag])
    save(ctx, image)
    return Response(204)


def delete_tag(ctx: Context, image_id: str, tag: str) -> Response:
    """DELETE /v2/images/{id}/tags/{tag}: remove a tag. 403, 404."""
    image = get_own_image(ctx, image_id)
    if tag not in image.tags:
        raise NotFound(reason=f"Tag {tag} was not found on image {image_id}.")
    image.tags.remove(tag)
    save(ctx, image)
    return Response(204)

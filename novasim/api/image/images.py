"""/v2/images: images, snapshots and backups as the image service shows them."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import apply_query, is_full_page, next_page_query
from novasim.api.context import Context
from novasim.api.image.attributes import NEW_ID, image_view, set_attribute
from novasim.api.image.filters import OWN, asked, offered
from novasim.api.image.lookup import get_image, is_visible, keep, own_image
from novasim.api.policy.roles import require_member
from novasim.api.request import Response
from novasim.api.schemas.validator import first_error
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Image, ImageData


def index(ctx: Context) -> dict[str, Any]:
    """The images that the caller may see and the query asks for, newest first unless sorted otherwise."""
    pairs = [(image, image_view(image)) for image in ctx.world.tx.query(Image) if _visible(ctx, image)]
    found = [(image, view) for image, view in pairs if asked(ctx, image, view)]
    found.sort(key=lambda pair: (pair[0].created_at, pair[0].id), reverse=True)
    names = frozenset(name for name, _ in ctx.request.query)
    views = apply_query(ctx, [view for _, view in found], names | OWN)
    answer: dict[str, Any] = {"images": views, "first": "/v2/images", "schema": "/v2/schemas/images"}
    if is_full_page(ctx, views):
        answer["next"] = f"/v2/images?{next_page_query(ctx, views[-1]['id'])}"
    return answer


def _visible(ctx: Context, image: Image) -> bool:
    if ctx.query("member_status"):
        return offered(ctx, image) or image.owner == ctx.caller.project_id or image.visibility == "public"
    if image.visibility == "community" and image.owner != ctx.caller.project_id:
        return ctx.query("visibility") == "community" or bool(ctx.query("id"))
    return is_visible(ctx, image)


def show(ctx: Context, image_id: str) -> dict[str, Any]:
    """One image."""
    return image_view(get_image(ctx, image_id))


def create(ctx: Context) -> Response:
    """
    A queued image without data.

    Raises:
        Conflict: there is one of that id (409). Further refusals as for set_attribute.
    """
    require_member(ctx, "You are not authorized to complete add_image action.")
    wanted = dict(ctx.body)
    image = Image(
        id=_new_id(ctx, wanted),
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
    for name, value in wanted.items():
        set_attribute(ctx, image, name, value)
    ctx.world.tx.put(image)
    location = f"{ctx.request.endpoint}/image/v2/images/{image.id}"
    return Response(201, image_view(image), {"Location": location})


def _new_id(ctx: Context, wanted: dict[str, Any]) -> str:
    if (given := wanted.pop("id", None)) is None:
        return ctx.world.ids.uuid()
    if first_error(NEW_ID, given):
        raise BadRequest(reason=f"Provided object does not match schema 'image': {given!r} is not a UUID.")
    if ctx.world.tx.get(Image, given):
        raise Conflict(reason=f"Image ID {given} already exists!")
    return str(given)


def delete(ctx: Context, image_id: str) -> Response:
    """Remove an image that is not protected; servers made from it live on."""
    image = own_image(ctx, image_id, "delete_image")
    if image.protected:
        raise Forbidden(reason=f"Image {image_id} is protected and cannot be deleted.")
    if data := ctx.world.tx.get(ImageData, image.id):
        ctx.world.tx.delete(data)
    ctx.world.tx.delete(image)
    return Response(204)


def deactivate(ctx: Context, image_id: str) -> Response:
    """Let nobody but administrators use the data."""
    return _switched(ctx, image_id, "active", "deactivated")


def reactivate(ctx: Context, image_id: str) -> Response:
    """Let the data be used again."""
    return _switched(ctx, image_id, "deactivated", "active")


def _switched(ctx: Context, image_id: str, before: str, after: str) -> Response:
    image = own_image(ctx, image_id, "deactivate" if after == "deactivated" else "reactivate")
    if image.status not in (before, after):
        raise Forbidden(reason=f"Image status transition from {image.status} to {after} is not allowed")
    image.status = after
    keep(ctx, image)
    return Response(204)


def set_tag(ctx: Context, image_id: str, tag: str) -> Response:
    """Add a tag."""
    image = own_image(ctx, image_id)
    set_attribute(ctx, image, "tags", [*image.tags, tag])
    keep(ctx, image)
    return Response(204)


def delete_tag(ctx: Context, image_id: str, tag: str) -> Response:
    """Remove a tag."""
    image = own_image(ctx, image_id)
    if tag not in image.tags:
        raise NotFound(reason=f"Tag {tag} was not found on image {image_id}.")
    image.tags.remove(tag)
    keep(ctx, image)
    return Response(204)

"""Finding the image that a request names, and whether it is the caller's to change."""

from __future__ import annotations

from novasim.api.compute.references import may_see_image
from novasim.api.context import Context
from novasim.api.policy.roles import require_member
from novasim.errors import Forbidden, NotFound
from novasim.records import Image


def get_image(ctx: Context, image_id: str) -> Image:
    """An image that the caller may see (404 otherwise); those offered but not accepted count by id."""
    image = ctx.world.tx.get(Image, image_id)
    offered = image is not None and ctx.caller.project_id in image.members
    if image is None or not (offered or may_see_image(ctx, image)):
        raise NotFound(reason=f"No image found with ID {image_id}")
    return image


def own_image(ctx: Context, image_id: str, action: str = "modify_image") -> Image:
    """An image of the caller's project, or any for an administrator (403 otherwise)."""
    image = get_image(ctx, image_id)
    require_member(ctx, f"You are not authorized to complete {action} action.")
    if image.owner != ctx.caller.project_id and not ctx.caller.is_admin:
        raise Forbidden(reason=f"You are not authorized to complete {action} action.")
    return image


def keep(ctx: Context, image: Image) -> None:
    """Save a changed image."""
    image.updated_at = ctx.world.time
    ctx.world.tx.put(image)

"""Images by id, and who may see or change them."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.api.policy.roles import require_member
from novasim.errors import Forbidden, NotFound
from novasim.records import Image


def find_image(ctx: Context, image_id: str) -> Image | None:
    """Return the image if it exists and the caller may see it or has been offered it, or None."""
    image = ctx.world.tx.get(Image, image_id)
    return image if image and _is_shown(ctx, image) else None


def _is_shown(ctx: Context, image: Image) -> bool:
    return ctx.caller.project_id in image.members or is_visible(ctx, image)


def is_visible(ctx: Context, image: Image) -> bool:
    """Whether the caller may see an image: public, community, own, or shared and accepted; administrators see all."""
    project = ctx.caller.project_id
    return (
        image.visibility in ("public", "community")
        or ctx.caller.is_admin
        or image.owner == project
        or (image.visibility == "shared" and image.members.get(project) == "accepted")
    )


def get_image(ctx: Context, image_id: str) -> Image:
    """
    Return an image that the caller may see or has been offered.

    Raises:
        NotFound: it does not exist, or is not visible (404).
    """
    image = find_image(ctx, image_id)
    if image is None:
        raise NotFound(reason=f"No image found with ID {image_id}")
    return image


def get_own_image(ctx: Context, image_id: str, action: str = "modify_image") -> Image:
    """
    Return an image of the caller's project, or any for an administrator.

    Raises:
        NotFound: it does not exist, or is not visible (404). Forbidden: the caller may not change it (403).
    """
    image = get_image(ctx, image_id)
    require_member(ctx, f"You are not authorized to complete {action} action.")
    if image.owner != ctx.caller.project_id and not ctx.caller.is_admin:
        raise Forbidden(reason=f"You are not authorized to complete {action} action.")
    return image


def save(ctx: Context, image: Image) -> None:
    """Store a changed image, with the time of the change."""
    image.updated_at = ctx.world.time
    ctx.world.tx.put(image)

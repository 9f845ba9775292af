"""
/v2/images/{id}/file, stage and import: the content of images.

Every upload is measured. Its bytes are kept if there are few of them, so that what was saved can be read again; the
content of bigger images, of snapshots and of the default images does not exist, and asking for it is refused (501).
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from typing import Any

from novasim.api.context import Context
from novasim.api.image.lookup import get_image, keep, own_image
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotSimulated
from novasim.records import Image, ImageData

MOST_KEPT = 64 * 1024  # bytes, since the cloud file is read by people


def upload(ctx: Context, image_id: str) -> Response:
    """
    Complete a queued image.

    Raises:
        Conflict: it has its data (409). BadRequest: its formats are not set (400).
    """
    image = own_image(ctx, image_id, "upload_image")
    _take(ctx, image, "saving")
    image.status = "active"
    keep(ctx, image)
    return Response(204)


def stage(ctx: Context, image_id: str) -> Response:
    """Bring the data of a queued image, which an import then completes."""
    image = own_image(ctx, image_id, "modify_image")
    _take(ctx, image, "uploading")
    image.status = "uploading"
    keep(ctx, image)
    return Response(204)


def _take(ctx: Context, image: Image, next_status: str) -> None:
    if image.status != "queued":
        raise Conflict(reason=f"Image status transition from {image.status} to {next_status} is not allowed")
    if missing := [name for name in ("disk_format", "container_format") if getattr(image, name) is None]:
        raise BadRequest(reason=f"Properties {', '.join(missing)} must be set prior to saving data.")
    data = ctx.body if isinstance(ctx.body, bytes) else b""
    image.size = len(data)
    image.checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
    image.sha512 = hashlib.sha512(data).hexdigest()
    if 0 < len(data) <= MOST_KEPT:
        ctx.world.tx.put(ImageData(id=image.id, base64=b64encode(data).decode("ascii")))


def import_staged(ctx: Context, image_id: str) -> Response:
    """POST /v2/images/{id}/import: complete what was staged."""
    image = own_image(ctx, image_id, "modify_image")
    method = ctx.body["method"]["name"]
    if method != "glance-direct":
        raise NotSimulated(reason=f"The import method {method} is not simulated; glance-direct is.")
    if image.status != "uploading":
        raise Conflict(
            reason=f"Image needs to be staged before 'glance-direct' method can be used; its status is {image.status}."
        )
    image.status = "active"
    keep(ctx, image)
    return Response(202)


def download(ctx: Context, image_id: str) -> Response:
    """
    The content, if there is any (204 otherwise).

    Raises:
        Forbidden: the image is deactivated (403). NotSimulated: its content was not kept (501).
    """
    image = get_image(ctx, image_id)
    if image.status == "deactivated" and not ctx.caller.is_admin:
        raise Forbidden(reason="The requested image has been deactivated. Image data download is forbidden.")
    if image.status not in ("active", "deactivated"):
        return Response(204)
    kept = ctx.world.tx.get(ImageData, image.id)
    if kept is None and image.size:
        raise NotSimulated(
            reason=f"The content of image {image.id} ({image.size} bytes) does not exist: only uploads "
            f"of up to {MOST_KEPT} bytes are kept."
        )
    headers = {"Content-Type": "application/octet-stream"}
    if image.checksum:
        headers["Content-MD5"] = image.checksum
    return Response(200, b64decode(kept.base64) if kept else b"", headers)


def import_methods(ctx: Context) -> dict[str, Any]:
    """GET /v2/info/import."""
    value = {"description": "Import methods available.", "type": "array", "value": ["glance-direct"]}
    return {"import-methods": value}

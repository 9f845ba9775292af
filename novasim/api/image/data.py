"""
/v2/images/{id}/file, /stage and /import: the data of images.

Checksums and size of all uploads are computed. Only the bytes of small uploads are stored; the data of larger images,
of snapshots and of the default images does not exist, and downloading it is refused (501).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from novasim.api.context import Context
from novasim.api.image.lookup import get_image, get_own_image, save
from novasim.api.image.uploads import MAX_KEPT, Upload
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotSimulated
from novasim.records import Image, ImageData


def upload(ctx: Context, image_id: str) -> Response:
    """PUT /v2/images/{id}/file: upload the data of a queued image, which becomes active. 400, 403, 404, 409."""
    image = get_own_image(ctx, image_id, "upload_image")
    _store_data(ctx, image, "saving")
    image.status = "active"
    save(ctx, image)
    return Response(204)


def stage(ctx: Context, image_id: str) -> Response:
    """PUT /v2/images/{id}/stage: upload data for an import. 400, 403, 404, 409."""
    image = get_own_image(ctx, image_id, "modify_image")
    _store_data(ctx, image, "uploading")
    image.status = "uploading"
    save(ctx, image)
    return Response(204)


def _store_data(ctx: Context, image: Image, next_status: str) -> None:
    if image.status != "queued":
        raise Conflict(reason=f"Image status transition from {image.status} to {next_status} is not allowed")
    if missing := [name for name in ("disk_format", "container_format") if getattr(image, name) is None]:
        raise BadRequest(reason=f"Properties {', '.join(missing)} must be set prior to saving data.")
    upload = ctx.body if isinstance(ctx.body, Upload) else Upload(ctx.body if isinstance(ctx.body, bytes) else b"")
    image.size, image.checksum, image.sha512 = upload.size, upload.md5, upload.sha512
    if upload.data:
        ctx.world.tx.put(ImageData(id=image.id, base64=b64encode(upload.data).decode("ascii")))


def import_staged(ctx: Context, image_id: str) -> Response:
    """POST /v2/images/{id}/import: complete a staged image. 400, 403, 404, 409."""
    image = get_own_image(ctx, image_id, "modify_image")
    method = ctx.body["method"]["name"]
    if method != "glance-direct":
        raise BadRequest(reason=f"Unknown import method name '{method}'.")
    if image.status != "uploading":
        raise Conflict(
            reason=f"Image needs to be staged before 'glance-direct' method can be used; its status is {image.status}."
        )
    image.status = "active"
    save(ctx, image)
    return Response(202)


def download(ctx: Context, image_id: str) -> Response:
    """
    GET /v2/images/{id}/file: the data of an image, or 204.

    Raises:
        Forbidden: the image is deactivated (403). NotFound: it is not visible (404).
        NotSimulated: its data was not stored (501).
    """
    image = get_image(ctx, image_id)
    if image.status == "deactivated" and not ctx.caller.is_admin:
        raise Forbidden(reason="The requested image has been deactivated. Image data download is forbidden.")
    if image.status not in ("active", "deactivated"):
        return Response(204)
    stored = ctx.world.tx.get(ImageData, image.id)
    if stored is None and image.size:
        raise NotSimulated(
            reason=f"The content of image {image.id} ({image.size} bytes) does not exist: only uploads "
            f"of up to {MAX_KEPT} bytes are kept."
        )
    headers = {"Content-Type": "application/octet-stream"}
    if image.checksum:
        headers["Content-MD5"] = image.checksum
    return Response(200, b64decode(stored.base64) if stored else b"", headers)


def show_import_info(ctx: Context) -> dict[str, Any]:
    """GET /v2/info/import: the import methods."""
    value = {"description": "Import methods available.", "type": "array", "value": ["glance-direct"]}
    return {"import-methods": value}

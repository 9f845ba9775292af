"""/v2/images: images, snapshots and backups as the image service shows them."""

from __future__ import annotations

import hashlib
from typing import Any

from novasim.api.collections import is_full, listed
from novasim.api.compute.find import may_see_image
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Image

OWN_FIELDS = {"name": "name", "visibility": "visibility", "min_disk": "min_disk", "min_ram": "min_ram",
              "container_format": "container_format", "disk_format": "disk_format", "protected": "protected",
              "os_hidden": "hidden", "tags": "tags", "owner": "owner"}  # fmt: skip
READ_ONLY = frozenset("id status size checksum created_at updated_at schema self file direct_url os_hash_value".split())
MEANT_OTHERWISE = frozenset(("id", "name", "status", "visibility", "os_hidden", "tag", "member_status"))


def index(ctx: Context) -> dict[str, Any]:
    """The images that the caller may see and the query asks for, newest first unless sorted otherwise."""
    found = [image for image in ctx.world.tx.all(Image) if may_see_image(ctx, image) and _asked(ctx, image)]
    found.sort(key=lambda image: (image.created_at, image.id), reverse=True)
    views = listed(ctx, [image_view(image) for image in found], MEANT_OTHERWISE)
    answer: dict[str, Any] = {"images": views, "first": "/v2/images", "schema": "/v2/schemas/images"}
    if is_full(ctx, views):
        answer["next"] = f"/v2/images?limit={ctx.query('limit')}&marker={views[-1]['id']}"
    return answer


def _asked(ctx: Context, image: Image) -> bool:
    hidden = (ctx.query("os_hidden") or "false").lower() == "true"
    return (
        image.hidden == hidden
        and all(tag in image.tags for tag in ctx.queries("tag"))
        and all(
            _one_of(ctx.query(name), value)
            for name, value in (("id", image.id), ("name", image.name), ("status", image.status))
        )
        and ctx.query("visibility") in (None, "all", image.visibility)
    )


def _one_of(wanted: str | None, value: str | None) -> bool:
    """A plain value, or several: in:one,two (values with a comma stand in quotes)."""
    if wanted is None:
        return True
    if not wanted.startswith("in:"):
        return wanted == value
    import csv

    return value in next(csv.reader([wanted[3:]]), [])


def show(ctx: Context, image_id: str) -> dict[str, Any]:
    """One image."""
    return image_view(get_image(ctx, image_id))


def create(ctx: Context) -> Response:
    """A queued image without data."""
    asked = dict(ctx.body) if isinstance(ctx.body, dict) else {}
    image = Image(
        id=asked.pop("id", None) or ctx.world.ids.uuid(), name=None, status="queued", visibility="shared", size=None,
        container_format=None, disk_format=None, owner=ctx.caller.project_id, created_at=ctx.world.time,
        updated_at=ctx.world.time,
    )  # fmt: skip
    if ctx.world.tx.get(Image, image.id):
        raise Conflict(reason=f"Image ID {image.id} already exists!")
    for name, value in asked.items():
        _set(ctx, image, name, value)
    ctx.world.tx.put(image)
    location = f"{ctx.request.endpoint}/image/v2/images/{image.id}"
    return Response(201, image_view(image), {"Location": location})


def update(ctx: Context, image_id: str) -> dict[str, Any]:
    """A JSON patch: add, replace, remove of top-level attributes."""
    image = _own(ctx, image_id)
    if not isinstance(ctx.body, list):
        raise BadRequest(reason="Request body must be a JSON array of operation objects.")
    for step in ctx.body:
        _patch(ctx, image, step)
    image.updated_at = ctx.world.time
    ctx.world.tx.put(image)
    return image_view(image)


def _patch(ctx: Context, image: Image, step: Any) -> None:
    if not isinstance(step, dict) or step.get("op") not in ("add", "replace", "remove") or "path" not in step:
        raise BadRequest(reason="Operations must be objects with op (add, replace, remove) and path.")
    name = str(step["path"]).lstrip("/").replace("~1", "/").replace("~0", "~")
    if step["op"] == "remove":
        if name not in image.properties:
            raise Conflict(reason=f"Property {name} does not exist.")
        del image.properties[name]
    else:
        _set(ctx, image, name, step.get("value"))


def _set(ctx: Context, image: Image, name: str, value: Any) -> None:
    if name in READ_ONLY:
        raise Forbidden(reason=f"Attribute '{name}' is read-only.")
    if name == "visibility" and value == "public" and not ctx.caller.is_admin:
        raise Forbidden(reason="You are not authorized to complete publicize_image action.")
    if name in OWN_FIELDS:
        setattr(image, OWN_FIELDS[name], value)
    else:
        image.properties[name] = value


def delete(ctx: Context, image_id: str) -> Response:
    """Remove an image; servers made from it live on."""
    image = _own(ctx, image_id)
    if image.protected:
        raise Forbidden(reason=f"Image {image_id} is protected and cannot be deleted.")
    ctx.world.tx.delete(image)
    return Response(204)


def upload(ctx: Context, image_id: str) -> Response:
    """Complete a queued image. Size and checksum of the data are kept, the data is not."""
    image = _own(ctx, image_id)
    if image.status != "queued":
        raise Conflict(reason=f"Image status transition from {image.status} to saving is not allowed")
    data = ctx.body if isinstance(ctx.body, bytes) else b""
    image.size, image.checksum = len(data), hashlib.md5(data).hexdigest()
    image.status, image.updated_at = "active", ctx.world.time
    ctx.world.tx.put(image)
    return Response(204)


def download(ctx: Context, image_id: str) -> Response:
    """No data was kept, so there is no content."""
    get_image(ctx, image_id)
    return Response(204)


def set_tag(ctx: Context, image_id: str, tag: str) -> Response:
    """Add a tag."""
    image = _own(ctx, image_id)
    image.tags = list(dict.fromkeys([*image.tags, tag]))
    ctx.world.tx.put(image)
    return Response(204)


def delete_tag(ctx: Context, image_id: str, tag: str) -> Response:
    """Remove a tag."""
    image = _own(ctx, image_id)
    if tag not in image.tags:
        raise NotFound(reason=f"Tag {tag} was not found on image {image_id}.")
    image.tags.remove(tag)
    ctx.world.tx.put(image)
    return Response(204)


def members_index(ctx: Context, image_id: str) -> dict[str, Any]:
    """The projects that a shared image is offered to."""
    image = get_image(ctx, image_id)
    return {"members": [_member_view(image, project) for project in image.members], "schema": "/v2/schemas/members"}


def members_create(ctx: Context, image_id: str) -> dict[str, Any]:
    """Offer a shared image to a project."""
    image = _own(ctx, image_id)
    project = ctx.body.get("member") if isinstance(ctx.body, dict) else None
    if not project:
        raise BadRequest(reason="Required property 'member' is missing.")
    if image.visibility != "shared":
        raise Forbidden(reason="Only shared images have members.")
    if project in image.members:
        raise Conflict(reason=f"Member '{project}' is already associated with image '{image_id}'.")
    image.members[project] = "pending"
    ctx.world.tx.put(image)
    return _member_view(image, project)


def members_update(ctx: Context, image_id: str, project: str) -> dict[str, Any]:
    """The project accepts or rejects the offer."""
    image = ctx.world.tx.get(Image, image_id)
    status = ctx.body.get("status") if isinstance(ctx.body, dict) else None
    if image is None or project not in image.members:
        raise NotFound(reason=f"No image found with ID {image_id}")
    if ctx.caller.project_id != project and not ctx.caller.is_admin:
        raise Forbidden(reason="Only the member itself accepts an offer.")
    if status not in ("accepted", "rejected", "pending"):
        raise BadRequest(reason="The status must be accepted, rejected or pending.")
    image.members[project] = status
    ctx.world.tx.put(image)
    return _member_view(image, project)


def members_delete(ctx: Context, image_id: str, project: str) -> Response:
    """Withdraw an offer."""
    image = _own(ctx, image_id)
    if project not in image.members:
        raise NotFound(reason=f"{project} not found in the member list of the image {image_id}.")
    del image.members[project]
    ctx.world.tx.put(image)
    return Response(204)


def _member_view(image: Image, project: str) -> dict[str, Any]:
    return {
        "member_id": project,
        "image_id": image.id,
        "status": image.members[project],
        "created_at": image.created_at[:19] + "Z",
        "updated_at": image.updated_at[:19] + "Z",
        "schema": "/v2/schemas/member",
    }


def get_image(ctx: Context, image_id: str) -> Image:
    """An image that the caller may see (404 otherwise); those offered but not accepted count by id."""
    image = ctx.world.tx.get(Image, image_id)
    offered = image is not None and ctx.caller.project_id in image.members
    if image is None or not (offered or may_see_image(ctx, image)):
        raise NotFound(reason=f"No image found with ID {image_id}")
    return image


def _own(ctx: Context, image_id: str) -> Image:
    image = get_image(ctx, image_id)
    if image.owner != ctx.caller.project_id and not ctx.caller.is_admin:
        raise Forbidden(reason="You are not authorized to complete this action.")
    return image


def image_view(image: Image) -> dict[str, Any]:
    """All attributes of an image; its properties stand beside them."""
    return {
        **{name: value for name, value in image.properties.items() if value is not None},
        "id": image.id,
        "name": image.name,
        "status": image.status,
        "visibility": image.visibility,
        "size": image.size,
        "virtual_size": None,
        "min_disk": image.min_disk,
        "min_ram": image.min_ram,
        "checksum": image.checksum,
        "os_hash_algo": None,
        "os_hash_value": None,
        "owner": image.owner,
        "container_format": image.container_format,
        "disk_format": image.disk_format,
        "created_at": image.created_at[:19] + "Z",
        "updated_at": image.updated_at[:19] + "Z",
        "tags": image.tags,
        "protected": image.protected,
        "os_hidden": image.hidden,
        "file": f"/v2/images/{image.id}/file",
        "self": f"/v2/images/{image.id}",
        "schema": "/v2/schemas/image",
    }

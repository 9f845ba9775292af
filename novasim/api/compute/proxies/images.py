"""/images: how Nova once passed requests on to the image service (until 2.35, metadata until 2.38)."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.service_calls import call_service, get_or_404
from novasim.api.views.links import VERSION
from novasim.errors import BadRequest, NotFound
from novasim.simulation.options import QUOTAS

View = dict[str, Any]

STATUSES = {
    "active": "ACTIVE",
    "queued": "SAVING",
    "saving": "SAVING",
    "importing": "SAVING",
    "uploading": "SAVING",
    "deleted": "DELETED",
    "pending_delete": "DELETED",
    "killed": "ERROR",
}
PROGRESS = {"ACTIVE": 100, "SAVING": 50}
FILTERS = {"name": "name", "status": "status", "marker": "marker", "limit": "limit"}
OWN = frozenset(
    "id name status visibility size virtual_size min_disk min_ram checksum os_hash_algo os_hash_value owner tags "
    "container_format disk_format created_at updated_at protected os_hidden file self schema".split()
)


def index(ctx: Context) -> View:
    """Ids and names."""
    short = ("id", "name", "links")
    return {"images": [{name: view[name] for name in short} for view in _listed(ctx)]}


def detail(ctx: Context) -> View:
    """All attributes."""
    return {"images": _listed(ctx)}


def _listed(ctx: Context) -> list[View]:
    asked = {theirs: value for ours, theirs in FILTERS.items() if (value := ctx.query(ours))}
    if "status" in asked:
        known = [name for name, shown in STATUSES.items() if shown == asked["status"].upper()]
        asked["status"] = "in:" + ",".join(known)
    return [_view(ctx, image) for image in call_service(ctx, "image", "GET", "/v2/images", **asked)["images"]]


def _view(ctx: Context, image: View) -> View:
    status = STATUSES.get(image["status"], "UNKNOWN")
    view = {
        "id": image["id"],
        "name": image["name"],
        "minRam": image["min_ram"],
        "minDisk": image["min_disk"],
        "metadata": _metadata(image),
        "created": image["created_at"],
        "updated": image["updated_at"],
        "status": status,
        "progress": PROGRESS.get(status, 0),
        "OS-EXT-IMG-SIZE:size": image["size"] or 0,
        "links": _links(ctx, image["id"]),
    }
    return view | _server(ctx, image)


def _metadata(image: View) -> dict[str, str]:
    return {name: value for name, value in image.items() if name not in OWN}


def _server(ctx: Context, image: View) -> View:
    """The server that a snapshot was made of."""
    if not (server := image.get("instance_uuid")):
        return {}
    links = [
        {"rel": "self", "href": f"{ctx.request.endpoint}/{VERSION}/servers/{server}"},
        {"rel": "bookmark", "href": f"{ctx.request.endpoint}/servers/{server}"},
    ]
    return {"server": {"id": server, "links": links}}


def _links(ctx: Context, image: str) -> list[dict[str, str]]:
    base = ctx.request.endpoint
    alternate = f"{base.removesuffix('/compute')}/image/v2/images/{image}"
    return [
        {"rel": "self", "href": f"{base}/{VERSION}/images/{image}"},
        {"rel": "bookmark", "href": f"{base}/images/{image}"},
        {"rel": "alternate", "href": alternate, "type": "application/vnd.openstack.image"},
    ]


def show(ctx: Context, image_id: str) -> View:
    """One image."""
    return {"image": _view(ctx, _get(ctx, image_id))}


def _get(ctx: Context, image_id: str) -> View:
    image: View = get_or_404(ctx, "image", f"/v2/images/{image_id}", "Image not found.")
    return image


def delete(ctx: Context, image_id: str) -> Response:
    """Remove an image."""
    _get(ctx, image_id)
    call_service(ctx, "image", "DELETE", f"/v2/images/{image_id}")
    return Response(204)


def metadata_index(ctx: Context, image_id: str) -> View:
    """The properties of an image."""
    return {"metadata": _metadata(_get(ctx, image_id))}


def metadata_add(ctx: Context, image_id: str) -> View:
    """Add properties, or change some."""
    return {"metadata": _set(ctx, image_id, ctx.body["metadata"])}


def metadata_replace(ctx: Context, image_id: str) -> View:
    """Set all properties."""
    gone = [name for name in _metadata(_get(ctx, image_id)) if name not in ctx.body["metadata"]]
    _patch(ctx, image_id, [{"op": "remove", "path": _pointer(name)} for name in gone])
    return {"metadata": _set(ctx, image_id, ctx.body["metadata"])}


def metadata_show(ctx: Context, image_id: str, key: str) -> View:
    """One property."""
    return {"meta": {key: _known(ctx, image_id, key)}}


def metadata_update(ctx: Context, image_id: str, key: str) -> View:
    """Set one property."""
    if key not in ctx.body["meta"]:
        raise BadRequest(reason="Request body and URI mismatch")
    _set(ctx, image_id, ctx.body["meta"])
    return {"meta": ctx.body["meta"]}


def metadata_delete(ctx: Context, image_id: str, key: str) -> Response:
    """Remove one property."""
    _known(ctx, image_id, key)
    _patch(ctx, image_id, [{"op": "remove", "path": _pointer(key)}])
    return Response(204)


def _known(ctx: Context, image_id: str, key: str) -> str:
    found = _metadata(_get(ctx, image_id))
    if key not in found:
        raise NotFound(reason="Metadata item was not found")
    return found[key]


def _set(ctx: Context, image_id: str, values: dict[str, str]) -> dict[str, str]:
    present = _metadata(_get(ctx, image_id))
    if len({**present, **values}) > QUOTAS["metadata_items"]:
        raise BadRequest(reason="Image metadata limit exceeded")
    _patch(ctx, image_id, [{"op": "add", "path": _pointer(name), "value": value} for name, value in values.items()])
    return _metadata(_get(ctx, image_id))


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _patch(ctx: Context, image_id: str, steps: list[View]) -> None:
    call_service(ctx, "image", "PATCH", f"/v2/images/{image_id}", steps)

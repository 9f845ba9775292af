"""/images (until 2.35) and their metadata (until 2.38): requests that Nova forwards to the image service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.resources import parse_page_query
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
FILTERS = {  # Nova's name: the image service's; properties begin with PROPERTY
    "name": "name",
    "status": "status",
    "changes-since": "changes-since",
    "server": "property-instance_uuid",
    "type": "property-image_type",
    "minRam": "min_ram",
    "minDisk": "min_disk",
}
PROPERTY = "property-"
PAGE = ("limit", "marker")
ATTRIBUTES = frozenset(
    "id name status visibility size virtual_size min_disk min_ram checksum os_hash_algo os_hash_value owner tags "
    "container_format disk_format created_at updated_at protected os_hidden file self schema".split()
)


def index(ctx: Context) -> View:
    """GET /images: ids and names. 400."""
    short = ("id", "name", "links")
    return {"images": [{name: view[name] for name in short} for view in _list_views(ctx)]}


def detail(ctx: Context) -> View:
    """GET /images/detail: images with all attributes. 400."""
    return {"images": _list_views(ctx)}


def _list_views(ctx: Context) -> list[View]:
    query = {name: value for name in PAGE if (value := ctx.query(name))}
    query |= {_filter_name(name): value for name, value in _read_filters(ctx).items()}
    body = call_service(ctx, "image", "GET", "/v2/images", **query)
    images = body["images"]
    while "next" in body and "limit" not in query:  # as Glance's client does
        body = call_service(ctx, "image", "GET", "/v2/images", **dict(parse_page_query(body["next"])))
        images += body["images"]
    return [_view(ctx, image) for image in images]


def _read_filters(ctx: Context) -> dict[str, str]:
    """The filters of the query; a server may be named by its URL. Source: nova's images.py _get_filters."""
    filters = {
        FILTERS.get(name, name): value
        for name, value in ctx.request.query
        if name in FILTERS or name.startswith(PROPERTY)
    }
    server = f"{PROPERTY}instance_uuid"
    if server in filters:
        filters[server] = filters[server].rpartition("/")[2]
    if "status" in filters:
        filters["status"] = filters["status"].lower()
    if "changes-since" in filters:
        filters["changes-since"] = f"gte:{filters['changes-since']}"
    return filters


def _filter_name(name: str) -> str:
    """
    The image service's name of a filter.

    Nova removes all leading letters of "property-", not only this word, so that it never finds images by the property
    os_distro. Source: nova/image/glance.py _extract_query_params_v2.
    """
    if name == "changes-since":
        return "updated_at"
    return name.lstrip(PROPERTY) if name.startswith(PROPERTY) else name


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
    return view | _server_view(ctx, image)


def _metadata(image: View) -> dict[str, str]:
    return {name: value for name, value in image.items() if name not in ATTRIBUTES}


def _server_view(ctx: Context, image: View) -> View:
    """The server of which the image is a snapshot; empty for other images."""
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
    """GET /images/{image_id}: one image. 404."""
    return {"image": _view(ctx, _get(ctx, image_id))}


def _get(ctx: Context, image_id: str) -> View:
    image: View = get_or_404(ctx, "image", f"/v2/images/{image_id}", "Image not found.")
    return image


def delete(ctx: Context, image_id: str) -> Response:
    """DELETE /images/{image_id}: delete an image. 403, 404."""
    _get(ctx, image_id)
    call_service(ctx, "image", "DELETE", f"/v2/images/{image_id}")
    return Response(204)


def metadata_index(ctx: Context, image_id: str) -> View:
    """GET /images/{image_id}/metadata: the properties of an image. 404."""
    return {"metadata": _metadata(_get(ctx, image_id))}


def metadata_add(ctx: Context, image_id: str) -> View:
    """POST /images/{image_id}/metadata: add or change properties. 400, 403, 404."""
    return {"metadata": _set_properties(ctx, image_id, ctx.body["metadata"])}


def metadata_replace(ctx: Context, image_id: str) -> View:
    """PUT /images/{image_id}/metadata: replace all properties. 400, 403, 404."""
    removed = [name for name in _metadata(_get(ctx, image_id)) if name not in ctx.body["metadata"]]
    _patch(ctx, image_id, [{"op": "remove", "path": _json_pointer(name)} for name in removed])
    return {"metadata": _set_properties(ctx, image_id, ctx.body["metadata"])}


def metadata_show(ctx: Context, image_id: str, key: str) -> View:
    """GET /images/{image_id}/metadata/{key}: one property. 404."""
    return {"meta": {key: _get_property(ctx, image_id, key)}}


def metadata_update(ctx: Context, image_id: str, key: str) -> View:
    """PUT /images/{image_id}/metadata/{key}: set one property. 400, 403, 404."""
    if key not in ctx.body["meta"]:
        raise BadRequest(reason="Request body and URI mismatch")
    _set_properties(ctx, image_id, ctx.body["meta"])
    return {"meta": ctx.body["meta"]}


def metadata_delete(ctx: Context, image_id: str, key: str) -> Response:
    """DELETE /images/{image_id}/metadata/{key}: remove one property. 403, 404."""
    _get_property(ctx, image_id, key)
    _patch(ctx, image_id, [{"op": "remove", "path": _json_pointer(key)}])
    return Response(204)


def _get_property(ctx: Context, image_id: str, key: str) -> str:
    metadata = _metadata(_get(ctx, image_id))
    if key not in metadata:
        raise NotFound(reason="Metadata item was not found")
    return metadata[key]


def _set_properties(ctx: Context, image_id: str, values: dict[str, str]) -> dict[str, str]:
    present = _metadata(_get(ctx, image_id))
    if len({**present, **values}) > QUOTAS["metadata_items"]:
        raise BadRequest(reason="Image metadata limit exceeded")
    _patch(
        ctx, image_id, [{"op": "add", "path": _json_pointer(name), "value": value} for name, value in values.items()]
    )
    return _metadata(_get(ctx, image_id))


def _json_pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _patch(ctx: Context, image_id: str, operations: list[View]) -> None:
    call_service(ctx, "image", "PATCH", f"/v2/images/{image_id}", operations)

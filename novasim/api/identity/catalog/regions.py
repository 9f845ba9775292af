"""
/v3/regions: the regions of endpoints.

That of the simulated services is fixed; administrators can add others. Source: keystone/api/regions.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.bodies import check_update, keep_extra, read_body
from novasim.api.identity.catalog.additions import get_added, get_view_or_404
from novasim.api.identity.catalog.token_catalog import REGION
from novasim.api.identity.resources import collection_view, filter_records, new_id, require_admin, url
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden
from novasim.records import Endpoint, Region

Object = dict[str, Any]

TEXT_FIELDS = ("id", "description", "parent_region_id")
KNOWN = frozenset(("links", *TEXT_FIELDS))
MAX_LENGTH = 255  # characters of an id


def index(ctx: Context) -> Object:
    """GET /v3/regions: the regions; filter parent_region_id."""
    return collection_view(ctx, "regions", filter_records(ctx, list_region_views(ctx), ("parent_region_id",)))


def show(ctx: Context, region_id: str) -> Object:
    """GET /v3/regions/{id}: one region. 404."""
    return {"region": get_view_or_404(list_region_views(ctx), "region", region_id)}


def create(ctx: Context) -> Response:
    """POST /v3/regions: create a region, with an id of the caller's choice. 400, 403, 404, 409."""
    require_admin(ctx, "create_region")
    body = _read_body(ctx)
    return _create(ctx, body.get("id") or new_id(ctx), body)


def create_with_id(ctx: Context, region_id: str) -> Response:
    """PUT /v3/regions/{id}: create a region. 400, 403, 404, 409."""
    require_admin(ctx, "create_region")
    body = _read_body(ctx)
    if (id := body.get("id", region_id)) != region_id:
        raise BadRequest(reason=f'Conflicting region IDs specified: "{region_id}" != "{id}"')
    return _create(ctx, region_id, body)


def update(ctx: Context, region_id: str) -> Object:
    """PATCH /v3/regions/{id}: change a region. 400, 403, 404, 501."""
    require_admin(ctx, "update_region")
    body = _read_body(ctx)
    check_update(body, region_id)
    return {"region": _change(ctx, get_added(ctx, Region, "region", region_id, list_region_views), body)}


def delete(ctx: Context, region_id: str) -> Response:
    """DELETE /v3/regions/{id}: remove a region without endpoints, and those below it. 403, 404, 501."""
    require_admin(ctx, "delete_region")
    regions = _list_with_children(ctx, get_added(ctx, Region, "region", region_id, list_region_views))
    if any(ctx.world.tx.query(Endpoint, {"region_id": each.id}) for each in regions):
        raise Forbidden(
            reason=f"Unable to delete region {region_id} because it or its child regions have associated endpoints."
        )
    for each in regions:
        ctx.world.tx.delete(each)
    return Response(204)


def _read_body(ctx: Context) -> Object:
    body = read_body(ctx, "region", TEXT_FIELDS)
    for name in ("id", "parent_region_id"):
        if len(body.get(name) or "") > MAX_LENGTH:
            raise BadRequest(reason=f"Invalid input for field '{name}': {body[name]!r} is too long")
    return body


def _create(ctx: Context, id: str, body: Object) -> Response:
    if any(view["id"] == id for view in list_region_views(ctx)):
        raise Conflict(reason=f"Conflict occurred attempting to store region - Duplicate ID, {id}.")
    return Response(201, {"region": _change(ctx, Region(id=id), body)})


def _change(ctx: Context, region: Region, body: Object) -> Object:
    """
    Change a region.

    Raises:
        NotFound: its parent does not exist (404). BadRequest: its parent is below it (400).
    """
    if "parent_region_id" in body:
        _check_parent(ctx, region, body["parent_region_id"])
        region.parent_region_id = body["parent_region_id"]
    region.description = body.get("description", region.description) or ""
    keep_extra(region, body, KNOWN)
    ctx.world.tx.put(region)
    return _view(ctx, region)


def _check_parent(ctx: Context, region: Region, parent_id: str | None) -> None:
    views, ancestor = list_region_views(ctx), parent_id
    while ancestor is not None:
        if ancestor == region.id:
            words = f"The specified parent region {parent_id} would create a circular region hierarchy."
            raise BadRequest(reason=words)
        ancestor = get_view_or_404(views, "region", ancestor)["parent_region_id"]


def _list_with_children(ctx: Context, region: Region) -> list[Region]:
    children = ctx.world.tx.query(Region, {"parent_region_id": region.id})
    return [region, *(below for child in children for below in _list_with_children(ctx, child))]


def list_region_views(ctx: Context) -> list[Object]:
    """The region of the simulated services and those that administrators added."""
    return [_view(ctx, each) for each in (Region(id=REGION), *ctx.world.tx.query(Region))]


def _view(ctx: Context, region: Region) -> Object:
    return {
        **region.extra,
        "id": region.id,
        "description": region.description,
        "parent_region_id": region.parent_region_id,
        "links": {"self": url(ctx, f"regions/{region.id}")},
    }

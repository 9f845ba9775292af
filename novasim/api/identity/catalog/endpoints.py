"""
/v3/endpoints: the addresses of the services in the catalog, as administrators see them.

Those of the simulated services are fixed; administrators can add others. Source: keystone/api/endpoints.py.
"""

from __future__ import annotations

import re
from typing import Any

from novasim.api.context import Context
from novasim.api.identity.bodies import MALFORMED, check_update, keep_extra, read_body
from novasim.api.identity.catalog.additions import get_added, get_view_or_404
from novasim.api.identity.catalog.services import ANY_PROJECT, list_service_views
from novasim.api.identity.catalog.token_catalog import REGION, SERVICES, URL_FIELDS, catalog, format_url
from novasim.api.identity.resources import collection_view, filter_records, new_id, require_admin, url
from novasim.api.request import Response
from novasim.errors import BadRequest
from novasim.records import Endpoint, Region

Object = dict[str, Any]

INTERFACES = ("admin", "internal", "public")
FILTERS = ("interface", "service_id", "region_id")
TEXT_FIELDS = ("interface", "url", "service_id", "region_id", "region", "name", "description")
KNOWN = frozenset(("id", "enabled", "links", "interface", "url", "service_id", "region_id", "region"))
URL = re.compile(r"[a-zA-Z0-9+.-]+:.+")
MAX_URL = 225  # characters


def index(ctx: Context) -> Object:
    """GET /v3/endpoints: all endpoints; filters service_id, interface and region_id. 400, 403."""
    require_admin(ctx, "list_endpoints")
    if (interface := ctx.query("interface")) is not None:
        _check_interface(interface)
    return collection_view(ctx, "endpoints", filter_records(ctx, _list_views(ctx), FILTERS))


def show(ctx: Context, endpoint_id: str) -> Object:
    """GET /v3/endpoints/{id}: one endpoint. 403, 404."""
    require_admin(ctx, "get_endpoint")
    return {"endpoint": get_view_or_404(_list_views(ctx), "endpoint", endpoint_id)}


def create(ctx: Context) -> Response:
    """POST /v3/endpoints: add an endpoint to a service; an unknown `region` is created. 400, 403."""
    require_admin(ctx, "create_endpoint")
    body = _read_body(ctx, required=("interface", "url", "service_id"))
    return Response(
        201, {"endpoint": _change(ctx, Endpoint(id=new_id(ctx), service_id="", interface="", url=""), body)}
    )


def update(ctx: Context, endpoint_id: str) -> Object:
    """PATCH /v3/endpoints/{id}: change an added endpoint. 400, 403, 404, 501."""
    require_admin(ctx, "update_endpoint")
    body = _read_body(ctx)
    check_update(body, endpoint_id)
    return {"endpoint": _change(ctx, get_added(ctx, Endpoint, "endpoint", endpoint_id, _list_views), body)}


def delete(ctx: Context, endpoint_id: str) -> Response:
    """DELETE /v3/endpoints/{id}: remove an added endpoint. 403, 404, 501."""
    require_admin(ctx, "delete_endpoint")
    ctx.world.tx.delete(get_added(ctx, Endpoint, "endpoint", endpoint_id, _list_views))
    return Response(204)


def _read_body(ctx: Context, required: tuple[str, ...] = ()) -> Object:
    """
    Return the endpoint in the body.

    Raises:
        BadRequest: a field is missing or has an invalid value, or the URL has another placeholder than Keystone's
            (400).

    Source: keystone/catalog/schema.py, and keystone/common/utils.py check_endpoint_url.
    """
    body = read_body(ctx, "endpoint", TEXT_FIELDS, required)
    if "interface" in body:
        _check_interface(body["interface"])
    if "url" in body:
        if not URL.match(body["url"] or "") or len(body["url"]) > MAX_URL:
            raise BadRequest(reason=f"Invalid input for field 'url': {body['url']!r} is not a URL.")
        if format_url(body["url"], dict.fromkeys(URL_FIELDS, "")) is None:
            raise BadRequest(reason=f"Cannot create an endpoint with an invalid URL: {body['url']}.")
    return body


def _check_interface(interface: str | None) -> None:
    if interface not in INTERFACES:
        raise BadRequest(reason=f"Invalid input for field 'interface': {interface!r} is not one of {[*INTERFACES]}")


def _change(ctx: Context, endpoint: Endpoint, body: Object) -> Object:
    """
    Change an endpoint.

    Raises:
        BadRequest: there is no service or region with the id (400).
    """
    services = [view["id"] for view in list_service_views(ctx)]
    if body.get("service_id") is not None and body["service_id"] not in services:
        raise _unknown("service_id", "service table")
    region, is_new = _find_region(ctx, body)
    if is_new:
        ctx.world.tx.put(Region(id=str(region)))
    for name in ("interface", "url", "service_id", "enabled"):
        setattr(endpoint, name, body.get(name, getattr(endpoint, name)))
    endpoint.region_id = region if {"region", "region_id"} & body.keys() else endpoint.region_id
    keep_extra(endpoint, body, KNOWN)
    ctx.world.tx.put(endpoint)
    return _view(ctx, endpoint)


def _find_region(ctx: Context, body: Object) -> tuple[str | None, bool]:
    """The id of the region in a body, and whether it has to be created, as for clients of the API v2."""
    id = body.get("region_id")
    is_old = id is None and body.get("region") is not None
    id = body["region"] if is_old else id
    is_known = id in (None, REGION) or ctx.world.tx.get(Region, id) is not None
    if not is_known and not is_old:
        raise _unknown("region_id", "region table")
    return id, not is_known


def _unknown(field: str, table: str) -> BadRequest:
    return BadRequest(reason=f"Expecting to find endpoint {field} in {table}. {MALFORMED}")


def _list_views(ctx: Context) -> list[Object]:
    built_in = [
        Endpoint(
            id=view["id"], service_id=service["id"], interface=view["interface"], url=view["url"], region_id=REGION
        )
        for service in catalog(ctx.world, ctx.request.endpoint, ANY_PROJECT)[: len(SERVICES)]
        for view in service["endpoints"]
    ]
    return [_view(ctx, each) for each in (*built_in, *ctx.world.tx.query(Endpoint))]


def _view(ctx: Context, endpoint: Endpoint) -> Object:
    return {
        **endpoint.extra,
        "id": endpoint.id,
        "interface": endpoint.interface,
        "region": endpoint.region_id,
        "region_id": endpoint.region_id,
        "url": endpoint.url,
        "service_id": endpoint.service_id,
        "enabled": endpoint.enabled,
        "links": {"self": url(ctx, f"endpoints/{endpoint.id}")},
    }

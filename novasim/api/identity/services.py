"""/v3/services, /v3/endpoints and /v3/regions: the fixed service catalog as administrators see it."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.catalog import REGION, catalog
from novasim.api.identity.resources import collection_view, require_admin, url
from novasim.errors import NotFound

Object = dict[str, Any]

ANY_PROJECT = "$(project_id)s"
"""Keystone's placeholder for the project's id in an endpoint's URL."""


def list_services(ctx: Context) -> Object:
    """GET /v3/services: all services; filters type and name. 403."""
    require_admin(ctx, "list_services")
    return collection_view(ctx, "services", _filter(ctx, _service_views(ctx), ("type", "name")))


def show_service(ctx: Context, service_id: str) -> Object:
    """GET /v3/services/{id}: one service. 403, 404."""
    require_admin(ctx, "get_service")
    return {"service": _get_or_404(_service_views(ctx), "service", service_id)}


def list_endpoints(ctx: Context) -> Object:
    """GET /v3/endpoints: all endpoints; filters service_id, interface and region_id. 403."""
    require_admin(ctx, "list_endpoints")
    return collection_view(
        ctx, "endpoints", _filter(ctx, _endpoint_views(ctx), ("service_id", "interface", "region_id"))
    )


def show_endpoint(ctx: Context, endpoint_id: str) -> Object:
    """GET /v3/endpoints/{id}: one endpoint. 403, 404."""
    require_admin(ctx, "get_endpoint")
    return {"endpoint": _get_or_404(_endpoint_views(ctx), "endpoint", endpoint_id)}


def list_regions(ctx: Context) -> Object:
    """GET /v3/regions: the only region."""
    return collection_view(ctx, "regions", [_region_view(ctx)])


def show_region(ctx: Context, region_id: str) -> Object:
    """GET /v3/regions/{id}: the only region. 404."""
    return {"region": _get_or_404([_region_view(ctx)], "region", region_id)}


def _service_views(ctx: Context) -> list[Object]:
    return [
        {
            "id": view["id"],
            "type": view["type"],
            "name": view["name"],
            "enabled": True,
            "description": "",
            "links": {"self": url(ctx, f"services/{view['id']}")},
        }
        for view in catalog(ctx.request.endpoint, ANY_PROJECT)
    ]


def _endpoint_views(ctx: Context) -> list[Object]:
    return [
        {
            **view,
            "service_id": service["id"],
            "enabled": True,
            "links": {"self": url(ctx, f"endpoints/{view['id']}")},
        }
        for service in catalog(ctx.request.endpoint, ANY_PROJECT)
        for view in service["endpoints"]
    ]


def _region_view(ctx: Context) -> Object:
    links = {"self": url(ctx, f"regions/{REGION}")}
    return {"id": REGION, "description": "", "parent_region_id": None, "links": links}


def _filter(ctx: Context, views: list[Object], filters: tuple[str, ...]) -> list[Object]:
    return [view for view in views if all(ctx.query(name) in (None, view[name]) for name in filters)]


def _get_or_404(views: list[Object], kind: str, id: str) -> Object:
    for view in views:
        if view["id"] == id:
            return view
    raise NotFound(reason=f"Could not find {kind}: {id}.")

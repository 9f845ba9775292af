"""/v3/services, endpoints and regions: the catalog as administrators look at it. It cannot be changed."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.catalog import REGION, catalog
from novasim.api.identity.common import listed, require_admin, url
from novasim.errors import NotFound

Object = dict[str, Any]

ANY_PROJECT = "$(project_id)s"
"""What Keystone writes in an address where a catalog has the project's id."""


def services(ctx: Context) -> Object:
    """All services (administrators); filters type, name."""
    require_admin(ctx, "list_services")
    return listed(ctx, "services", _matching(ctx, _services(ctx), ("type", "name")))


def service(ctx: Context, service_id: str) -> Object:
    """One service."""
    require_admin(ctx, "get_service")
    return {"service": _found(_services(ctx), "service", service_id)}


def endpoints(ctx: Context) -> Object:
    """All endpoints (administrators); filters service_id, interface, region_id."""
    require_admin(ctx, "list_endpoints")
    return listed(ctx, "endpoints", _matching(ctx, _endpoints(ctx), ("service_id", "interface", "region_id")))


def endpoint(ctx: Context, endpoint_id: str) -> Object:
    """One endpoint."""
    require_admin(ctx, "get_endpoint")
    return {"endpoint": _found(_endpoints(ctx), "endpoint", endpoint_id)}


def regions(ctx: Context) -> Object:
    """The only region, for everybody."""
    return listed(ctx, "regions", [_region(ctx)])


def region(ctx: Context, region_id: str) -> Object:
    """The region by its id, for everybody."""
    return {"region": _found([_region(ctx)], "region", region_id)}


def _services(ctx: Context) -> list[Object]:
    return [
        {
            "id": each["id"],
            "type": each["type"],
            "name": each["name"],
            "enabled": True,
            "description": "",
            "links": {"self": url(ctx, f"services/{each['id']}")},
        }
        for each in catalog(ctx.request.endpoint, ANY_PROJECT)
    ]


def _endpoints(ctx: Context) -> list[Object]:
    return [
        {**each, "service_id": service["id"], "enabled": True, "links": {"self": url(ctx, f"endpoints/{each['id']}")}}
        for service in catalog(ctx.request.endpoint, ANY_PROJECT)
        for each in service["endpoints"]
    ]


def _region(ctx: Context) -> Object:
    links = {"self": url(ctx, f"regions/{REGION}")}
    return {"id": REGION, "description": "", "parent_region_id": None, "links": links}


def _matching(ctx: Context, things: list[Object], filters: tuple[str, ...]) -> list[Object]:
    return [each for each in things if all(ctx.query(name) in (None, each[name]) for name in filters)]


def _found(things: list[Object], kind: str, id: str) -> Object:
    for each in things:
        if each["id"] == id:
            return each
    raise NotFound(reason=f"Could not find {kind}: {id}.")

"""
/v3/services, /v3/endpoints and /v3/regions: the service catalog as administrators see it.

The simulated services are fixed; administrators can add others. Source: keystone/api/services.py, endpoints.py and
regions.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from novasim.api.context import Context
from novasim.api.identity.catalog import REGION, SERVICES, catalog
from novasim.api.identity.resources import collection_view, read_body, require_admin, url
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound, NotSimulated
from novasim.records import CatalogService, Endpoint, Record, Region

R = TypeVar("R", bound=Record)
Object = dict[str, Any]

ANY_PROJECT = "$(project_id)s"
"""Keystone's placeholder for the project's id in an endpoint's URL."""
INTERFACES = ("public", "internal", "admin")
SERVICE_FIELDS = ("type", "name", "description")
ENDPOINT_FIELDS = ("interface", "url", "service_id", "region_id", "region")
REGION_FIELDS = ("id", "description", "parent_region_id")

# Services


def list_services(ctx: Context) -> Object:
    """GET /v3/services: all services; filters type and name. 403."""
    require_admin(ctx, "list_services")
    return collection_view(ctx, "services", _filter(ctx, _service_views(ctx), ("type", "name")))


def show_service(ctx: Context, service_id: str) -> Object:
    """GET /v3/services/{id}: one service. 403, 404."""
    require_admin(ctx, "get_service")
    return {"service": _get_or_404(_service_views(ctx), "service", service_id)}


def create_service(ctx: Context) -> Response:
    """POST /v3/services: add a service to the catalog. 400, 403."""
    require_admin(ctx, "create_service")
    body = read_body(ctx, "service", SERVICE_FIELDS, required=("type",))
    service = CatalogService(id=_new_id(ctx), type=body["type"])
    return Response(201, {"service": _change_service(ctx, service, body)})


def update_service(ctx: Context, service_id: str) -> Object:
    """PATCH /v3/services/{id}: change an added service. 400, 403, 404, 501."""
    require_admin(ctx, "update_service")
    body = read_body(ctx, "service", SERVICE_FIELDS)
    return {
        "service": _change_service(ctx, _get_added(ctx, CatalogService, "service", service_id, _service_views), body)
    }


def delete_service(ctx: Context, service_id: str) -> Response:
    """DELETE /v3/services/{id}: remove an added service and its endpoints. 403, 404, 501."""
    require_admin(ctx, "delete_service")
    ctx.world.tx.delete(_get_added(ctx, CatalogService, "service", service_id, _service_views))
    for endpoint in ctx.world.tx.query(Endpoint, {"service_id": service_id}):
        ctx.world.tx.delete(endpoint)
    return Response(204)


def _change_service(ctx: Context, service: CatalogService, body: Object) -> Object:
    service.type = body.get("type") or service.type
    service.name = body.get("name", service.name) or ""
    service.description = body.get("description", service.description) or ""
    service.enabled = body.get("enabled", service.enabled)
    ctx.world.tx.put(service)
    return _service_view(ctx, service.id, service.type, service.name, service.description, service.enabled)


def _service_views(ctx: Context) -> list[Object]:
    built_in = catalog(ctx.world, ctx.request.endpoint, ANY_PROJECT)[: len(SERVICES)]
    views = [_service_view(ctx, view["id"], view["type"], view["name"]) for view in built_in]
    return views + [
        _service_view(ctx, each.id, each.type, each.name, each.description, each.enabled)
        for each in ctx.world.tx.query(CatalogService)
    ]


def _service_view(
    ctx: Context, id: str, kind: str, name: str, description: str = "", is_enabled: bool = True
) -> Object:
    return {
        "id": id,
        "type": kind,
        "name": name,
        "enabled": is_enabled,
        "description": description,
        "links": {"self": url(ctx, f"services/{id}")},
    }


# Endpoints


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


def create_endpoint(ctx: Context) -> Response:
    """POST /v3/endpoints: add an endpoint to a service; an unknown region is created. 400, 403, 404."""
    require_admin(ctx, "create_endpoint")
    body = read_body(ctx, "endpoint", ENDPOINT_FIELDS, required=("interface", "url", "service_id"))
    endpoint = Endpoint(id=_new_id(ctx), service_id="", interface="", url="")
    return Response(201, {"endpoint": _change_endpoint(ctx, endpoint, body)})


def update_endpoint(ctx: Context, endpoint_id: str) -> Object:
    """PATCH /v3/endpoints/{id}: change an added endpoint. 400, 403, 404, 501."""
    require_admin(ctx, "update_endpoint")
    body = read_body(ctx, "endpoint", ENDPOINT_FIELDS)
    return {
        "endpoint": _change_endpoint(ctx, _get_added(ctx, Endpoint, "endpoint", endpoint_id, _endpoint_views), body)
    }


def delete_endpoint(ctx: Context, endpoint_id: str) -> Response:
    """DELETE /v3/endpoints/{id}: remove an added endpoint. 403, 404, 501."""
    require_admin(ctx, "delete_endpoint")
    ctx.world.tx.delete(_get_added(ctx, Endpoint, "endpoint", endpoint_id, _endpoint_views))
    return Response(204)


def _change_endpoint(ctx: Context, endpoint: Endpoint, body: Object) -> Object:
    interface = body.get("interface", endpoint.interface)
    if interface not in INTERFACES:
        raise BadRequest(reason=f"Invalid input for field 'interface': {interface!r} is not one of {[*INTERFACES]}")
    endpoint.interface, endpoint.url = interface, body.get("url") or endpoint.url
    if "service_id" in body:
        endpoint.service_id = _get_or_404(_service_views(ctx), "service", body["service_id"])["id"]
    if region := body.get("region_id") or body.get("region"):
        if region != REGION and ctx.world.tx.get(Region, region) is None:
            ctx.world.tx.put(Region(id=region))
        endpoint.region_id = region
    endpoint.enabled = body.get("enabled", endpoint.enabled)
    ctx.world.tx.put(endpoint)
    return _added_endpoint_view(ctx, endpoint)


def _endpoint_views(ctx: Context) -> list[Object]:
    built_in = [
        {**view, "service_id": service["id"], "enabled": True, "links": {"self": url(ctx, f"endpoints/{view['id']}")}}
        for service in catalog(ctx.world, ctx.request.endpoint, ANY_PROJECT)[: len(SERVICES)]
        for view in service["endpoints"]
    ]
    return built_in + [_added_endpoint_view(ctx, each) for each in ctx.world.tx.query(Endpoint)]


def _added_endpoint_view(ctx: Context, endpoint: Endpoint) -> Object:
    return {
        "id": endpoint.id,
        "interface": endpoint.interface,
        "region": endpoint.region_id,
        "region_id": endpoint.region_id,
        "url": endpoint.url,
        "service_id": endpoint.service_id,
        "enabled": endpoint.enabled,
        "links": {"self": url(ctx, f"endpoints/{endpoint.id}")},
    }


# Regions


def list_regions(ctx: Context) -> Object:
    """GET /v3/regions: the regions; filter parent_region_id."""
    return collection_view(ctx, "regions", _filter(ctx, _region_views(ctx), ("parent_region_id",)))


def show_region(ctx: Context, region_id: str) -> Object:
    """GET /v3/regions/{id}: one region. 404."""
    return {"region": _get_or_404(_region_views(ctx), "region", region_id)}


def create_region(ctx: Context) -> Response:
    """POST /v3/regions: create a region, with an id of the caller's choice. 400, 403, 404, 409."""
    require_admin(ctx, "create_region")
    body = read_body(ctx, "region", REGION_FIELDS)
    id = body.get("id") or _new_id(ctx)
    if any(view["id"] == id for view in _region_views(ctx)):
        raise Conflict(reason=f"Conflict occurred attempting to store region - Duplicate ID, {id}.")
    return Response(201, {"region": _change_region(ctx, Region(id=id), body)})


def update_region(ctx: Context, region_id: str) -> Object:
    """PATCH /v3/regions/{id}: change a region. 400, 403, 404, 501."""
    require_admin(ctx, "update_region")
    body = read_body(ctx, "region", REGION_FIELDS)
    return {"region": _change_region(ctx, _get_added(ctx, Region, "region", region_id, _region_views), body)}


def delete_region(ctx: Context, region_id: str) -> Response:
    """DELETE /v3/regions/{id}: remove a region without endpoints. 403, 404, 501."""
    require_admin(ctx, "delete_region")
    region = _get_added(ctx, Region, "region", region_id, _region_views)
    if ctx.world.tx.query(Endpoint, {"region_id": region_id}):
        raise Forbidden(
            reason=f"Unable to delete region {region_id} because it or its child regions have associated endpoints."
        )
    ctx.world.tx.delete(region)
    return Response(204)


def _change_region(ctx: Context, region: Region, body: Object) -> Object:
    if parent := body.get("parent_region_id"):
        _get_or_404(_region_views(ctx), "region", parent)
        region.parent_region_id = parent
    region.description = body.get("description", region.description) or ""
    ctx.world.tx.put(region)
    return _region_view(ctx, region)


def _region_views(ctx: Context) -> list[Object]:
    return [_region_view(ctx, each) for each in (Region(id=REGION), *ctx.world.tx.query(Region))]


def _region_view(ctx: Context, region: Region) -> Object:
    return {
        "id": region.id,
        "description": region.description,
        "parent_region_id": region.parent_region_id,
        "links": {"self": url(ctx, f"regions/{region.id}")},
    }


# Views


def _filter(ctx: Context, views: list[Object], filters: tuple[str, ...]) -> list[Object]:
    return [view for view in views if all(ctx.query(name) in (None, view[name]) for name in filters)]


def _get_or_404(views: list[Object], kind: str, id: str) -> Object:
    for view in views:
        if view["id"] == id:
            return view
    raise NotFound(reason=f"Could not find {kind}: {id}.")


def _get_added(ctx: Context, record: type[R], kind: str, id: str, list_views: Callable[[Context], list[Object]]) -> R:
    """
    Return a service, endpoint or region that an administrator added.

    Raises:
        NotFound: it does not exist (404). NotSimulated: it is part of every simulated cloud (501).
    """
    if added := ctx.world.tx.get(record, id):
        return added
    view = _get_or_404(list_views(ctx), kind, id)
    name = view.get("name", id)
    raise NotSimulated(reason=f"The {kind} {name} is part of every simulated cloud and cannot be changed.")


def _new_id(ctx: Context) -> str:
    return ctx.world.ids.uuid().replace("-", "")

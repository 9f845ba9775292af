"""
/v3/services: the services of the catalog as administrators see them.

The simulated services are fixed; administrators can add others. Source: keystone/api/services.py.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.bodies import check_update, keep_extra, read_body
from novasim.api.identity.catalog.additions import get_added, get_view_or_404
from novasim.api.identity.catalog.token_catalog import SERVICES, catalog
from novasim.api.identity.resources import collection_view, filter_records, new_id, require_admin, url
from novasim.api.request import Response
from novasim.errors import BadRequest
from novasim.records import CatalogService, Endpoint

Object = dict[str, Any]

ANY_PROJECT = "$(project_id)s"
"""Keystone's placeholder for the project's id in an endpoint's URL."""
TEXT_FIELDS = ("type", "name", "description")
KNOWN = frozenset(("id", "enabled", "links", *TEXT_FIELDS))
MAX_LENGTH = 255  # characters of a type or a name


def index(ctx: Context) -> Object:
    """GET /v3/services: all services; filters type and name. 403."""
    require_admin(ctx, "list_services")
    return collection_view(ctx, "services", filter_records(ctx, list_service_views(ctx), ("type", "name")))


def show(ctx: Context, service_id: str) -> Object:
    """GET /v3/services/{id}: one service. 403, 404."""
    require_admin(ctx, "get_service")
    return {"service": get_view_or_404(list_service_views(ctx), "service", service_id)}


def create(ctx: Context) -> Response:
    """POST /v3/services: add a service to the catalog. 400, 403."""
    require_admin(ctx, "create_service")
    body = _read_body(ctx, required=("type",))
    return Response(201, {"service": _change(ctx, CatalogService(id=new_id(ctx), type=body["type"]), body)})


def update(ctx: Context, service_id: str) -> Object:
    """PATCH /v3/services/{id}: change an added service. 400, 403, 404, 501."""
    require_admin(ctx, "update_service")
    body = _read_body(ctx)
    check_update(body, service_id)
    service = get_added(ctx, CatalogService, "service", service_id, list_service_views)
    return {"service": _change(ctx, service, body)}


def delete(ctx: Context, service_id: str) -> Response:
    """DELETE /v3/services/{id}: remove an added service and its endpoints. 403, 404, 501."""
    require_admin(ctx, "delete_service")
    ctx.world.tx.delete(get_added(ctx, CatalogService, "service", service_id, list_service_views))
    for endpoint in ctx.world.tx.query(Endpoint, {"service_id": service_id}):
        ctx.world.tx.delete(endpoint)
    return Response(204)


def list_service_views(ctx: Context) -> list[Object]:
    """The simulated services and those that administrators added."""
    built_in = catalog(ctx.world, ctx.request.endpoint, ANY_PROJECT)[: len(SERVICES)]
    services = [CatalogService(id=view["id"], type=view["type"], name=view["name"]) for view in built_in]
    return [_view(ctx, each) for each in (*services, *ctx.world.tx.query(CatalogService))]


def _read_body(ctx: Context, required: tuple[str, ...] = ()) -> Object:
    body = read_body(ctx, "service", TEXT_FIELDS, required)
    for name in ("type", "name"):
        if name in body and not 1 <= len(body[name] or "") <= MAX_LENGTH:
            raise BadRequest(reason=f"Invalid input for field '{name}': {body[name]!r} is too long or too short.")
    return body


def _change(ctx: Context, service: CatalogService, body: Object) -> Object:
    for name in ("type", "name", "description", "enabled"):
        setattr(service, name, body.get(name, getattr(service, name)))
    keep_extra(service, body, KNOWN)
    ctx.world.tx.put(service)
    return _view(ctx, service)


def _view(ctx: Context, service: CatalogService) -> Object:
    description = {} if service.description is None else {"description": service.description}
    return {
        **service.extra,
        "id": service.id,
        "type": service.type,
        "name": service.name,
        "enabled": service.enabled,
        **description,
        "links": {"self": url(ctx, f"services/{service.id}")},
    }

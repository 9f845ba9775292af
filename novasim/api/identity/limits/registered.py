"""/v3/registered_limits. Source: keystone/api/registered_limits.py, keystone/limit/core.py and backends/sql.py."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.catalog.regions import list_region_views
from novasim.api.identity.catalog.services import list_service_views
from novasim.api.identity.resources import collection_view, filter_records, new_id, require_admin, url
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Limit, RegisteredLimit

Object = dict[str, Any]

RESOURCE = ("service_id", "region_id", "resource_name")


def index(ctx: Context) -> Object:
    """GET /v3/registered_limits: all registered limits; filters service_id, region_id and resource_name."""
    views = [_view(ctx, each) for each in ctx.world.tx.query(RegisteredLimit)]
    return collection_view(ctx, "registered_limits", filter_records(ctx, views, RESOURCE))


def show(ctx: Context, registered_limit_id: str) -> Object:
    """GET /v3/registered_limits/{id}: one registered limit. 404."""
    return {"registered_limit": _view(ctx, _get_or_404(ctx, registered_limit_id))}


def create(ctx: Context) -> Response:
    """POST /v3/registered_limits: register limits, all or none. 400, 403, 409."""
    require_admin(ctx, "create_registered_limits")
    return Response(201, {"registered_limits": [_create(ctx, body) for body in ctx.body["registered_limits"]]})


def _create(ctx: Context, body: Object) -> Object:
    check_catalog(ctx, body, "registered_limit")
    _check_unique(ctx, body)
    registered = RegisteredLimit(id=new_id(ctx), **body)
    ctx.world.tx.put(registered)
    return _view(ctx, registered)


def update(ctx: Context, registered_limit_id: str) -> Object:
    """PATCH /v3/registered_limits/{id}: change a registered limit that no limit refers to. 400, 403, 404, 409."""
    require_admin(ctx, "update_registered_limit")
    body = ctx.body["registered_limit"]
    check_catalog(ctx, body, "registered_limit")
    registered = _get_or_404(ctx, registered_limit_id)
    _check_unused(ctx, registered)
    if body.keys() & set(RESOURCE):
        _check_unique(ctx, vars(registered) | body)
    vars(registered).update(body)
    ctx.world.tx.put(registered)
    return {"registered_limit": _view(ctx, registered)}


def delete(ctx: Context, registered_limit_id: str) -> Response:
    """DELETE /v3/registered_limits/{id}: delete a registered limit that no limit refers to. 403, 404."""
    require_admin(ctx, "delete_registered_limit")
    registered = _get_or_404(ctx, registered_limit_id)
    _check_unused(ctx, registered)
    ctx.world.tx.delete(registered)
    return Response(204)


def check_catalog(ctx: Context, body: Object, target: str) -> None:
    """Refuse (400) a service or a region that the catalog does not have."""
    for name, views in (("service_id", list_service_views(ctx)), ("region_id", list_region_views(ctx))):
        if body.get(name) is not None and body[name] not in {view["id"] for view in views}:
            raise unknown(name, target)


def unknown(name: str, target: str) -> BadRequest:
    """Keystone's refusal of a reference to something that does not exist (400)."""
    return BadRequest(
        reason=f"Expecting to find {name} in {target}. The server could not comply with the request since it is either "
        "malformed or otherwise incorrect. The client is assumed to be in error."
    )


def find_registered(ctx: Context, body: Object) -> list[RegisteredLimit]:
    """The registered limit of a resource, as a list of one or none."""
    return ctx.world.tx.query(RegisteredLimit, {name: body.get(name) for name in RESOURCE})


def duplicate(kind: str) -> Conflict:
    """Keystone's refusal of a second limit of the same resource (409)."""
    return Conflict(reason=f"Conflict occurred attempting to store {kind} - Duplicate entry.")


def _check_unique(ctx: Context, body: Object) -> None:
    if find_registered(ctx, body):
        raise duplicate("registered_limit")


def _check_unused(ctx: Context, registered: RegisteredLimit) -> None:
    if ctx.world.tx.query(Limit, {"registered_limit_id": registered.id}):
        raise Forbidden(
            reason=f"Unable to update or delete registered limit {registered.id} because there are project limits "
            "associated with it."
        )


def _get_or_404(ctx: Context, id: str) -> RegisteredLimit:
    if registered := ctx.world.tx.get(RegisteredLimit, id):
        return registered
    raise NotFound(reason=f"Could not find registered limit for {id}.")


def _view(ctx: Context, registered: RegisteredLimit) -> Object:
    names = ("id", *RESOURCE, "default_limit", "description")
    view = {name: getattr(registered, name) for name in names}
    return view | {"links": {"self": url(ctx, f"registered_limits/{registered.id}")}}

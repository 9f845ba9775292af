"""/v3/limits: the limits of projects and domains. Source: keystone/api/limits.py, keystone/limit/backends/sql.py."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.identity.limits.registered import RESOURCE, check_catalog, duplicate, find_registered, unknown
from novasim.api.identity.resources import (
    collection_view,
    filter_records,
    find_domain,
    find_domain_of_token,
    forbidden,
    new_id,
    require_admin,
    url,
)
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden, NotFound
from novasim.records import Limit, Project, RegisteredLimit

Object = dict[str, Any]

MODEL = {
    "name": "flat",
    "description": "Limit enforcement and validation does not take project hierarchy into account.",
}


def show_model(ctx: Context) -> Object:
    """GET /v3/limits/model: how the limits of projects depend on each other."""
    return {"model": MODEL}


def index(ctx: Context) -> Object:
    """GET /v3/limits: the limits of the caller's project or domain, or all for administrators; filters."""
    views = [_view(ctx, each) for each in ctx.world.tx.query(Limit) if _is_visible(ctx, each)]
    return collection_view(ctx, "limits", filter_records(ctx, views, (*RESOURCE, "project_id", "domain_id")))


def show(ctx: Context, limit_id: str) -> Object:
    """GET /v3/limits/{id}: one limit. 403, 404."""
    limit = _get_or_404(ctx, limit_id)
    if not _is_visible(ctx, limit):
        raise forbidden("get_limit")
    return {"limit": _view(ctx, limit)}


def create(ctx: Context) -> Response:
    """POST /v3/limits: set limits of registered resources for projects or domains, all or none. 400, 403, 409."""
    require_admin(ctx, "create_limits")
    return Response(201, {"limits": [_create(ctx, body) for body in ctx.body["limits"]]})


def _create(ctx: Context, body: Object) -> Object:
    owner = {name: body[name] for name in ("project_id", "domain_id") if body.get(name)}
    if len(owner) != 1:
        raise BadRequest(reason="Invalid input: a limit is of either a project_id or a domain_id.")
    check_catalog(ctx, body, "limit")
    _check_owner(ctx, owner)
    registered = find_registered(ctx, body)
    if not registered:
        raise Forbidden(reason="Unable to create a limit that has no corresponding registered limit.")
    if ctx.world.tx.query(Limit, {"registered_limit_id": registered[0].id, **owner}):
        raise duplicate("limit")
    limit = Limit(
        id=new_id(ctx),
        registered_limit_id=registered[0].id,
        resource_limit=body["resource_limit"],
        description=body.get("description"),
        **owner,
    )
    ctx.world.tx.put(limit)
    return _view(ctx, limit)


def _check_owner(ctx: Context, owner: dict[str, str]) -> None:
    for name, id in owner.items():
        found = ctx.world.tx.get(Project, id) if name == "project_id" else find_domain(ctx.world, id)
        if found is None:
            raise unknown(name, "limit")


def update(ctx: Context, limit_id: str) -> Object:
    """PATCH /v3/limits/{id}: change the number or the description of a limit. 400, 403, 404."""
    require_admin(ctx, "update_limit")
    limit = _get_or_404(ctx, limit_id)
    body = ctx.body["limit"]
    limit.resource_limit = body.get("resource_limit", limit.resource_limit)
    limit.description = body.get("description", limit.description)
    ctx.world.tx.put(limit)
    return {"limit": _view(ctx, limit)}


def delete(ctx: Context, limit_id: str) -> Response:
    """DELETE /v3/limits/{id}: remove a limit. 403, 404."""
    require_admin(ctx, "delete_limit")
    ctx.world.tx.delete(_get_or_404(ctx, limit_id))
    return Response(204)


def _is_visible(ctx: Context, limit: Limit) -> bool:
    if ctx.caller.is_admin:
        return True
    domain_id = find_domain_of_token(ctx)
    if not domain_id:
        return limit.project_id is not None and limit.project_id == ctx.caller.project_id
    project = ctx.world.tx.get(Project, limit.project_id or "")
    return domain_id == (project.domain_id if project else limit.domain_id)


def _get_or_404(ctx: Context, id: str) -> Limit:
    if limit := ctx.world.tx.get(Limit, id):
        return limit
    raise NotFound(reason=f"Could not find limit for {id}.")


def _view(ctx: Context, limit: Limit) -> Object:
    registered = ctx.world.tx.get(RegisteredLimit, limit.registered_limit_id)
    assert registered is not None
    return {
        **{name: getattr(limit, name) for name in ("id", "project_id", "domain_id", "resource_limit", "description")},
        **{name: getattr(registered, name) for name in RESOURCE},
        "links": {"self": url(ctx, f"limits/{limit.id}")},
    }

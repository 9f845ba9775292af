"""/v2.0/quotas: limits of a project for networks, ports, ... They limit requests to the network service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.simulation.options import NETWORK_QUOTAS
from novasim.simulation.service_quotas import NETWORK_LIMITS as QUOTAS
from novasim.simulation.service_quotas import count_free_network_resources, count_network_resources
from novasim.simulation.world import World


def index(ctx: Context) -> dict[str, Any]:
    """GET /v2.0/quotas: the projects with limits of their own. 403."""
    _require_admin(ctx, "get")
    projects = QUOTAS.list_projects_with_limits(ctx.world)
    return {"quotas": [{"project_id": id, "tenant_id": id, **QUOTAS.find_limits(ctx.world, id)} for id in projects]}


def show(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v2.0/quotas/{project}: the limits of a project. 403."""
    _require_admin_or_own(ctx, project)
    return {"quota": QUOTAS.find_limits(ctx.world, project)}


def show_own_project(ctx: Context) -> dict[str, Any]:
    """GET /v2.0/quotas/tenant and /v2.0/quotas/project: the id of the caller's project, under both its names."""
    return {"tenant": {"tenant_id": ctx.caller.project_id}, "project": {"project_id": ctx.caller.project_id}}


def show_defaults(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v2.0/quotas/{project}/default: the default limits. 403."""
    _require_admin_or_own(ctx, project)
    return {"quota": dict(NETWORK_QUOTAS)}


def show_details(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v2.0/quotas/{project}/details: the limits and usage of a project. 403."""
    _require_admin_or_own(ctx, project)
    return {
        "quota": {
            name: {"limit": limit, "used": count_network_resources(ctx.world, project, name), "reserved": 0}
            for name, limit in QUOTAS.find_limits(ctx.world, project).items()
        }
    }


def update(ctx: Context, project: str) -> dict[str, Any]:
    """
    PUT /v2.0/quotas/{project}: set limits, also of an id that no project has; `force` allows those below the usage.

    400, 403. Source: neutron/extensions/quotasv2.py, which ignores check_limit since 2025.1.
    """
    _require_admin(ctx, "update")
    body = ctx.body["quota"]
    limits = {name: int(limit) for name, limit in body.items() if name in NETWORK_QUOTAS}
    if body.get("force") is not True:
        _check_usage(ctx, project, limits)
    QUOTAS.set_limits(ctx.world, project, limits)
    return {"quota": QUOTAS.find_limits(ctx.world, project)}


def _check_usage(ctx: Context, project: str, limits: dict[str, int]) -> None:
    for name, limit in limits.items():
        in_use = count_network_resources(ctx.world, project, name)
        if -1 < limit < in_use:
            reason = f"Quota limit {limit} for {name} must be greater than or equal to already used {in_use}"
            raise BadRequest(reason=reason, type="HTTPBadRequest")


def delete(ctx: Context, project: str) -> Response:
    """DELETE /v2.0/quotas/{project}: remove the project's own limits. 403, 404."""
    _require_admin(ctx, "delete")
    if project not in QUOTAS.list_projects_with_limits(ctx.world):
        raise NotFound(reason=f"Quota for tenant {project} could not be found.", type="TenantQuotaNotFound")
    QUOTAS.reset(ctx.world, project)
    return Response(204)


def _require_admin_or_own(ctx: Context, project: str) -> None:
    if project != ctx.caller.project_id:
        _require_admin(ctx, "get")


def _require_admin(ctx: Context, verb: str) -> None:
    require_admin(ctx, f"(rule:{verb}_quota) is disallowed by policy")


def check_quota(world: World, project: str, name: str) -> None:
    """
    Check that a project may have one more of a resource.

    Raises:
        Conflict: the quota is used up (409).
    """
    free = count_free_network_resources(world, project, name)
    if free is not None and free <= 0:
        raise Conflict(reason=f"Quota exceeded for resources: ['{name}'].", type="OverQuota")

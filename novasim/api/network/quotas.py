"""/v2.0/quotas: how many networks, ports, ... a project may have. They count for requests to the network service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.errors import Conflict, NotFound
from novasim.records import FloatingIp, Network, Port, Project, Record, Router, SecurityGroup, Subnet
from novasim.simulation.options import NETWORK_QUOTAS
from novasim.simulation.world import World

KINDS: dict[str, type[Record]] = {
    "network": Network,
    "subnet": Subnet,
    "port": Port,
    "router": Router,
    "floatingip": FloatingIp,
    "security_group": SecurityGroup,
}
PREFIX = "network."  # of the limits of this service among those of the project


def index(ctx: Context) -> dict[str, Any]:
    """The projects that have limits of their own."""
    _for_admin(ctx, "get", None)
    projects = [project for project in ctx.world.tx.query(Project) if _own(project)]
    return {"quotas": [{"project_id": p.id, "tenant_id": p.id, **limits_of(ctx.world, p.id)} for p in projects]}


def show(ctx: Context, project: str) -> dict[str, Any]:
    """The limits of a project."""
    _for_admin(ctx, "get", project)
    return {"quota": limits_of(ctx.world, project)}


def own(ctx: Context) -> dict[str, Any]:
    """The caller's project, by the name the service gives it."""
    return {"tenant": {"tenant_id": ctx.caller.project_id}, "project": {"project_id": ctx.caller.project_id}}


def default(ctx: Context, project: str) -> dict[str, Any]:
    """The limits of a project that has none of its own."""
    _for_admin(ctx, "get", project)
    return {"quota": dict(NETWORK_QUOTAS)}


def details(ctx: Context, project: str) -> dict[str, Any]:
    """The limits of a project beside what it uses."""
    _for_admin(ctx, "get", project)
    limits = limits_of(ctx.world, project)
    return {
        "quota": {
            name: {"limit": limit, "used": used(ctx.world, project, name), "reserved": 0}
            for name, limit in limits.items()
        }
    }


def update(ctx: Context, project: str) -> dict[str, Any]:
    """Set limits of a project."""
    _for_admin(ctx, "update", None)
    record = _project(ctx, project)
    asked = ctx.body["quota"]
    for name, limit in asked.items():
        if name in NETWORK_QUOTAS:
            _check_use(ctx, project, name, int(limit), asked)
            record.quotas[PREFIX + name] = int(limit)
    ctx.world.tx.put(record)
    return {"quota": limits_of(ctx.world, project)}


def _check_use(ctx: Context, project: str, name: str, limit: int, asked: dict[str, Any]) -> None:
    in_use = used(ctx.world, project, name)
    if asked.get("check_limit") and not asked.get("force") and -1 < limit < in_use:
        raise Conflict(reason=f"Quota limit {limit} for {name} is below what is used: {in_use}.", type="QuotaException")


def delete(ctx: Context, project: str) -> Response:
    """Back to the defaults."""
    _for_admin(ctx, "delete", None)
    record = _project(ctx, project)
    record.quotas = {name: limit for name, limit in record.quotas.items() if not name.startswith(PREFIX)}
    ctx.world.tx.put(record)
    return Response(204)


def _for_admin(ctx: Context, verb: str, project: str | None) -> None:
    if project != ctx.caller.project_id:
        require_admin(ctx, f"(rule:{verb}_quota) is disallowed by policy")


def _project(ctx: Context, project: str) -> Project:
    if record := ctx.world.tx.get(Project, project):
        return record
    raise NotFound(reason=f"Project {project} could not be found.", type="ProjectNotFound")


def _own(project: Project) -> dict[str, int]:
    return {name: limit for name, limit in project.quotas.items() if name.startswith(PREFIX)}


def limits_of(world: World, project: str) -> dict[str, int]:
    """The limits of a project by resource; -1 is unlimited."""
    record = world.tx.get(Project, project)
    own = record.quotas if record else {}
    return {name: own.get(PREFIX + name, limit) for name, limit in NETWORK_QUOTAS.items()}


def used(world: World, project: str, name: str) -> int:
    """How many of a resource a project has."""
    if name == "security_group_rule":
        return sum(len(group.rules) for group in world.tx.query(SecurityGroup, {"project_id": project}))
    return len(world.tx.query(KINDS[name], {"project_id": project})) if name in KINDS else 0


def check_quota(world: World, project: str, name: str) -> None:
    """
    Refuse one more of a resource than the project may have.

    Raises:
        Conflict: the quota is used up (409).
    """
    limit = limits_of(world, project)[name]
    if -1 < limit <= used(world, project, name):
        raise Conflict(reason=f"Quota exceeded for resources: ['{name}'].", type="OverQuota")

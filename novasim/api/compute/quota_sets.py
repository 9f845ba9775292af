"""/os-quota-sets, /os-quota-class-sets and /limits: how much a project may have, and has."""

from __future__ import annotations

from typing import Any

from novasim.api.compute import references
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest
from novasim.lifecycle.microversions import NEWEST
from novasim.records import Keypair, ServerGroup
from novasim.simulation.options import QUOTAS
from novasim.simulation.quotas import UNLIMITED, count_usage, get_limit
from novasim.simulation.world import World
from novasim.strutils import bool_from_string

RULE = "os_compute_api:os-quota-sets:"
NETWORK = ("fixed_ips", "floating_ips", "security_group_rules", "security_groups")  # until 2.35, always unlimited
FILES = ("injected_file_content_bytes", "injected_file_path_bytes", "injected_files")  # until 2.56


def show(ctx: Context, project_id: str) -> dict[str, Any]:
    """The limits of a project."""
    ctx.can(RULE + "show", {"project_id": project_id})
    return {"quota_set": {"id": project_id, **_limits(ctx, project_id)}}


def detail(ctx: Context, project_id: str) -> dict[str, Any]:
    """The limits of a project beside what it uses."""
    ctx.can(RULE + "detail", {"project_id": project_id})
    used = _used(ctx.world, project_id, ctx.caller.user_id)
    shown = {
        name: {"in_use": used.get(name, 0), "limit": limit, "reserved": 0}
        for name, limit in _limits(ctx, project_id).items()
    }
    return {"quota_set": {"id": project_id, **shown}}


def defaults(ctx: Context, project_id: str) -> dict[str, Any]:
    """The limits of a project that has none of its own."""
    ctx.can(RULE + "defaults")
    return {"quota_set": {"id": project_id, **{name: QUOTAS.get(name, UNLIMITED) for name in _shown(ctx)}}}


def update(ctx: Context, project_id: str) -> dict[str, Any]:
    """
    Set limits of a project; below what it uses only with force.

    Raises:
        BadRequest: below -1, or below what is used (400).
    """
    ctx.can(RULE + "update", {})
    asked = dict(ctx.body["quota_set"])
    forced = bool_from_string(asked.pop("force", False))
    project = references.get_project(ctx, project_id)
    used = _used(ctx.world, project_id, ctx.caller.user_id)
    for name, value in asked.items():
        if name in QUOTAS:
            _check(name, int(value), used.get(name, 0), forced)
            project.quotas[name] = int(value)
    ctx.world.tx.put(project)
    return {"quota_set": _limits(ctx, project_id)}


def delete(ctx: Context, project_id: str) -> Response:
    """Back to the defaults."""
    ctx.can(RULE + "delete", {})
    project = references.get_project(ctx, project_id)
    project.quotas = {name: limit for name, limit in project.quotas.items() if name not in QUOTAS}
    ctx.world.tx.put(project)
    return Response(202)


def limits(ctx: Context) -> dict[str, Any]:
    """GET /limits: both in one flat object, under names of their own."""
    ctx.can("os_compute_api:limits")
    project = ctx.caller.project_id
    if asked := ctx.query("tenant_id"):
        ctx.can("os_compute_api:limits:other_project", {})
        project = asked
    used = _used(ctx.world, project, ctx.caller.user_id)
    absolute = {shown: _figure(ctx, project, used, name) for shown, name, until in LIMITS if ctx.minor <= until}
    return {"limits": {"rate": [], "absolute": absolute}}


LIMITS = (  # shown name, resource ("used ..." for what is in use), last microversion 2.N
    ("maxServerMeta", "metadata_items", NEWEST),
    ("maxImageMeta", "metadata_items", 38),
    ("maxPersonality", "injected_files", 56),
    ("maxPersonalitySize", "injected_file_content_bytes", 56),
    ("maxTotalInstances", "instances", NEWEST),
    ("maxTotalCores", "cores", NEWEST),
    ("maxTotalRAMSize", "ram", NEWEST),
    ("maxTotalKeypairs", "key_pairs", NEWEST),
    ("maxServerGroups", "server_groups", NEWEST),
    ("maxServerGroupMembers", "server_group_members", NEWEST),
    ("maxTotalFloatingIps", "floating_ips", 35),
    ("maxSecurityGroups", "security_groups", 35),
    ("maxSecurityGroupRules", "security_group_rules", 35),
    ("totalInstancesUsed", "used instances", NEWEST),
    ("totalCoresUsed", "used cores", NEWEST),
    ("totalRAMUsed", "used ram", NEWEST),
    ("totalServerGroupsUsed", "used server_groups", NEWEST),
    ("totalFloatingIpsUsed", "used floating_ips", 35),
    ("totalSecurityGroupsUsed", "used security_groups", 35),
)


def _figure(ctx: Context, project_id: str, used: dict[str, int], name: str) -> int:
    if name.startswith("used "):
        return used.get(name.removeprefix("used "), 0)
    return get_limit(ctx.world, project_id, name) if name in QUOTAS else UNLIMITED


def class_show(ctx: Context, class_name: str) -> dict[str, Any]:
    """GET /os-quota-class-sets/{name}: the default class is the defaults of all projects."""
    ctx.can("os_compute_api:os-quota-class-sets:show", {})
    shown = [name for name in _shown(ctx, network_until=49) if ctx.minor >= 50 or not name.startswith("server_group")]
    return {"quota_class_set": {"id": class_name, **{name: QUOTAS.get(name, UNLIMITED) for name in shown}}}


def _shown(ctx: Context, network_until: int = 35) -> list[str]:
    names = [name for name in QUOTAS if ctx.minor < 57 or name not in FILES]
    return names + list(NETWORK) if ctx.minor <= network_until else names


def _limits(ctx: Context, project_id: str) -> dict[str, int]:
    return {name: get_limit(ctx.world, project_id, name) if name in QUOTAS else UNLIMITED for name in _shown(ctx)}


def _used(world: World, project_id: str, user_id: str) -> dict[str, int]:
    groups = len(world.tx.query(ServerGroup, {"project_id": project_id}))
    return count_usage(world, project_id) | {
        "server_groups": groups,
        "key_pairs": len(world.tx.query(Keypair, {"user_id": user_id})),
    }


def _check(name: str, limit: int, used: int, forced: bool) -> None:
    if limit < UNLIMITED:
        raise BadRequest(reason=f"Quota limit {limit} for {name} must be greater than or equal to -1.")
    if not forced and UNLIMITED != limit < used:
        raise BadRequest(
            reason=f"Quota limit {limit} for {name} must be greater than or equal to already used and reserved {used}."
        )

"""/v3/{project}/limits, os-quota-sets and os-quota-class-sets: how many volumes, gigabytes, ... a project may have."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.errors import BadRequest
from novasim.records import Project
from novasim.simulation.options import VOLUME_QUOTAS
from novasim.simulation.volume_quotas import QUOTAS, find_usage
from novasim.strutils import bool_from_string


def show_limits(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/limits: the limits and usage of a project in one flat object."""
    target = (ctx.query("project_id") if ctx.caller.is_admin else None) or ctx.caller.project_id
    limits, usage = QUOTAS.find_limits(ctx.world, target), find_usage(ctx.world, target)
    absolute = {
        "maxTotalVolumes": limits["volumes"],
        "maxTotalSnapshots": limits["snapshots"],
        "maxTotalVolumeGigabytes": limits["gigabytes"],
        "maxTotalBackups": limits["backups"],
        "maxTotalBackupGigabytes": limits["backup_gigabytes"],
        "totalVolumesUsed": usage["volumes"],
        "totalSnapshotsUsed": usage["snapshots"],
        "totalGigabytesUsed": usage["gigabytes"],
        "totalBackupsUsed": 0,
        "totalBackupGigabytesUsed": 0,
    }
    return {"limits": {"rate": [], "absolute": absolute}}


def show(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """GET /v3/{project}/os-quota-sets/{target}: the limits of a project; usage=True adds its usage. 403."""
    if target != ctx.caller.project_id:
        _require_admin(ctx, "show")
    limits, usage = QUOTAS.find_limits(ctx.world, target), find_usage(ctx.world, target)
    if not bool_from_string(ctx.query("usage")):
        return {"quota_set": {"id": target, **limits}}
    details = {name: {"limit": limit, "in_use": usage.get(name, 0), "reserved": 0} for name, limit in limits.items()}
    return {"quota_set": {"id": target, **details}}


def show_defaults(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """GET /v3/{project}/os-quota-sets/{target}/defaults: the default limits."""
    return {"quota_set": {"id": target, **VOLUME_QUOTAS}}


def show_class(ctx: Context, project: str, name: str) -> dict[str, Any]:
    """GET /v3/{project}/os-quota-class-sets/{name}: the default limits, for every class. 403."""
    _require_admin(ctx, "show")
    return {"quota_class_set": {"id": name, **VOLUME_QUOTAS}}


def update(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """PUT /v3/{project}/os-quota-sets/{target}: set limits. 400, 403."""
    _require_admin(ctx, "update")
    record = _get_project(ctx, target)
    QUOTAS.set_limits(record, ctx.body["quota_set"])
    ctx.world.tx.put(record)
    return {"quota_set": QUOTAS.find_limits(ctx.world, target)}


def delete(ctx: Context, project: str, target: str) -> None:
    """DELETE /v3/{project}/os-quota-sets/{target}: reset the limits to the defaults. 400, 403."""
    _require_admin(ctx, "delete")
    record = _get_project(ctx, target)
    QUOTAS.reset(record)
    ctx.world.tx.put(record)


def _require_admin(ctx: Context, verb: str) -> None:
    require_admin(ctx, f"Policy doesn't allow volume_extension:quotas:{verb} to be performed.")


def _get_project(ctx: Context, target: str) -> Project:
    if record := ctx.world.tx.get(Project, target):
        return record
    raise BadRequest(reason=f"Project ID {target} is not a valid project.")

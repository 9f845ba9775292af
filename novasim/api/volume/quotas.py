"""/v3/{project}/limits, os-quota-sets and os-quota-class-sets: how many volumes, gigabytes, ... a project may have."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.service_quotas import ServiceQuotas
from novasim.errors import BadRequest, OverLimit
from novasim.records import Project, Volume, VolumeSnapshot
from novasim.simulation.options import VOLUME_QUOTAS
from novasim.simulation.quotas import UNLIMITED
from novasim.simulation.world import World
from novasim.strutils import bool_from_string

QUOTAS = ServiceQuotas("volume.", VOLUME_QUOTAS)
MESSAGES = {
    "volumes": "VolumeLimitExceeded: Maximum number of volumes allowed ({limit}) exceeded for quota 'volumes'.",
    "snapshots": "SnapshotLimitExceeded: Maximum number of snapshots allowed ({limit}) exceeded",
    "gigabytes": "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. "
    "Requested {requested}G, quota is {limit}G and {used}G has been consumed.",
}


def find_usage(world: World, project: str) -> dict[str, int]:
    """Return the usage of a project by resource; the size of snapshots counts as gigabytes, too."""
    volumes = world.tx.query(Volume, {"project_id": project})
    snapshots = world.tx.query(VolumeSnapshot, {"project_id": project})
    size = sum(volume.size for volume in volumes) + sum(snapshot.size for snapshot in snapshots)
    return {"volumes": len(volumes), "snapshots": len(snapshots), "gigabytes": size}


def check_quota(world: World, project: str, **requested: int) -> None:
    """
    Check that a project may have more volumes, snapshots or gigabytes.

    Raises:
        OverLimit: a quota, or the size limit of a volume, is exceeded (413).
    """
    limits, usage = QUOTAS.find_limits(world, project), find_usage(world, project)
    for name, amount in requested.items():
        limit, used = limits[name], usage[name]
        if UNLIMITED != limit < used + amount:
            raise OverLimit(reason=MESSAGES[name].format(limit=limit, requested=amount, used=used))
    per_volume = limits["per_volume_gigabytes"]
    if "volumes" in requested and UNLIMITED != per_volume < requested.get("gigabytes", 0):
        raise OverLimit(
            reason=f"VolumeSizeExceedsLimit: Requested volume size {requested['gigabytes']}G is larger than "
            f"maximum allowed limit {per_volume}G."
        )


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

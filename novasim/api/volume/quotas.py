"""/v3/{project}/limits, os-quota-sets and os-quota-class-sets: how much a project may have, and has."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.errors import BadRequest, OverLimit
from novasim.records import Project, Volume, VolumeSnapshot
from novasim.simulation.options import VOLUME_QUOTAS
from novasim.simulation.quotas import UNLIMITED
from novasim.simulation.world import World
from novasim.strutils import bool_from_string

PREFIX = "volume."  # of the limits of this service among those of the project
WORDS = {
    "volumes": "VolumeLimitExceeded: Maximum number of volumes allowed ({limit}) exceeded for quota 'volumes'.",
    "snapshots": "SnapshotLimitExceeded: Maximum number of snapshots allowed ({limit}) exceeded",
    "gigabytes": "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. "
    "Requested {more}G, quota is {limit}G and {have}G has been consumed.",
}


def limits_of(world: World, project: str) -> dict[str, int]:
    """The limits of a project by resource; -1 is unlimited."""
    record = world.tx.get(Project, project)
    own = record.quotas if record else {}
    return {name: own.get(PREFIX + name, limit) for name, limit in VOLUME_QUOTAS.items()}


def used(world: World, project: str) -> dict[str, int]:
    """What a project has; snapshots take gigabytes, too."""
    volumes = world.tx.query(Volume, {"project_id": project})
    snapshots = world.tx.query(VolumeSnapshot, {"project_id": project})
    size = sum(volume.size for volume in volumes) + sum(snapshot.size for snapshot in snapshots)
    return {"volumes": len(volumes), "snapshots": len(snapshots), "gigabytes": size}


def check_room(world: World, project: str, **wanted: int) -> None:
    """
    Refuse more volumes, snapshots or gigabytes than a project may have.

    Raises:
        OverLimit: the quota does not allow as much (413).
    """
    limits, have = limits_of(world, project), used(world, project)
    for name, more in wanted.items():
        if UNLIMITED != limits[name] < have[name] + more:
            raise OverLimit(reason=WORDS[name].format(limit=limits[name], more=more, have=have[name]))
    per_volume = limits["per_volume_gigabytes"]
    if "volumes" in wanted and UNLIMITED != per_volume < wanted.get("gigabytes", 0):
        raise OverLimit(
            reason=f"VolumeSizeExceedsLimit: Requested volume size {wanted['gigabytes']}G is larger than "
            f"maximum allowed limit {per_volume}G."
        )


def limits(ctx: Context, project: str) -> dict[str, Any]:
    """GET /limits: both in one flat object, under names of their own."""
    whose = ctx.query("project_id") if ctx.caller.is_admin else None
    most, have = (what(ctx.world, whose or ctx.caller.project_id) for what in (limits_of, used))
    absolute = {
        "maxTotalVolumes": most["volumes"],
        "maxTotalSnapshots": most["snapshots"],
        "maxTotalVolumeGigabytes": most["gigabytes"],
        "maxTotalBackups": most["backups"],
        "maxTotalBackupGigabytes": most["backup_gigabytes"],
        "totalVolumesUsed": have["volumes"],
        "totalSnapshotsUsed": have["snapshots"],
        "totalGigabytesUsed": have["gigabytes"],
        "totalBackupsUsed": 0,
        "totalBackupGigabytesUsed": 0,
    }
    return {"limits": {"rate": [], "absolute": absolute}}


def show(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """The limits of a project, beside what it uses if the query says usage=True."""
    if target != ctx.caller.project_id:
        _for_admin(ctx, "show")
    most, have = limits_of(ctx.world, target), used(ctx.world, target)
    if not bool_from_string(ctx.query("usage")):
        return {"quota_set": {"id": target, **most}}
    both = {name: {"limit": limit, "in_use": have.get(name, 0), "reserved": 0} for name, limit in most.items()}
    return {"quota_set": {"id": target, **both}}


def defaults(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """The limits of a project that has none of its own."""
    return {"quota_set": {"id": target, **VOLUME_QUOTAS}}


def class_show(ctx: Context, project: str, name: str) -> dict[str, Any]:
    """The default class is the defaults of all projects."""
    _for_admin(ctx, "show")
    return {"quota_class_set": {"id": name, **VOLUME_QUOTAS}}


def update(ctx: Context, project: str, target: str) -> dict[str, Any]:
    """Set limits of a project."""
    _for_admin(ctx, "update")
    record = _project(ctx, target)
    for name, limit in ctx.body["quota_set"].items():
        if name in VOLUME_QUOTAS:
            record.quotas[PREFIX + name] = int(limit)
    ctx.world.tx.put(record)
    return {"quota_set": limits_of(ctx.world, target)}


def delete(ctx: Context, project: str, target: str) -> None:
    """Back to the defaults."""
    _for_admin(ctx, "delete")
    record = _project(ctx, target)
    record.quotas = {name: limit for name, limit in record.quotas.items() if not name.startswith(PREFIX)}
    ctx.world.tx.put(record)


def _for_admin(ctx: Context, verb: str) -> None:
    require_admin(ctx, f"Policy doesn't allow volume_extension:quotas:{verb} to be performed.")


def _project(ctx: Context, target: str) -> Project:
    if record := ctx.world.tx.get(Project, target):
        return record
    raise BadRequest(reason=f"Project ID {target} is not a valid project.")

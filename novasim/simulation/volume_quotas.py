"""The quotas of the volume service: volumes, snapshots and their size in GiB."""

from __future__ import annotations

from novasim.errors import OverLimit
from novasim.records import Volume, VolumeSnapshot
from novasim.simulation.options import VOLUME_QUOTAS
from novasim.simulation.quotas import UNLIMITED
from novasim.simulation.service_quotas import ServiceQuotas
from novasim.simulation.world import World

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

"""
The quotas of the volume service: volumes, snapshots and their size in GiB, in all and of each volume type; backups
and their size; groups.

The limits of types, such as volumes_TYPE, are unlimited by default. Source: cinder/quota.py VolumeTypeQuotaEngine;
cinder/quota_utils.py process_reserve_over_quota.
"""

from __future__ import annotations

from novasim.errors import OverLimit
from novasim.records import Volume, VolumeBackup, VolumeGroup, VolumeSnapshot, VolumeType
from novasim.simulation.options import VOLUME_QUOTAS
from novasim.simulation.quotas import UNLIMITED
from novasim.simulation.service_quotas import ServiceQuotas
from novasim.simulation.world import World

OF_TYPES = ("volumes", "gigabytes", "snapshots")
MESSAGES = {
    "volumes": "VolumeLimitExceeded: Maximum number of volumes allowed ({limit}) exceeded for quota '{name}'.",
    "snapshots": "SnapshotLimitExceeded: Maximum number of snapshots allowed ({limit}) exceeded",
    "backups": "BackupLimitExceeded: Maximum number of backups allowed ({limit}) exceeded",
    "backup_gigabytes": "VolumeBackupSizeExceedsAvailableQuota: Requested backup exceeds allowed Backup gigabytes "
    "quota. Requested {requested}G, quota is {limit}G and {used}G has been consumed.",
    "groups": "GroupLimitExceeded: Maximum number of groups allowed ({limit}) exceeded",
    "gigabytes": "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed {name} quota. "
    "Requested {requested}G, quota is {limit}G and {used}G has been consumed.",
}


def _list_type_limits(world: World) -> dict[str, int]:
    names = [Volume.volume_type, *(each.name for each in world.tx.query(VolumeType))]
    return {f"{part}_{name}": UNLIMITED for name in names for part in OF_TYPES}


QUOTAS = ServiceQuotas("volume.", VOLUME_QUOTAS, _list_type_limits)


def find_usage(world: World, project: str) -> dict[str, int]:
    """Return the usage of a project by resource; the size of snapshots counts as gigabytes, too."""
    volumes = world.tx.query(Volume, {"project_id": project})
    snapshots = world.tx.query(VolumeSnapshot, {"project_id": project})
    types = {volume.id: volume.volume_type for volume in world.tx.query(Volume)} if snapshots else {}
    groups = world.tx.count(VolumeGroup, {"project_id": project})
    backups = world.tx.query(VolumeBackup, {"project_id": project})
    usage = {"volumes": 0, "snapshots": 0, "gigabytes": 0, "groups": groups}
    usage |= {"backups": len(backups), "backup_gigabytes": sum(backup.size for backup in backups)}
    sizes: dict[tuple[str, str], list[int]] = {}
    for volume in volumes:
        sizes.setdefault(("volumes", volume.volume_type), []).append(volume.size)
    for snapshot in snapshots:
        sizes.setdefault(("snapshots", types.get(snapshot.volume_id, "")), []).append(snapshot.size)
    for (part, type_name), each in sizes.items():
        _add(usage, type_name, **{part: len(each), "gigabytes": sum(each)})
    return usage


def _add(usage: dict[str, int], type_name: str, **amounts: int) -> None:
    for part, amount in amounts.items():
        for name in (part, f"{part}_{type_name}"):
            usage[name] = usage.get(name, 0) + amount


def check_quota(world: World, project: str, type_name: str = "", **requested: int) -> None:
    """
    Check that a project may have more groups, backups, volumes, snapshots or gigabytes, in all and of a volume type.

    Raises:
        OverLimit: the size limit of a volume, or a quota, is exceeded (413).
    """
    limits, usage = QUOTAS.find_limits(world, project), find_usage(world, project)
    per_volume = limits["per_volume_gigabytes"]
    if "volumes" in requested and UNLIMITED != per_volume < requested.get("gigabytes", 0):
        raise OverLimit(
            reason=f"VolumeSizeExceedsLimit: Requested volume size {requested['gigabytes']}G is larger than "
            f"maximum allowed limit {per_volume}G."
        )
    _check(limits, usage, type_name, requested, ("{part}", "{part}_{type}"))


def check_type_quota(world: World, project: str, type_name: str, **requested: int) -> None:
    """
    Check that a project may have more volumes and gigabytes of a volume type.

    Raises:
        OverLimit: a quota is exceeded (413).
    """
    limits, usage = QUOTAS.find_limits(world, project), find_usage(world, project)
    _check(limits, usage, type_name, requested, ("{part}_{type}",))


def _check(
    limits: dict[str, int], usage: dict[str, int], type_name: str, requested: dict[str, int], forms: tuple[str, ...]
) -> None:
    """Raise the refusal for the first resource that exceeds its limit, in the order of their names, as Cinder does."""
    for part, amount in sorted(requested.items()):
        for name in (form.format(part=part, type=type_name) for form in forms):
            limit, used = limits.get(name, UNLIMITED), usage.get(name, 0)
            if UNLIMITED != limit < used + amount:
                raise OverLimit(reason=MESSAGES[part].format(name=name, limit=limit, requested=amount, used=used))

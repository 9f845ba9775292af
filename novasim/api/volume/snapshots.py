"""/v3/{project}/snapshots, /v3/{project}/types, /v3/{project}/limits."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import listed
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.volumes import OTHERWISE, get_snapshot, get_volume
from novasim.errors import BadRequest, NotFound
from novasim.records import Volume, VolumeSnapshot

TYPE = {
    "id": "d1f6e0b5-0000-4000-8000-000000000001",
    "name": "standard",
    "description": "Simulated volumes",
    "is_public": True,
    "os-volume-type-access:is_public": True,
    "extra_specs": {},
    "qos_specs_id": None,
}
MOST_VOLUMES, MOST_GIGABYTES = 10, 1000


def index(ctx: Context, project: str) -> dict[str, Any]:
    """The snapshots of the caller's project; all for an administrator who asks for all_tenants."""
    everybody = ctx.caller.is_admin and (ctx.query("all_tenants") or "0").lower() in ("1", "true")
    found = [s for s in ctx.world.tx.all(VolumeSnapshot) if everybody or s.project_id == ctx.caller.project_id]
    return {"snapshots": listed(ctx, [_view(snapshot) for snapshot in found], OTHERWISE)}


def show(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """One snapshot."""
    return {"snapshot": _view(get_snapshot(ctx, snapshot_id))}


def create(ctx: Context, project: str) -> Response:
    """A snapshot of a volume; of one in use only with force."""
    asked = ctx.body.get("snapshot") if isinstance(ctx.body, dict) else None
    if not isinstance(asked, dict) or "volume_id" not in asked:
        raise BadRequest(reason="Missing required element 'snapshot' in request body.")
    volume = get_volume(ctx, asked["volume_id"])
    if volume.status != "available" and str(asked.get("force", False)).lower() != "true":
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be available, but current status is: "
            f"{volume.status}."
        )
    snapshot = VolumeSnapshot(
        id=ctx.world.ids.uuid(), volume_id=volume.id, size=volume.size, project_id=volume.project_id,
        name=asked.get("name") or "", description=asked.get("description"), metadata=asked.get("metadata") or {},
        created_at=ctx.world.time, updated_at=ctx.world.time,
    )  # fmt: skip
    ctx.world.tx.put(snapshot)
    return Response(202, {"snapshot": _view(snapshot)})


def update(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """Name and description."""
    snapshot = get_snapshot(ctx, snapshot_id)
    asked = ctx.body.get("snapshot") if isinstance(ctx.body, dict) else None
    for name in ("name", "description", "metadata"):
        if isinstance(asked, dict) and name in asked:
            setattr(snapshot, name, asked[name])
    ctx.world.tx.put(snapshot)
    return {"snapshot": _view(snapshot)}


def delete(ctx: Context, project: str, snapshot_id: str) -> Response:
    """Remove a snapshot."""
    ctx.world.tx.delete(get_snapshot(ctx, snapshot_id))
    return Response(202)


def types_index(ctx: Context, project: str) -> dict[str, Any]:
    """The one type that there is."""
    return {"volume_types": [TYPE]}


def types_show(ctx: Context, project: str, type_id: str) -> dict[str, Any]:
    """The type, by id or as the default."""
    if type_id not in (TYPE["id"], "default"):
        raise NotFound(reason=f"Volume type {type_id} could not be found.")
    return {"volume_type": TYPE}


def limits(ctx: Context, project: str) -> dict[str, Any]:
    """How much a project may have, and has."""
    volumes = ctx.world.tx.find(Volume, project_id=ctx.caller.project_id)
    snapshots = ctx.world.tx.find(VolumeSnapshot, project_id=ctx.caller.project_id)
    absolute = {
        "maxTotalVolumes": MOST_VOLUMES, "maxTotalSnapshots": MOST_VOLUMES,
        "maxTotalVolumeGigabytes": MOST_GIGABYTES, "maxTotalBackups": 10, "maxTotalBackupGigabytes": MOST_GIGABYTES,
        "totalVolumesUsed": len(volumes), "totalSnapshotsUsed": len(snapshots),
        "totalGigabytesUsed": sum(volume.size for volume in volumes), "totalBackupsUsed": 0,
        "totalBackupGigabytesUsed": 0,
    }  # fmt: skip
    return {"limits": {"rate": [], "absolute": absolute}}


def zones(ctx: Context, project: str) -> dict[str, Any]:
    """The zones that volumes can be made in."""
    return {"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}}]}


def _view(snapshot: VolumeSnapshot) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "name": snapshot.name,
        "description": snapshot.description,
        "volume_id": snapshot.volume_id,
        "status": snapshot.status,
        "size": snapshot.size,
        "metadata": snapshot.metadata,
        "created_at": snapshot.created_at.rstrip("Z"),
        "updated_at": snapshot.updated_at.rstrip("Z"),
        "os-extended-snapshot-attributes:progress": "100%",
        "os-extended-snapshot-attributes:project_id": snapshot.project_id,
    }

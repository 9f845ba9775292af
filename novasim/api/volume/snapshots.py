"""/v3/{project}/snapshots."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import listed
from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import OTHERWISE, action_asked, all_of, get_snapshot, get_volume, keep, page, writer
from novasim.api.volume.quotas import check_room
from novasim.api.volume.views import snapshot_view
from novasim.errors import BadRequest, NotFound, NotSimulated
from novasim.records import VolumeSnapshot
from novasim.strutils import bool_from_string

RULE = "volume:"


def index(ctx: Context, project: str) -> dict[str, Any]:
    """The snapshots of the caller's project; all for an administrator who asks for all_tenants."""
    return _listed(ctx, full=False)


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """The same, with all attributes."""
    return _listed(ctx, full=True)


def _listed(ctx: Context, *, full: bool) -> dict[str, Any]:
    views = [snapshot_view(ctx, snapshot, full) for snapshot in reversed(all_of(ctx, VolumeSnapshot))]
    return page(ctx, "snapshots", listed(ctx, views, OTHERWISE))


def show(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """One snapshot."""
    return {"snapshot": snapshot_view(ctx, get_snapshot(ctx, snapshot_id))}


def create(ctx: Context, project: str) -> Response:
    """A snapshot of a volume; of one in use only with force."""
    writer(ctx, RULE + "create_snapshot")
    asked = ctx.body["snapshot"]
    volume = get_volume(ctx, asked["volume_id"])
    forced = bool_from_string(asked.get("force"))
    if volume.status != "available" and not (forced and volume.status == "in-use"):
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be available, but current status is: "
            f"{volume.status}."
        )
    check_room(ctx.world, volume.project_id, snapshots=1, gigabytes=volume.size)
    snapshot = VolumeSnapshot(
        id=ctx.world.ids.uuid(),
        volume_id=volume.id,
        size=volume.size,
        project_id=volume.project_id,
        name=asked.get("name") or "",
        description=asked.get("description"),
        metadata=asked.get("metadata") or {},
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
    )
    ctx.world.tx.put(snapshot)
    return Response(202, {"snapshot": snapshot_view(ctx, snapshot, full=False)})


def update(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """Name and description."""
    writer(ctx, RULE + "update_snapshot")
    snapshot = get_snapshot(ctx, snapshot_id)
    asked = ctx.body["snapshot"]
    snapshot.name = asked.get("name", snapshot.name) or ""
    snapshot.description = asked.get("description", snapshot.description)
    keep(ctx, snapshot)
    return {"snapshot": snapshot_view(ctx, snapshot, full=False)}


def delete(ctx: Context, project: str, snapshot_id: str) -> Response:
    """Remove a snapshot; volumes made from it live on."""
    writer(ctx, RULE + "delete_snapshot")
    snapshot = get_snapshot(ctx, snapshot_id)
    if snapshot.status not in ("available", "error"):
        raise BadRequest(reason="Invalid snapshot: Volume Snapshot status must be available or error.")
    ctx.world.tx.delete(snapshot)
    return Response(202)


def metadata_index(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """The metadata of a snapshot."""
    return {"metadata": get_snapshot(ctx, snapshot_id).metadata}


def metadata_add(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """Add to the metadata (POST), or set all of it (PUT)."""
    writer(ctx, RULE + "update_snapshot_metadata")
    snapshot = get_snapshot(ctx, snapshot_id)
    kept = snapshot.metadata if ctx.request.method == "POST" else {}
    snapshot.metadata = {**kept, **ctx.body["metadata"]}
    keep(ctx, snapshot)
    return {"metadata": snapshot.metadata}


def metadata_delete(ctx: Context, project: str, snapshot_id: str, key: str) -> Response:
    """Remove one value."""
    writer(ctx, RULE + "delete_snapshot_metadata")
    snapshot = get_snapshot(ctx, snapshot_id)
    if key not in snapshot.metadata:
        raise NotFound(reason=f"Snapshot {snapshot_id} has no metadata with key {key}.")
    del snapshot.metadata[key]
    keep(ctx, snapshot)
    return Response(200)


def act(ctx: Context, project: str, snapshot_id: str) -> Response:
    """POST .../action: what administrators and storage drivers do."""
    snapshot = get_snapshot(ctx, snapshot_id)
    require_admin(ctx, "Policy doesn't allow volume_extension:snapshot_admin_actions to be performed.")
    key, given = action_asked(ctx)
    if key == "os-force_delete":
        ctx.world.tx.delete(snapshot)
        return Response(202)
    if key not in ("os-reset_status", "os-update_snapshot_status"):
        raise NotSimulated(reason=f"The snapshot action {key} is not simulated; os-reset_status is.")
    status = given.get("status")
    if status not in ("available", "error", "creating", "deleting", "error_deleting"):
        raise BadRequest(reason="Must specify a valid status.")
    snapshot.status = status
    keep(ctx, snapshot)
    return Response(202)

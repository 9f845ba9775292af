"""/v3/{project}/snapshots."""

from __future__ import annotations

from typing import Any

from novasim.api.collections import collection_view
from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import (
    count_view,
    get_snapshot,
    get_volume,
    list_visible,
    read_action,
    refuse_action,
    require_writer,
    save,
)
from novasim.api.volume.paging import list_page
from novasim.api.volume.views import snapshot_view
from novasim.errors import BadRequest, NotFound
from novasim.lifecycle.volumes import is_migrating
from novasim.records import Volume, VolumeSnapshot
from novasim.simulation.hosts.volume_services import describe_new_snapshot
from novasim.simulation.volume_quotas import check_quota
from novasim.strutils import bool_from_string

RULE = "volume:"
IN_USE = 66  # the microversion 3.N from which a volume in use needs no force
REPORTED = {  # status: what a driver may report next
    "creating": ("creating", "available", "error"),
    "deleting": ("deleting", "error_deleting"),
}
FORCE_IS_INVALID = (
    "Since microversion 3.66 the 'force' flag is invalid for this request.  For backward compatability, however, when "
    "the 'force' flag is passed with a value evaluating to True, it is silently ignored."
)


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/snapshots: the visible snapshots. 400."""
    return _list(ctx, full=False)


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/snapshots/detail: the visible snapshots with all attributes. 400."""
    return _list(ctx, full=True)


def _list(ctx: Context, *, full: bool) -> dict[str, Any]:
    views = [snapshot_view(ctx, snapshot, full) for snapshot in reversed(list_visible(ctx, VolumeSnapshot))]
    return collection_view(ctx, "snapshots", list_page(ctx, "Snapshot", views)) | count_view(ctx, views)


def show(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """GET /v3/{project}/snapshots/{id}: one snapshot. 404."""
    return {"snapshot": snapshot_view(ctx, get_snapshot(ctx, snapshot_id))}


def create(ctx: Context, project: str) -> Response:
    """
    POST /v3/{project}/snapshots: create a snapshot of a volume, from 3.66 on also of one in use. 400, 403, 404, 413.

    Before, `force` allows a volume in use.
    """
    require_writer(ctx, RULE + "create_snapshot")
    body = ctx.body["snapshot"]
    volume = get_volume(ctx, str(body["volume_id"]))
    forced = bool_from_string(body.get("force"))
    if ctx.minor >= IN_USE and body.get("force") is not None and not forced:
        raise BadRequest(reason=FORCE_IS_INVALID)
    expected = ("available", "in-use") if forced or ctx.minor >= IN_USE else ("available",)
    if is_migrating(volume):
        raise BadRequest(reason="Invalid volume: Snapshot cannot be created while volume is migrating.")
    if volume.status not in expected:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be {', '.join(expected)}, but current status is: "
            f"{volume.status}."
        )
    snapshot = build_snapshot(
        ctx,
        volume,
        name=body.get("name") or "",
        description=body.get("description"),
        metadata=body.get("metadata") or {},
    )
    return Response(202, {"snapshot": snapshot_view(ctx, snapshot, full=False)})


def build_snapshot(ctx: Context, volume: Volume, **fields: Any) -> VolumeSnapshot:
    """
    Create a snapshot of a volume in the caller's project.

    Raises:
        OverLimit: the project has as many snapshots, or as much storage, as it may have (413).
    """
    check_quota(ctx.world, ctx.caller.project_id, volume.volume_type, snapshots=1, gigabytes=volume.size)
    if not fields.get("group_snapshot_id"):  # the volume service itself creates those of a group
        fields |= describe_new_snapshot(ctx.world)
    snapshot = VolumeSnapshot(
        id=ctx.world.ids.uuid(),
        volume_id=volume.id,
        size=volume.size,
        project_id=ctx.caller.project_id,
        user_id=ctx.caller.user_id,
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **fields,
    )
    ctx.world.tx.put(snapshot)
    return snapshot


def update(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """PUT /v3/{project}/snapshots/{id}: change name and description. 400, 403, 404."""
    require_writer(ctx, RULE + "update_snapshot")
    snapshot = get_snapshot(ctx, snapshot_id)
    body = ctx.body["snapshot"]
    snapshot.name = body.get("name", snapshot.name) or ""
    snapshot.description = body.get("description", snapshot.description)
    save(ctx, snapshot)
    return {"snapshot": snapshot_view(ctx, snapshot, full=False)}


def delete(ctx: Context, project: str, snapshot_id: str) -> Response:
    """DELETE /v3/{project}/snapshots/{id}: delete a snapshot; volumes created from it remain. 400, 403, 404."""
    require_writer(ctx, RULE + "delete_snapshot")
    snapshot = get_snapshot(ctx, snapshot_id)
    if snapshot.status not in ("available", "error") or snapshot.group_snapshot_id:
        raise BadRequest(
            reason="Invalid snapshot: Snapshot status must be available or error and must not be part of a group."
        )
    ctx.world.tx.delete(snapshot)
    return Response(202)


def list_metadata(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """GET .../metadata: the metadata of a snapshot. 404."""
    return {"metadata": get_snapshot(ctx, snapshot_id).metadata}


def set_metadata(ctx: Context, project: str, snapshot_id: str) -> dict[str, Any]:
    """POST, PUT .../metadata: add values (POST), or replace all (PUT). 400, 403, 404."""
    require_writer(ctx, RULE + "update_snapshot_metadata")
    snapshot = get_snapshot(ctx, snapshot_id)
    preserved = snapshot.metadata if ctx.request.method == "POST" else {}
    snapshot.metadata = {**preserved, **ctx.body["metadata"]}
    save(ctx, snapshot)
    return {"metadata": snapshot.metadata}


def show_metadata(ctx: Context, project: str, snapshot_id: str, key: str) -> dict[str, Any]:
    """GET .../metadata/{key}: one value. 404."""
    metadata = get_snapshot(ctx, snapshot_id).metadata
    if key not in metadata:
        raise NotFound(reason=f"Snapshot {snapshot_id} has no metadata with key {key}.")
    return {"meta": {key: metadata[key]}}


def update_metadata(ctx: Context, project: str, snapshot_id: str, key: str) -> dict[str, Any]:
    """PUT .../metadata/{key}: set one value. 400, 403, 404."""
    require_writer(ctx, RULE + "update_snapshot_metadata")
    meta = ctx.body["meta"]
    if set(meta) != {key}:
        raise BadRequest(reason="Request body and URI mismatch.")
    snapshot = get_snapshot(ctx, snapshot_id)
    snapshot.metadata = {**snapshot.metadata, **meta}
    save(ctx, snapshot)
    return {"meta": meta}


def delete_metadata(ctx: Context, project: str, snapshot_id: str, key: str) -> Response:
    """DELETE .../metadata/{key}: remove one value. 403, 404."""
    require_writer(ctx, RULE + "delete_snapshot_metadata")
    snapshot = get_snapshot(ctx, snapshot_id)
    if key not in snapshot.metadata:
        raise NotFound(reason=f"Snapshot {snapshot_id} has no metadata with key {key}.")
    del snapshot.metadata[key]
    save(ctx, snapshot)
    return Response(200)


def act(ctx: Context, project: str, snapshot_id: str) -> Response:
    """POST /v3/{project}/snapshots/{id}/action: run one action. 400, 403, 404, 501."""
    snapshot = get_snapshot(ctx, snapshot_id)
    key, arguments = read_action(ctx)
    if key == "os-update_snapshot_status":
        return _update_status(ctx, snapshot, arguments)
    require_admin(ctx, "Policy doesn't allow volume_extension:snapshot_admin_actions to be performed.")
    if key == "os-force_delete":
        if snapshot.group_snapshot_id:
            raise BadRequest(reason="Invalid snapshot: Snapshot  must not be part of a group.")
        ctx.world.tx.delete(snapshot)
        return Response(202)
    if key != "os-reset_status":
        raise refuse_action(key, ("os-unmanage",))
    status = arguments.get("status")
    if status not in ("available", "error", "creating", "deleting", "error_deleting"):
        raise BadRequest(reason="Must specify a valid status.")
    snapshot.status = status
    save(ctx, snapshot)
    return Response(202)


def _update_status(ctx: Context, snapshot: VolumeSnapshot, report: dict[str, Any]) -> Response:
    """Set what a driver reports, also for the owner. Source: cinder/api/contrib/snapshot_actions.py."""
    status, progress = report.get("status"), report.get("progress")
    require_writer(ctx, "snapshot_extension:snapshot_actions:update_snapshot_status")
    if snapshot.status not in REPORTED:
        raise BadRequest(reason=f"Snapshot status {snapshot.status} not allowed for update_snapshot_status")
    if status not in REPORTED[snapshot.status]:
        raise BadRequest(
            reason=f"Provided snapshot status {status} not allowed for snapshot with status {snapshot.status}."
        )
    snapshot.status = status
    snapshot.progress = progress or snapshot.progress
    save(ctx, snapshot)
    return Response(202)

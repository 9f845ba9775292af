"""
/v3/{project}/group_snapshots: snapshots of all volumes of a group at once.

Source: cinder/api/v3/group_snapshots.py; cinder/volume/api.py, create_snapshots_in_db.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.groups.actions import read_status
from novasim.api.volume.groups.groups import list_members
from novasim.api.volume.lookup import (
    get_group,
    get_group_snapshot,
    list_visible,
    read_action,
    refuse_action,
    require_writer,
    save,
)
from novasim.api.volume.paging import page_view
from novasim.api.volume.snapshots import build_snapshot
from novasim.api.volume.views import format_time
from novasim.errors import BadRequest
from novasim.lifecycle.volumes import is_migrating
from novasim.records import GroupSnapshot, Volume, VolumeSnapshot

STATUSES = ("error", "available", "creating", "deleting", "deleted", "updating", "error_deleting")
PROJECT = 58  # a microversion 3.N
RULE = "group:"


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/group_snapshots: ids and names of the visible group snapshots. 400, 404."""
    return _list(ctx, is_short=True)


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/group_snapshots/detail: the visible group snapshots with all attributes. 400, 404."""
    return _list(ctx, is_short=False)


def _list(ctx: Context, *, is_short: bool) -> dict[str, Any]:
    views = [_view(ctx, each) for each in list_visible(ctx, GroupSnapshot)]
    return page_view(ctx, "group_snapshots", "GroupSnapshot", views, is_short=is_short)


def show(ctx: Context, project: str, group_snapshot_id: str) -> dict[str, Any]:
    """GET /v3/{project}/group_snapshots/{id}: one group snapshot. 404."""
    return {"group_snapshot": _view(ctx, get_group_snapshot(ctx, group_snapshot_id))}


def _view(ctx: Context, snapshot: GroupSnapshot) -> dict[str, Any]:
    view = {
        "id": snapshot.id,
        "group_id": snapshot.group_id,
        "group_type_id": snapshot.group_type_id,
        "status": snapshot.status,
        "created_at": format_time(snapshot.created_at),
        "name": snapshot.name,
        "description": snapshot.description,
    }
    return view | ({"project_id": snapshot.project_id} if ctx.minor >= PROJECT and ctx.caller.is_admin else {})


def create(ctx: Context, project: str) -> Response:
    """POST /v3/{project}/group_snapshots: create a snapshot of each volume of a group. 400, 403, 404, 413."""
    require_writer(ctx, RULE + "create_group_snapshot")
    body = ctx.body["group_snapshot"]
    group = get_group(ctx, body["group_id"])
    group_snapshot = GroupSnapshot(
        id=ctx.world.ids.uuid(),
        project_id=ctx.caller.project_id,
        user_id=ctx.caller.user_id,
        name=body.get("name"),
        description=body.get("description"),
        group_id=group.id,
        group_type_id=group.group_type_id,
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
    )
    for volume in list_members(ctx, group):
        _create_member(ctx, group_snapshot, volume)
    ctx.world.tx.put(group_snapshot)
    names = ("id", "name", "group_type_id")
    return Response(202, {"group_snapshot": {name: getattr(group_snapshot, name) for name in names}})


def _create_member(ctx: Context, group_snapshot: GroupSnapshot, volume: Volume) -> None:
    """Create the snapshot of one volume of the group. 400, 413."""
    if volume.status == "maintenance":
        problem = "The snapshot cannot be created when the volume is in maintenance mode."
    elif is_migrating(volume):
        problem = "Snapshot cannot be created while volume is migrating."
    elif volume.status == "error":
        problem = "The snapshot cannot be created when the volume is in error status."
    else:
        build_snapshot(
            ctx,
            volume,
            name=group_snapshot.name or "",
            description=group_snapshot.description,
            group_snapshot_id=group_snapshot.id,
        )
        return
    raise BadRequest(reason=f"Invalid volume: {problem}")


def delete(ctx: Context, project: str, group_snapshot_id: str) -> Response:
    """DELETE /v3/{project}/group_snapshots/{id}: delete a group snapshot and its snapshots. 400, 403, 404."""
    require_writer(ctx, RULE + "delete_group_snapshot")
    group_snapshot = get_group_snapshot(ctx, group_snapshot_id)
    if group_snapshot.status not in ("available", "error"):
        raise BadRequest(
            reason="Invalid GroupSnapshot: GroupSnapshot status must be available or error, and no Group can be "
            "currently using it as source for its creation."
        )
    for snapshot in ctx.world.tx.query(VolumeSnapshot, {"group_snapshot_id": group_snapshot_id}):
        ctx.world.tx.delete(snapshot)
    ctx.world.tx.delete(group_snapshot)
    return Response(202)


def act(ctx: Context, project: str, group_snapshot_id: str) -> Response:
    """POST /v3/{project}/group_snapshots/{id}/action: reset the status. 400, 403, 404."""
    key, arguments = read_action(ctx)
    if key != "reset_status":
        raise refuse_action(key)
    snapshot = get_group_snapshot(ctx, group_snapshot_id)
    require_admin(ctx, "Policy doesn't allow group:reset_group_snapshot_status to be performed.")
    snapshot.status = read_status(arguments, STATUSES, "Invalid GroupSnapshot Status: Group snapshot status")
    save(ctx, snapshot)
    return Response(202)

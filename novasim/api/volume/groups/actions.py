"""
The actions on groups of volumes.

Source: cinder/api/v3/groups.py; cinder/group/api.py, delete and _check_type; cinder/volume/manager.py,
create_group_from_src.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.groups.groups import build_group, list_members
from novasim.api.volume.groups.types import find_type
from novasim.api.volume.lookup import (
    get_group,
    get_group_snapshot,
    read_action,
    refuse_action,
    require_writer,
    save,
)
from novasim.errors import BadRequest, NotFound, NotSimulated
from novasim.records import GroupSnapshot, Volume, VolumeGroup, VolumeSnapshot
from novasim.simulation.volume_creation import Source, create_volume_from
from novasim.simulation.volumes import remove_volume
from novasim.strutils import bool_from_string

STATUSES = ("error", "available", "creating", "deleting", "deleted", "updating", "in-use", "error_deleting")
REPLICATION_ACTIONS = (
    "enable_replication",
    "disable_replication",
    "failover_replication",
    "list_replication_targets",
)
REPLICATION_SPECS = ("group_replication_enabled", "consistent_group_replication_enabled")

Action = Callable[[Context, VolumeGroup, dict[str, Any]], Response]


def act(ctx: Context, project: str, group_id: str) -> Response:
    """POST /v3/{project}/groups/{id}/action: run one action. 400, 403, 404, 501."""
    key, arguments = read_action(ctx)
    if key not in ACTIONS:
        raise refuse_action(key)
    since, action = ACTIONS[key]
    if ctx.minor < since:
        raise NotFound(reason="The resource could not be found.")
    return action(ctx, get_group(ctx, group_id), arguments)


def _delete(ctx: Context, group: VolumeGroup, arguments: dict[str, Any]) -> Response:
    require_writer(ctx, "group:delete")
    volumes, with_volumes = list_members(ctx, group), bool_from_string(arguments.get("delete-volumes"))
    if reason := _find_obstacle(ctx, group, volumes, with_volumes):
        raise BadRequest(reason=f"Invalid Group: {reason}")
    for volume in volumes:
        remove_volume(ctx.world, volume)
    ctx.world.tx.delete(group)
    return Response(202)


def _find_obstacle(ctx: Context, group: VolumeGroup, volumes: list[Volume], with_volumes: bool) -> str:
    """Why a group cannot be deleted; "" if it can. Deletion with its volumes ignores its status."""
    if not with_volumes and group.status not in ("available", "error"):
        return f"Group status must be available or error, but current status is: {group.status}"
    if any(snapshot.group_id == group.id for snapshot in ctx.world.tx.query(GroupSnapshot)):
        return "Group has existing snapshots."
    if volumes and not with_volumes:
        return f"Group {group.id} still contains volumes. The delete-volumes flag is required to delete it."
    for volume in volumes:
        if volume.attachments:
            return f"Volume in group {group.id} is attached. Need to detach first."
        if ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id}):
            return "Volume in group still has dependent snapshots."
    return ""


def _reset_status(ctx: Context, group: VolumeGroup, arguments: dict[str, Any]) -> Response:
    require_admin(ctx, "Policy doesn't allow group:reset_status to be performed.")
    group.status = read_status(arguments, STATUSES, "Invalid Group Status: Group status")
    save(ctx, group)
    return Response(202)


def read_status(arguments: dict[str, Any], statuses: tuple[str, ...], words: str) -> str:
    """
    Return the status that an administrator sets.

    Raises:
        BadRequest: the status is invalid (400).
    """
    status = str(arguments.get("status") or "").lower()
    if status not in statuses:
        raise BadRequest(reason=f"{words}: {status} is invalid, valid status are: {statuses}.")
    return status


def _replicate(ctx: Context, group: VolumeGroup, arguments: dict[str, Any]) -> Response:
    require_writer(ctx, "group:enable_replication")
    specs = find_type(ctx, group.group_type_id).group_specs
    if not any(specs.get(name) == "<is> True" for name in REPLICATION_SPECS):
        raise BadRequest(reason=f"Invalid group type: Group {group.id} is not a replication group type.")
    raise NotSimulated(reason="The replication of groups is not simulated.")


def create_from_source(ctx: Context, project: str) -> Response:
    """POST /v3/{project}/groups/action: copy a group or a group snapshot as a new group. 400, 403, 404, 413."""
    key, arguments = read_action(ctx)
    if key != "create-from-src":
        raise refuse_action(key)
    require_writer(ctx, "group:create")
    snapshot_id, source_id = arguments.get("group_snapshot_id"), arguments.get("source_group_id")
    sources, source_group = _find_sources(ctx, snapshot_id, source_id)
    if not sources:
        kind = "Group snapshot" if snapshot_id else "Source Group"
        raise BadRequest(reason=f"Invalid Group: {kind} is empty. No group will be created.")
    group = build_group(
        ctx,
        arguments,
        availability_zone=source_group.availability_zone,
        group_type_id=source_group.group_type_id,
        volume_type_ids=source_group.volume_type_ids,
        group_snapshot_id=snapshot_id,
        source_group_id=source_id,
    )
    for source in sources:
        _copy_volume(ctx, group, source)
    return Response(202, {"group": {"id": group.id, "name": group.name}})


def _find_sources(ctx: Context, snapshot_id: str | None, source_id: str | None) -> tuple[list[Source], VolumeGroup]:
    """The sources of the volumes of a new group, and the group that they come from."""
    if bool(snapshot_id) == bool(source_id):
        raise BadRequest(reason="Either group_snapshot_id or source_group_id must be provided, and not both.")
    if not snapshot_id:
        source_group = get_group(ctx, str(source_id))
        return [Source(volume=volume) for volume in list_members(ctx, source_group)], source_group
    group_snapshot = get_group_snapshot(ctx, snapshot_id)
    snapshots = ctx.world.tx.query(VolumeSnapshot, {"group_snapshot_id": snapshot_id})
    return [Source(snapshot=each) for each in snapshots], get_group(ctx, group_snapshot.group_id)


def _copy_volume(ctx: Context, group: VolumeGroup, source: Source) -> None:
    """Create a volume of a new group. Group and volume have the status error if the source is not available."""
    origin = source.snapshot or source.volume
    volume = create_volume_from(ctx.world, source, ctx.caller.project_id, ctx.caller.user_id, is_scheduled=False)
    volume.availability_zone, volume.group_id = group.availability_zone, group.id
    if origin is not None and origin.status != "available":
        volume.status = group.status = "error"
        ctx.world.tx.put(group)
    ctx.world.tx.put(volume)


ACTIONS: dict[str, tuple[int, Action]] = {  # first microversion 3.N
    "delete": (13, _delete),
    "reset_status": (20, _reset_status),
    **dict.fromkeys(REPLICATION_ACTIONS, (38, _replicate)),
}

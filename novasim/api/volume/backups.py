"""
/v3/{project}/backups: backups of volumes and snapshots. A new backup is available at once, a restored volume, too.

Source: cinder/api/contrib/backups.py and api/v3/backups.py; cinder/backup/api.py and manager.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.collections import collection_view
from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import (
    count_view,
    get_backup,
    get_snapshot,
    get_volume,
    list_visible,
    read_action,
    refuse_action,
    require_writer,
    save,
)
from novasim.api.volume.paging import list_page
from novasim.api.volume.views import format_time, links
from novasim.errors import BadRequest, NotFound
from novasim.records import Volume, VolumeBackup, VolumeSnapshot
from novasim.simulation.hosts.volume_services import BACKUP, is_enabled
from novasim.simulation.volume_creation import Source, create_volume_from
from novasim.simulation.volume_quotas import check_quota
from novasim.strutils import bool_from_string

Parents = frozenset["str | None"]
PROJECT, METADATA, USER, KEY = 18, 43, 56, 64  # microversions 3.N
STATUSES = ("available", "error")
NO_SERVICE = "Service not found for creating backup."
CONTAINER = "volumebackups"  # of a backup that names no container
RULE = "backup:"


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/backups: ids and names of the visible backups. 400, 404."""
    return _list(ctx, _summary)


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/backups/detail: the visible backups with all attributes. 400, 404."""
    return _list(ctx, _view)


def _list(ctx: Context, view: Callable[[Context, VolumeBackup, Parents], dict[str, Any]]) -> dict[str, Any]:
    backups = {backup.id: backup for backup in reversed(list_visible(ctx, VolumeBackup))}
    parents = _list_parents(ctx)
    views = [_view(ctx, backup, parents) for backup in backups.values()]
    page = list_page(ctx, "Backup", views)
    return collection_view(ctx, "backups", [view(ctx, backups[each["id"]], parents) for each in page]) | count_view(
        ctx, views
    )


def _list_parents(ctx: Context) -> Parents:
    """The IDs of the backups that have incremental ones."""
    return frozenset(backup.parent_id for backup in ctx.world.tx.query(VolumeBackup))


def _summary(ctx: Context, backup: VolumeBackup, parents: Parents = frozenset()) -> dict[str, Any]:
    return {"id": backup.id, "name": backup.name, "links": links(ctx, "backups", backup.id)}


def _view(ctx: Context, backup: VolumeBackup, parents: Parents) -> dict[str, Any]:
    names = ("status", "size", "availability_zone", "container", "description", "volume_id", "snapshot_id")
    view = _summary(ctx, backup) | {name: getattr(backup, name) for name in names}
    times = ("created_at", "updated_at", "data_timestamp")
    view |= {name: format_time(getattr(backup, name)) for name in times}
    view |= {"object_count": 0, "fail_reason": backup.fail_reason, "is_incremental": backup.parent_id is not None}
    view["has_dependent_backups"] = backup.id in parents
    if ctx.minor >= METADATA:
        view["metadata"] = backup.metadata
    if ctx.minor >= KEY and backup.encryption_key_id:
        view["encryption_key_id"] = backup.encryption_key_id
    if ctx.caller.is_admin and ctx.minor >= PROJECT:
        view["os-backup-project-attr:project_id"] = backup.project_id
    if ctx.caller.is_admin and ctx.minor >= USER:
        view["user_id"] = backup.user_id
    return view


def show(ctx: Context, project: str, backup_id: str) -> dict[str, Any]:
    """GET /v3/{project}/backups/{id}: one backup. 404."""
    return {"backup": _view(ctx, get_backup(ctx, backup_id), _list_parents(ctx))}


def create(ctx: Context, project: str) -> Response:
    """POST /v3/{project}/backups: back up a volume, or its snapshot; one in use needs `force`. 400, 403, 404, 413."""
    require_writer(ctx, RULE + "create")
    body = ctx.body["backup"]
    volume = get_volume(ctx, body["volume_id"])
    snapshot = get_snapshot(ctx, body["snapshot_id"]) if body.get("snapshot_id") else None
    _check_source(volume, snapshot, bool_from_string(body.get("force")))
    check_quota(ctx.world, ctx.caller.project_id, backups=1, backup_gigabytes=volume.size)
    data_timestamp = snapshot.created_at if snapshot else ctx.world.time
    parent = _find_parent(ctx, volume, data_timestamp) if bool_from_string(body.get("incremental")) else None
    backup = VolumeBackup(
        id=ctx.world.ids.uuid(),
        project_id=ctx.caller.project_id,
        user_id=ctx.caller.user_id,
        name=body.get("name"),
        description=body.get("description"),
        size=volume.size,
        volume_id=volume.id,
        snapshot_id=snapshot.id if snapshot else None,
        parent_id=parent.id if parent else None,
        container=body.get("container") or CONTAINER,
        availability_zone=body.get("availability_zone") or VolumeBackup.availability_zone,
        metadata=dict(body.get("metadata") or {}),
        bootable=volume.bootable,
        image_metadata=dict(volume.image_metadata),
        encryption_key_id=volume.encryption_key_id,
        data_timestamp=data_timestamp,
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
    )
    if not is_enabled(ctx.world, BACKUP):
        backup.status, backup.fail_reason = "error", NO_SERVICE
    ctx.world.tx.put(backup)
    return Response(202, {"backup": _summary(ctx, backup)})


def _check_source(volume: Volume, snapshot: VolumeSnapshot | None, forced: bool) -> None:
    """Raises BadRequest (400): a volume or snapshot cannot be backed up now."""
    if snapshot and snapshot.volume_id != volume.id:
        reason = f"Invalid volume: Volume {volume.id} does not match with snapshot.volume_id {snapshot.volume_id}."
    elif snapshot and snapshot.status != "available":
        reason = (
            "Invalid snapshot: Snapshot to be backed up must be available, but the current status is "
            f'"{snapshot.status}".'
        )
    elif not snapshot and volume.status not in ("available", "in-use"):
        reason = (
            "Invalid volume: Volume to be backed up must be available or in-use, but the current status is "
            f'"{volume.status}".'
        )
    elif not snapshot and volume.status == "in-use" and not forced:
        reason = "Invalid volume: Backing up an in-use volume must use the force flag."
    else:
        return
    raise BadRequest(reason=reason)


def _find_parent(ctx: Context, volume: Volume, data_timestamp: str) -> VolumeBackup:
    """The backup of the volume with the newest data before a time. 400."""
    backups = [
        backup
        for backup in ctx.world.tx.query(VolumeBackup, {"project_id": ctx.caller.project_id})
        if backup.volume_id == volume.id and backup.status == "available" and backup.data_timestamp <= data_timestamp
    ]
    if not backups:
        raise BadRequest(reason="Invalid backup: No backups available to do an incremental backup.")
    return max(backups, key=lambda backup: backup.data_timestamp)


def update(ctx: Context, project: str, backup_id: str) -> dict[str, Any]:
    """PUT /v3/{project}/backups/{id}: change name, description and, from 3.43 on, metadata. 400, 403, 404."""
    require_writer(ctx, RULE + "update")
    backup, body = get_backup(ctx, backup_id), ctx.body["backup"] or {}
    backup.name, backup.description = body.get("name", backup.name), body.get("description", backup.description)
    if "metadata" in body and ctx.minor >= METADATA:
        backup.metadata = dict(body["metadata"] or {})
    save(ctx, backup)
    return {"backup": _summary(ctx, backup)}


def _check_service(ctx: Context) -> None:
    """Raises NotFound (404): the service that would do it is disabled."""
    if not is_enabled(ctx.world, BACKUP):
        raise NotFound(reason=f"Service {BACKUP} could not be found.")


def restore(ctx: Context, project: str, backup_id: str) -> Response:
    """POST /v3/{project}/backups/{id}/restore: write a backup to a volume, or to a new one. 400, 403, 404, 413."""
    require_writer(ctx, RULE + "restore")
    backup, body = get_backup(ctx, backup_id), ctx.body["restore"] or {}
    if backup.status != "available":
        raise BadRequest(reason="Invalid backup: Backup status must be available")
    volume = get_volume(ctx, body["volume_id"]) if body.get("volume_id") else _create_volume(ctx, backup, body)
    if volume.status != "available":
        raise BadRequest(reason="Invalid volume: Volume to be restored to must be available")
    if backup.size > volume.size:
        raise BadRequest(
            reason=f"Invalid volume: volume size {volume.size} is too small to restore backup of size {backup.size}."
        )
    _check_service(ctx)
    volume.bootable, volume.image_metadata = backup.bootable, dict(backup.image_metadata)
    if volume.id != backup.volume_id:
        volume.metadata["src_backup_id"] = backup.id
    save(ctx, volume)
    answer = {"backup_id": backup.id, "volume_id": volume.id, "volume_name": volume.name}
    return Response(202, {"restore": answer})


def _create_volume(ctx: Context, backup: VolumeBackup, body: dict[str, Any]) -> Volume:
    source = Source(backup=backup)
    volume = create_volume_from(ctx.world, source, ctx.caller.project_id, ctx.caller.user_id)
    name = body.get("name")
    volume.name = f"restore_backup_{backup.id}" if name is None else name
    volume.description = "auto-created_from_restore_from_backup"
    return volume


def delete(ctx: Context, project: str, backup_id: str) -> Response:
    """DELETE /v3/{project}/backups/{id}: delete a backup without increments. 400, 403, 404."""
    require_writer(ctx, RULE + "delete")
    backup = get_backup(ctx, backup_id)
    if backup.status not in STATUSES:
        raise BadRequest(reason="Invalid backup: Backup status must be available or error")
    _delete(ctx, backup)
    return Response(202)


def _delete(ctx: Context, backup: VolumeBackup) -> None:
    if backup.id in _list_parents(ctx):
        raise BadRequest(reason="Invalid backup: Incremental backups exist for this backup.")
    _check_service(ctx)
    ctx.world.tx.delete(backup)


def act(ctx: Context, project: str, backup_id: str) -> Response:
    """POST /v3/{project}/backups/{id}/action: reset the status, or delete with any status. 400, 403, 404."""
    key, arguments = read_action(ctx)
    if key not in ("os-reset_status", "os-force_delete"):
        raise refuse_action(key)
    backup = get_backup(ctx, backup_id)
    rule = key.removeprefix("os-")
    require_admin(ctx, f"Policy doesn't allow volume_extension:backup_admin_actions:{rule} to be performed.")
    if key == "os-force_delete":
        _delete(ctx, backup)
        return Response(202)
    status = str(arguments.get("status") or "").lower()
    if status not in STATUSES:
        raise BadRequest(reason=f"Invalid backup: Backup status: {status} is invalid, valid statuses are: {STATUSES}.")
    _check_service(ctx)
    backup.status = status
    save(ctx, backup)
    return Response(202)

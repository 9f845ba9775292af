"""The actions on a volume, of users, administrators and Nova."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume import connections, migrations, retype
from novasim.api.volume.lookup import (
    get_volume,
    read_action,
    refuse_action,
    require_status,
    require_writer,
    save,
    save_and_respond,
)
from novasim.api.volume.views import format_time
from novasim.api.volume.volumes import delete_volume
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Image, Server, Volume, VolumeSnapshot
from novasim.simulation.hosts.volume_services import VOLUME, is_enabled
from novasim.simulation.instance_actions import record_external_event
from novasim.simulation.volume_creation import (
    check_image,
    describe_image,
)
from novasim.simulation.volume_quotas import check_quota
from novasim.strutils import bool_from_string

REVERT, EXTEND_IN_USE, REIMAGE = 40, 42, 68  # microversions 3.N
STATUSES = (
    *("creating", "available", "deleting", "error", "error_deleting", "error_managing", "managing", "attaching"),
    *("in-use", "detaching", "maintenance", "restoring-backup", "error_restoring", "reserved", "awaiting-transfer"),
    *("backing-up", "error_backing-up", "error_extending", "downloading", "uploading", "retyping", "extending"),
)

MIGRATION_STATUSES = ("migrating", "error", "success", "completing", "none", "starting")

Action = Callable[[Context, Volume, dict[str, Any]], Response]


def act(ctx: Context, project: str, volume_id: str) -> Response:
    """POST /v3/{project}/volumes/{id}/action: run one action. 400, 403, 404, 501."""
    require_writer(ctx, "volume_extension:volume_actions")
    volume = get_volume(ctx, volume_id)
    key, arguments = read_action(ctx)
    if key not in ACTIONS:
        raise refuse_action(key, NOT_SIMULATED)
    return ACTIONS[key](ctx, volume, arguments)


def _extend(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """Extend a volume. From 3.42 on it may be in use, and the compute service receives an event."""
    size = _parse_size(arguments.get("new_size"))
    _check_extension(ctx, volume, size)
    check_quota(ctx.world, volume.project_id, volume.volume_type, gigabytes=size - volume.size)
    if not is_enabled(ctx.world, VOLUME):  # Source: cinder/scheduler/manager.py, extend_volume
        return save_and_respond(ctx, volume)
    volume.size = size
    for attachment in volume.attachments:
        if server := ctx.world.tx.get(Server, attachment["server_id"]):
            record_external_event(ctx.world, "extend_volume", "compute_extend_volume", server, ctx.caller)
    return save_and_respond(ctx, volume)


def _check_extension(ctx: Context, volume: Volume, size: int) -> None:
    if size <= volume.size:
        raise BadRequest(
            reason=f"Invalid input received: New size for extend must be greater than current size. "
            f"(current: {volume.size}, extended: {size})."
        )
    expected = "in-use" if ctx.minor >= EXTEND_IN_USE and volume.status == "in-use" else "available"
    if volume.status != expected:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be '{ {'status': expected} }' to extend, "
            f"currently {volume.status}."
        )


def _parse_size(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise BadRequest(reason=f"Invalid input received: {value!r} is not a whole number of GiB.") from None


def _read_boolean(arguments: dict[str, Any], name: str) -> bool:
    try:
        return bool_from_string(arguments.get(name), strict=True)
    except ValueError:
        raise BadRequest(reason=f"Invalid input for field/attribute {name}.") from None


def _set_bootable(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    volume.bootable = _read_boolean(arguments, "bootable")
    return save_and_respond(ctx, volume, 200)


def _update_read_only(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    if volume.status != "available":
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be available to update readonly flag, but current "
            f"status is: {volume.status}."
        )
    volume.read_only = _read_boolean(arguments, "readonly")
    volume.metadata = {**volume.metadata, "readonly": str(volume.read_only)}
    return save_and_respond(ctx, volume)


def _reset_status(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    require_admin(ctx, "Policy doesn't allow volume_extension:volume_admin_actions:reset_status to be performed.")
    status = str(arguments.get("status") or volume.status).lower()
    if status not in STATUSES:
        raise BadRequest(reason=f"Volume status: {status} is invalid, valid statuses are: {STATUSES}.")
    if arguments.get("status") and status == "deleting":
        raise BadRequest(reason=f"Cannot reset-state to {status}")
    if arguments.get("status") and status == "in-use" and not (volume.attachments or volume.reserved):
        raise BadRequest(reason="Cannot reset-state to in-use because volume does not have any attachments.")
    migration_status = _read_migration_status(volume, arguments)
    volume.status, volume.migration_status = status, migration_status
    if arguments.get("attach_status") == "detached":
        volume.attachments, volume.reserved = [], []
    return save_and_respond(ctx, volume)


def _read_migration_status(volume: Volume, arguments: dict[str, Any]) -> str | None:
    if not arguments.get("migration_status"):
        return volume.migration_status
    status = str(arguments["migration_status"]).lower()
    if status not in MIGRATION_STATUSES:
        raise BadRequest(
            reason=f"Volume migration status: {status} is invalid, valid statuses are: {MIGRATION_STATUSES}."
        )
    return None if status == "none" else status


def _force_delete(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    require_admin(ctx, "Policy doesn't allow volume_extension:volume_admin_actions:force_delete to be performed.")
    delete_volume(ctx, volume, cascade=False, forced=True)
    return Response(202)


def _revert_to_snapshot(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """Revert an available volume to its newest snapshot, from 3.40 on. Source: Cinder, api/v3/volumes.py, revert."""
    if ctx.minor < REVERT:
        raise NotFound(reason="The resource could not be found.")
    snapshots, id = ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id}), arguments.get("snapshot_id")
    if not snapshots:
        raise BadRequest(reason=f"Volume {volume.id} doesn't have any snapshots.")
    if snapshots[-1].id != id:
        raise BadRequest(reason=f"Specified snapshot {id} is None or not the latest one of volume {volume.id}.")
    if snapshots[-1].size != volume.size:
        raise BadRequest(
            reason=f"Can't revert volume {volume.id} to its latest snapshot {id}. The volume size must be equal to the "
            "snapshot size."
        )
    if volume.status != "available":
        raise Conflict(
            reason=f"Invalid volume: Can't revert volume {volume.id} to its latest snapshot {id}. Volume's status must "
            "be 'available'."
        )
    return save_and_respond(ctx, volume)


def _set_image_metadata(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    metadata = arguments.get("metadata")
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise BadRequest(reason="Invalid input for field/attribute metadata. It must be an object of texts.")
    volume.image_metadata = {**volume.image_metadata, **metadata}
    save(ctx, volume)
    return Response(200, {"metadata": volume.image_metadata})


def _unset_image_metadata(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    if arguments.get("key") not in volume.image_metadata:
        raise NotFound(reason="Metadata item was not found.")
    volume.image_metadata.pop(arguments["key"])
    return save_and_respond(ctx, volume, 200)


def _show_image_metadata(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    return Response(200, {"metadata": volume.image_metadata})


def _upload_image(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """Create an image from a volume; it is active at once."""
    if not isinstance(arguments.get("image_name"), str):
        raise BadRequest(reason="Invalid input for field/attribute image_name. None is not of type 'string'")
    if volume.status != "available" and not bool_from_string(arguments.get("force")):
        require_status(volume, "available")
    image = _build_image(ctx, volume, arguments)
    ctx.world.tx.put(image)
    return Response(202, {"os-volume_upload_image": _describe_upload(volume, image)})


def _build_image(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Image:
    return Image(
        id=ctx.world.ids.uuid(),
        name=arguments["image_name"],
        visibility="private",
        size=volume.size * 1024**3,
        min_disk=volume.size,
        owner=volume.project_id,
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        checksum=ctx.world.ids.uuid().replace("-", ""),
        disk_format=str(arguments.get("disk_format") or "raw"),
        container_format=str(arguments.get("container_format") or "bare"),
    )


def _describe_upload(volume: Volume, image: Image) -> dict[str, Any]:
    return {
        "status": "uploading",
        "image_id": image.id,
        "image_name": image.name,
        "id": volume.id,
        "size": volume.size,
        "updated_at": format_time(volume.updated_at),
        "volume_type": None,
        "display_description": volume.description,
        "disk_format": image.disk_format,
        "container_format": image.container_format,
    }


def _reimage(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """Write an image to a volume, from 3.68 on. Source: Cinder, volume/api.py, reimage."""
    if ctx.minor < REIMAGE:
        raise NotFound(reason="The resource could not be found.")
    image = find_image(ctx, str(arguments.get("image_id") or ""))
    if len(volume.attachments) + len(volume.reserved) > 1:
        raise Conflict(reason="Cannot re-image a volume which is attached to more than one server.")
    may_be_reserved = bool_from_string(arguments.get("reimage_reserved"))
    expected = ("available", "error", "reserved") if may_be_reserved else ("available", "error")
    if volume.status not in expected:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be {' or '.join(expected)}, but current status is "
            f"{volume.status}."
        )
    if image is None:
        raise NotFound(reason=f"Image {arguments.get('image_id')} could not be found.")
    check_image(image, volume.size)
    volume.image_metadata, volume.bootable = describe_image(image), True
    return save_and_respond(ctx, volume)


NOT_SIMULATED = ("os-unmanage", "os-extend_volume_completion")
ACTIONS: dict[str, Action] = {
    "os-extend": _extend,
    "os-set_bootable": _set_bootable,
    "os-update_readonly_flag": _update_read_only,
    "os-reset_status": _reset_status,
    "os-retype": retype.retype,
    "os-migrate_volume": migrations.migrate,
    "os-migrate_volume_completion": migrations.complete,
    "os-reserve": connections.reserve,
    "os-unreserve": connections.unreserve,
    "os-begin_detaching": connections.begin_detaching,
    "os-roll_detaching": connections.roll_detaching,
    "os-attach": connections.attach,
    "os-detach": connections.detach,
    "os-force_detach": connections.force_detach,
    "os-force_delete": _force_delete,
    "os-initialize_connection": connections.initialize_connection,
    "os-terminate_connection": connections.terminate_connection,
    "os-reimage": _reimage,
    "revert": _revert_to_snapshot,
    "os-set_image_metadata": _set_image_metadata,
    "os-unset_image_metadata": _unset_image_metadata,
    "os-show_image_metadata": _show_image_metadata,
    "os-volume_upload_image": _upload_image,
}

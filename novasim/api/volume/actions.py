"""The actions on a volume, of users, administrators and Nova."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import get_volume, read_action, require_writer, save
from novasim.api.volume.types import find_type_name
from novasim.api.volume.volumes import delete_volume
from novasim.errors import BadRequest, NotFound, NotSimulated
from novasim.records import Image, Volume, VolumeSnapshot
from novasim.simulation.volume_quotas import check_quota
from novasim.strutils import bool_from_string

Action = Callable[[Context, Volume, dict[str, Any]], Response]


def act(ctx: Context, project: str, volume_id: str) -> Response:
    """POST /v3/{project}/volumes/{id}/action: run one action. 400, 403, 404, 501."""
    require_writer(ctx, "volume_extension:volume_actions")
    volume = get_volume(ctx, volume_id)
    key, arguments = read_action(ctx)
    if key not in ACTIONS:
        raise NotSimulated(
            reason=f"The volume action {key} is not simulated. The simulated actions are: {', '.join(ACTIONS)}."
        )
    return ACTIONS[key](ctx, volume, arguments)


def _extend(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    size = _parse_size(arguments.get("new_size"))
    if size <= volume.size:
        raise BadRequest(
            reason=f"Invalid input received: New size for extend must be greater than current size. "
            f"(current: {volume.size}, extended: {size})."
        )
    _require_status(volume, "available", "in-use")
    check_quota(ctx.world, volume.project_id, gigabytes=size - volume.size)
    volume.size = size
    return _save_and_respond(ctx, volume)


def _parse_size(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise BadRequest(reason=f"Invalid input received: {value!r} is not a whole number of GiB.") from None


def _require_status(volume: Volume, *expected: str) -> None:
    if volume.status not in expected:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be {' or '.join(expected)}, but current status is: "
            f"{volume.status}."
        )


def _save_and_respond(ctx: Context, volume: Volume, code: int = 202) -> Response:
    save(ctx, volume)
    return Response(code)


def _read_boolean(arguments: dict[str, Any], name: str) -> bool:
    try:
        return bool_from_string(arguments.get(name), strict=True)
    except ValueError:
        raise BadRequest(reason=f"Invalid input for field/attribute {name}.") from None


def _set_bootable(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    volume.bootable = _read_boolean(arguments, "bootable")
    return _save_and_respond(ctx, volume, 200)


def _update_read_only(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    volume.read_only = _read_boolean(arguments, "readonly")
    volume.metadata = {**volume.metadata, "readonly": str(volume.read_only)}
    return _save_and_respond(ctx, volume)


def _reset_status(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    require_admin(ctx, "Policy doesn't allow volume_extension:volume_admin_actions:reset_status to be performed.")
    statuses = (
        "creating",
        "available",
        "deleting",
        "error",
        "error_deleting",
        "error_managing",
        "attaching",
        "detaching",
        "in-use",
        "maintenance",
        "reserved",
        "error_extending",
    )
    status = str(arguments.get("status") or volume.status).lower()
    if status not in statuses:
        raise BadRequest(reason=f"Must specify a valid status: {', '.join(statuses)}.")
    volume.status = status
    if arguments.get("attach_status") == "detached":
        volume.attachments, volume.reserved = [], []
    return _save_and_respond(ctx, volume)


def _retype(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    if not arguments.get("new_type"):
        raise BadRequest(reason="New volume type not specified.")
    new_type = find_type_name(ctx, arguments["new_type"])
    if volume.status not in ("available", "in-use"):
        raise BadRequest(
            reason="Invalid volume: Retype needs volume to be in available or in-use state, not be part of an active "
            "migration or a consistency group, requested type has to be different that the one from the volume, and "
            "for in-use volumes front-end qos specs cannot change."
        )
    volume.volume_type = new_type
    return _save_and_respond(ctx, volume)


def _reserve(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    if not (volume.multiattach and volume.status == "in-use"):
        _require_status(volume, "available")
    volume.status = "attaching"
    return _save_and_respond(ctx, volume)


def _unreserve(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """End a reservation, an attachment or a detachment that has not been completed."""
    if volume.status in ("attaching", "detaching", "reserved"):
        volume.status = "in-use" if volume.attachments else "available"
    return _save_and_respond(ctx, volume)


def _begin_detaching(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    _require_status(volume, "in-use")
    volume.status = "detaching"
    return _save_and_respond(ctx, volume)


def _attach(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """Record an attachment in the volume only; Nova does this for its own attachments."""
    _require_status(volume, "available", "attaching")
    if not arguments.get("instance_uuid"):
        raise BadRequest(reason="Invalid request to attach volume to an invalid target")
    volume.status = "in-use"
    volume.attachments.append(
        {
            "server_id": str(arguments["instance_uuid"]),
            "attachment_id": ctx.world.ids.uuid(),
            "device": str(arguments.get("mountpoint") or ""),
            "attached_at": ctx.world.time,
        }
    )
    return _save_and_respond(ctx, volume)


def _detach(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    id = arguments.get("attachment_id")
    volume.attachments = [each for each in volume.attachments if id and each["attachment_id"] != id]
    volume.status = "in-use" if volume.attachments else "available"
    return _save_and_respond(ctx, volume)


def _force_detach(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    require_admin(ctx, "Policy doesn't allow volume_extension:volume_admin_actions:force_detach to be performed.")
    return _detach(ctx, volume, arguments)


def _force_delete(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    require_admin(ctx, "Policy doesn't allow volume_extension:volume_admin_actions:force_delete to be performed.")
    delete_volume(ctx, volume, cascade=False, forced=True)
    return Response(202)


def _initialize_connection(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    return Response(200, {"connection_info": connection_info(volume)})


def connection_info(volume: Volume) -> dict[str, Any]:
    """The connection of a host to the volume; its type exists only in the simulation."""
    return {"driver_volume_type": "simulated", "data": {"volume_id": volume.id, "access_mode": "rw"}}


def _revert_to_snapshot(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    _require_status(volume, "available")
    snapshots = ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id})
    if not snapshots or snapshots[-1].id != arguments.get("snapshot_id"):
        raise BadRequest(reason="Invalid input received: the snapshot is not the newest one of the volume.")
    volume.size = snapshots[-1].size
    return _save_and_respond(ctx, volume)


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
    return _save_and_respond(ctx, volume, 200)


def _show_image_metadata(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    return Response(200, {"metadata": volume.image_metadata})


def _upload_image(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """Create an image from a volume; it is active at once."""
    if not isinstance(arguments.get("image_name"), str):
        raise BadRequest(reason="Invalid input for field/attribute image_name. None is not of type 'string'")
    if volume.status != "available" and not bool_from_string(arguments.get("force")):
        _require_status(volume, "available")
    formats: dict[str, Any] = {
        "disk_format": str(arguments.get("disk_format") or "raw"),
        "container_format": str(arguments.get("container_format") or "bare"),
    }
    image = Image(
        id=ctx.world.ids.uuid(),
        name=arguments["image_name"],
        visibility="private",
        size=volume.size * 1024**3,
        min_disk=volume.size,
        owner=volume.project_id,
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        checksum=ctx.world.ids.uuid().replace("-", ""),
        **formats,
    )
    ctx.world.tx.put(image)
    about = {
        "status": "uploading",
        "image_id": image.id,
        "image_name": image.name,
        "id": volume.id,
        "size": volume.size,
        "updated_at": volume.updated_at,
        "volume_type": None,
        "display_description": volume.description,
        **formats,
    }
    return Response(202, {"os-volume_upload_image": about})


ACTIONS: dict[str, Action] = {
    "os-extend": _extend,
    "os-set_bootable": _set_bootable,
    "os-update_readonly_flag": _update_read_only,
    "os-reset_status": _reset_status,
    "os-retype": _retype,
    "os-reserve": _reserve,
    "os-unreserve": _unreserve,
    "os-begin_detaching": _begin_detaching,
    "os-roll_detaching": _unreserve,
    "os-attach": _attach,
    "os-detach": _detach,
    "os-force_detach": _force_detach,
    "os-force_delete": _force_delete,
    "os-initialize_connection": _initialize_connection,
    "os-terminate_connection": _unreserve,
    "revert": _revert_to_snapshot,
    "os-set_image_metadata": _set_image_metadata,
    "os-unset_image_metadata": _unset_image_metadata,
    "os-show_image_metadata": _show_image_metadata,
    "os-volume_upload_image": _upload_image,
}

"""POST /v3/{project}/volumes/{id}/action: what is done to a volume, by users, by administrators and by Nova."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import action_asked, get_volume, keep, writer
from novasim.api.volume.quotas import check_room
from novasim.api.volume.types import type_named
from novasim.api.volume.volumes import remove
from novasim.errors import BadRequest, NotFound, NotSimulated
from novasim.records import Image, Volume, VolumeSnapshot
from novasim.strutils import bool_from_string

Action = Callable[[Context, Volume, dict[str, Any]], Response]


def act(ctx: Context, project: str, volume_id: str) -> Response:
    """
    Do one action.

    Raises:
        NotSimulated: an action that has no meaning here, such as a migration between backends (501).
    """
    writer(ctx, "volume_extension:volume_actions")
    volume = get_volume(ctx, volume_id)
    key, given = action_asked(ctx)
    if key not in ACTIONS:
        raise NotSimulated(reason=f"The volume action {key} is not simulated; these are: {', '.join(ACTIONS)}.")
    return ACTIONS[key](ctx, volume, given)


def _extend(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    size = _whole(given.get("new_size"))
    if size <= volume.size:
        raise BadRequest(
            reason=f"Invalid input received: New size for extend must be greater than current size. "
            f"(current: {volume.size}, extended: {size})."
        )
    _need_status(volume, "available", "in-use")
    check_room(ctx.world, volume.project_id, gigabytes=size - volume.size)
    volume.size = size
    return _done(ctx, volume)


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise BadRequest(reason=f"Invalid input received: {value!r} is not a whole number of GiB.") from None


def _need_status(volume: Volume, *wanted: str) -> None:
    if volume.status not in wanted:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be {' or '.join(wanted)}, but current status is: "
            f"{volume.status}."
        )


def _done(ctx: Context, volume: Volume, code: int = 202) -> Response:
    keep(ctx, volume)
    return Response(code)


def _flag(given: dict[str, Any], name: str) -> bool:
    try:
        return bool_from_string(given.get(name), strict=True)
    except ValueError:
        raise BadRequest(reason=f"Invalid input for field/attribute {name}.") from None


def _set_bootable(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    volume.bootable = _flag(given, "bootable")
    return _done(ctx, volume, 200)


def _read_only(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    volume.read_only = _flag(given, "readonly")
    volume.metadata = {**volume.metadata, "readonly": str(volume.read_only)}
    return _done(ctx, volume)


def _reset_status(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
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
    status = str(given.get("status") or volume.status).lower()
    if status not in statuses:
        raise BadRequest(reason=f"Must specify a valid status: {', '.join(statuses)}.")
    volume.status = status
    if given.get("attach_status") == "detached":
        volume.attachments, volume.reserved = [], []
    return _done(ctx, volume)


def _retype(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    if not given.get("new_type"):
        raise BadRequest(reason="New volume type not specified.")
    volume.volume_type = type_named(ctx, given["new_type"])
    return _done(ctx, volume)


def _reserve(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    if not (volume.multiattach and volume.status == "in-use"):
        _need_status(volume, "available")
    volume.status = "attaching"
    return _done(ctx, volume)


def _back_to_rest(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    """What was begun is given up, or was ended by the client."""
    if volume.status in ("attaching", "detaching", "reserved"):
        volume.status = "in-use" if volume.attachments else "available"
    return _done(ctx, volume)


def _begin_detaching(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    _need_status(volume, "in-use")
    volume.status = "detaching"
    return _done(ctx, volume)


def _attach(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    """Only notes in the volume that a server has it; Nova tells this so of its own attachments."""
    _need_status(volume, "available", "attaching")
    if not given.get("instance_uuid"):
        raise BadRequest(reason="Invalid request to attach volume to an invalid target")
    volume.status = "in-use"
    volume.attachments.append(
        {
            "server_id": str(given["instance_uuid"]),
            "attachment_id": ctx.world.ids.uuid(),
            "device": str(given.get("mountpoint") or ""),
            "attached_at": ctx.world.time,
        }
    )
    return _done(ctx, volume)


def _detach(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    wanted = given.get("attachment_id")
    volume.attachments = [one for one in volume.attachments if wanted and one["attachment_id"] != wanted]
    volume.status = "in-use" if volume.attachments else "available"
    return _done(ctx, volume)


def _force_detach(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    require_admin(ctx, "Policy doesn't allow volume_extension:volume_admin_actions:force_detach to be performed.")
    return _detach(ctx, volume, given)


def _force_delete(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    require_admin(ctx, "Policy doesn't allow volume_extension:volume_admin_actions:force_delete to be performed.")
    remove(ctx, volume, cascade=False, forced=True)
    return Response(202)


def _connect(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    return Response(200, {"connection_info": connection_info(volume)})


def connection_info(volume: Volume) -> dict[str, Any]:
    """How a host would reach the volume: by a kind of connection that only the simulation has."""
    return {"driver_volume_type": "simulated", "data": {"volume_id": volume.id, "access_mode": "rw"}}


def _revert(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    _need_status(volume, "available")
    snapshots = ctx.world.tx.query(VolumeSnapshot, {"volume_id": volume.id})
    if not snapshots or snapshots[-1].id != given.get("snapshot_id"):
        raise BadRequest(reason="Invalid input received: the snapshot is not the newest one of the volume.")
    volume.size = snapshots[-1].size
    return _done(ctx, volume)


def _set_image_metadata(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    metadata = given.get("metadata")
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise BadRequest(reason="Invalid input for field/attribute metadata. It must be an object of texts.")
    volume.image_metadata = {**volume.image_metadata, **metadata}
    keep(ctx, volume)
    return Response(200, {"metadata": volume.image_metadata})


def _unset_image_metadata(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    if given.get("key") not in volume.image_metadata:
        raise NotFound(reason="Metadata item was not found.")
    volume.image_metadata.pop(given["key"])
    return _done(ctx, volume, 200)


def _show_image_metadata(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    return Response(200, {"metadata": volume.image_metadata})


def _upload_image(ctx: Context, volume: Volume, given: dict[str, Any]) -> Response:
    """A volume becomes an image, which is active at once."""
    if not isinstance(given.get("image_name"), str):
        raise BadRequest(reason="Invalid input for field/attribute image_name. None is not of type 'string'")
    if volume.status != "available" and not bool_from_string(given.get("force")):
        _need_status(volume, "available")
    formats: dict[str, Any] = {
        "disk_format": str(given.get("disk_format") or "raw"),
        "container_format": str(given.get("container_format") or "bare"),
    }
    image = Image(
        id=ctx.world.ids.uuid(),
        name=given["image_name"],
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
    "os-update_readonly_flag": _read_only,
    "os-reset_status": _reset_status,
    "os-retype": _retype,
    "os-reserve": _reserve,
    "os-unreserve": _back_to_rest,
    "os-begin_detaching": _begin_detaching,
    "os-roll_detaching": _back_to_rest,
    "os-attach": _attach,
    "os-detach": _detach,
    "os-force_detach": _force_detach,
    "os-force_delete": _force_delete,
    "os-initialize_connection": _connect,
    "os-terminate_connection": _back_to_rest,
    "revert": _revert,
    "os-set_image_metadata": _set_image_metadata,
    "os-unset_image_metadata": _unset_image_metadata,
    "os-show_image_metadata": _show_image_metadata,
    "os-volume_upload_image": _upload_image,
}

"""The actions on a volume that reserve, attach and detach it."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.policy.roles import require_admin
from novasim.api.request import Response
from novasim.api.volume.lookup import require_status, save_and_respond
from novasim.errors import BadRequest, Conflict
from novasim.records import Attachment, Volume
from novasim.simulation.volume_attachments import compute_status, describe_connection


def reserve(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-reserve: reserve a volume for an attachment. 400."""
    expected = ("available", "in-use") if volume.multiattach else ("available",)
    if volume.status not in expected:
        raise BadRequest(
            reason=f"Invalid volume: Volume status must be {' or '.join(expected)} to reserve, but the status is "
            f"{volume.status}."
        )
    volume.status = "attaching"
    return save_and_respond(ctx, volume)


def unreserve(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-unreserve: end a reservation by `os-reserve`; anything else stays as it is."""
    if volume.status == "attaching":
        volume.status = "in-use" if volume.attachments else "available"
    return save_and_respond(ctx, volume)


def begin_detaching(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-begin_detaching: mark a volume as detaching. 400."""
    if volume.status != "in-use" or not volume.attachments:
        raise BadRequest(
            reason="Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status must be "
            "'attached' to detach."
        )
    volume.status = "detaching"
    return save_and_respond(ctx, volume)


def roll_detaching(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-roll_detaching: end a detachment that has not been completed."""
    if volume.status == "detaching":
        volume.status = "in-use"
    return save_and_respond(ctx, volume)


def attach(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-attach: record an attachment in the volume only; Nova does this for its own attachments. 400."""
    require_status(volume, "available", "attaching")
    if not arguments.get("instance_uuid"):
        raise BadRequest(reason="Invalid request to attach volume to an invalid target")
    volume.status = "in-use"
    device = str(arguments.get("mountpoint") or "")
    server_id = str(arguments["instance_uuid"])
    volume.attachments.append(describe_connection(ctx.world.ids.uuid(), server_id, device, ctx.world.time))
    return save_and_respond(ctx, volume)


def detach(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-detach: remove an attachment that no server uses, or all. 400, 409."""
    id = arguments.get("attachment_id")
    for entry in volume.attachments:
        if not id or entry["attachment_id"] == id:
            check_not_used_by_nova(ctx, entry)
    if volume.status == "maintenance":
        raise BadRequest(reason="Invalid volume: The volume cannot be detached in maintenance mode.")
    volume.attachments = [each for each in volume.attachments if id and each["attachment_id"] != id]
    volume.status = compute_status(volume)
    return save_and_respond(ctx, volume)


def check_not_used_by_nova(ctx: Context, entry: dict[str, Any]) -> None:
    """Raises Conflict (409): a server uses the attachment, which only Nova may then delete."""
    if ctx.world.tx.query(Attachment, {"attachment_id": entry["attachment_id"]}):
        raise Conflict(reason=f"Detach volume from instance {entry['server_id']} using the Compute API")


def force_detach(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-force_detach: as os-detach, for administrators. 403, 409."""
    require_admin(ctx, "Policy doesn't allow volume_extension:volume_admin_actions:force_detach to be performed.")
    return detach(ctx, volume, arguments)


def initialize_connection(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-initialize_connection: the connection of a host to the volume."""
    return Response(200, {"connection_info": connection_info(volume)})


def connection_info(volume: Volume) -> dict[str, Any]:
    """The connection of a host to the volume; its type exists only in the simulation."""
    return {"driver_volume_type": "simulated", "data": {"volume_id": volume.id, "access_mode": "rw"}}


def terminate_connection(ctx: Context, volume: Volume, arguments: dict[str, Any]) -> Response:
    """os-terminate_connection: end the connection of a host, except to a server. 409."""
    if len(volume.attachments) == 1:
        check_not_used_by_nova(ctx, volume.attachments[0])
    return unreserve(ctx, volume, arguments)

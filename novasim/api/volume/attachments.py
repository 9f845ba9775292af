"""/v3/{project}/attachments: attachments by Nova, and reservations by other clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.api.collections import apply_query, collection_view
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.connections import check_not_used_by_nova, connection_info
from novasim.api.volume.lookup import HANDLED_FILTERS, get_volume, list_visible, refuse_action, require_writer, save
from novasim.api.volume.views import format_time
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.lifecycle.volumes import availability_refusals
from novasim.records import Volume
from novasim.simulation.volume_attachments import (
    compute_status,
    describe_connection,
    describe_reservation,
    list_entries,
    remove_entry,
)

Entry = dict[str, Any]
RULE = "volume:attachment_"


def index(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/attachments: ids, status, volumes and servers. 400."""
    views = [_view(volume, entry) for volume, entry in _iter_attachments(ctx)]
    chosen = apply_query(ctx, views, HANDLED_FILTERS)
    short = ("id", "status", "instance", "volume_id")
    return collection_view(ctx, "attachments", [{name: view[name] for name in short} for view in chosen])


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """GET /v3/{project}/attachments/detail: all attributes. 400."""
    views = [_view(volume, entry) for volume, entry in _iter_attachments(ctx)]
    return collection_view(ctx, "attachments", apply_query(ctx, views, HANDLED_FILTERS))


def _iter_attachments(ctx: Context) -> Iterator[tuple[Volume, Entry]]:
    for volume in list_visible(ctx, Volume):
        yield from ((volume, entry) for entry in list_entries(volume))


def _view(volume: Volume, entry: Entry) -> dict[str, Any]:
    attached = "attached_at" in entry
    return {
        "id": entry["attachment_id"],
        "status": "attached" if attached else entry["status"],
        "instance": entry["server_id"],
        "volume_id": volume.id,
        "attached_at": format_time(entry["attached_at"]) if attached else "",
        "detached_at": "",
        "attach_mode": "rw" if attached or entry.get("connector") else "null",
        "connection_info": connection_info(volume) if attached or entry.get("connector") else {},
    }


def show(ctx: Context, project: str, attachment_id: str) -> dict[str, Any]:
    """GET /v3/{project}/attachments/{id}: one attachment. 404."""
    return {"attachment": _view(*_get_or_404(ctx, attachment_id))}


def _get_or_404(ctx: Context, attachment_id: str) -> tuple[Volume, Entry]:
    for volume in ctx.world.tx.query(Volume):
        is_visible = ctx.caller.is_admin or volume.project_id == ctx.caller.project_id
        for entry in list_entries(volume) if is_visible else ():
            if entry["attachment_id"] == attachment_id:
                return volume, entry
    raise NotFound(reason=f"Volume attachment could not be found with filter: attachment_id = {attachment_id}.")


def create(ctx: Context, project: str) -> dict[str, Any]:
    """POST /v3/{project}/attachments: reserve a volume for a server. 400, 403, 404."""
    require_writer(ctx, RULE + "create")
    body = ctx.body["attachment"]
    volume = get_volume(ctx, body["volume_uuid"])
    if "error" in volume.status:
        raise Conflict(
            reason="Volume attachments can not be created if the volume is in an error state. "
            f"The Volume {volume.id} currently has a status of: {volume.status} "
        )
    is_own = volume.status in ("in-use", "reserved") and any(
        entry["server_id"] == body.get("instance_uuid") for entry in list_entries(volume)
    )
    for refusal in () if is_own else availability_refusals(volume, "Invalid volume: "):
        raise refusal
    entry = describe_reservation(ctx.world.ids.uuid(), body.get("instance_uuid"))
    if body.get("connector"):
        entry |= _connection_fields(body["connector"])
    volume.reserved.append(entry)
    volume.status = entry["status"] if not is_own else compute_status(volume)
    save(ctx, volume)
    return {"attachment": _view(volume, entry)}


def _connection_fields(connector: dict[str, Any]) -> Entry:
    return {"connector": connector, "status": "attaching", "device": str(connector.get("mountpoint") or "")}


def update(ctx: Context, project: str, attachment_id: str) -> dict[str, Any]:
    """PUT /v3/{project}/attachments/{id}: set the host's connector; returns the connection. 400, 403, 404."""
    require_writer(ctx, RULE + "update")
    volume, entry = _get_or_404(ctx, attachment_id)
    if entry not in volume.reserved:
        raise BadRequest(reason=f"Invalid attachment: the attachment {attachment_id} is in use by a server.")
    entry |= _connection_fields(ctx.body["attachment"]["connector"])
    volume.status = "attaching"
    save(ctx, volume)
    return {"attachment": _view(volume, entry)}


def act(ctx: Context, project: str, attachment_id: str) -> Response:
    """POST /v3/{project}/attachments/{id}/action: os-complete turns a reservation into an attachment. 400, 403, 404."""
    require_writer(ctx, RULE + "complete")
    volume, entry = _get_or_404(ctx, attachment_id)
    if next(iter(ctx.body)) != "os-complete":
        raise refuse_action(next(iter(ctx.body)))
    if entry in volume.reserved:
        volume.reserved.remove(entry)
        connection = describe_connection(attachment_id, entry["server_id"], entry["device"], ctx.world.time)
        volume.attachments.append(connection)
    volume.status = "in-use"
    save(ctx, volume)
    return Response(204)


def delete(ctx: Context, project: str, attachment_id: str) -> dict[str, Any]:
    """DELETE /v3/{project}/attachments/{id}: end a reservation or attachment, except one by Nova. 403, 404, 409."""
    require_writer(ctx, RULE + "delete")
    volume, entry = _get_or_404(ctx, attachment_id)
    if entry in volume.attachments or entry.get("connector"):  # one that is only reserved may go
        check_not_used_by_nova(ctx, entry)
    remove_entry(volume, attachment_id)
    save(ctx, volume)
    return {"attachments": [_view(volume, other) for other in list_entries(volume)]}

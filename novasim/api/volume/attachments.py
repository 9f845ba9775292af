"""/v3/{project}/attachments: who holds a volume. Nova's show as attached, other clients make theirs in steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from novasim.api.collections import listed
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.volume.actions import connection_info
from novasim.api.volume.lookup import OTHERWISE, all_of, get_volume, keep, page, writer
from novasim.api.volume.views import time_of
from novasim.errors import BadRequest, Conflict, NotFound, NotSimulated
from novasim.records import Attachment, Volume

Entry = dict[str, Any]
RULE = "volume:attachment_"


def index(ctx: Context, project: str) -> dict[str, Any]:
    """Ids, volumes and servers."""
    views = [_view(volume, entry) for volume, entry in _all(ctx)]
    chosen = listed(ctx, views, OTHERWISE)
    short = ("id", "status", "instance", "volume_id")
    return page(ctx, "attachments", [{name: view[name] for name in short} for view in chosen])


def detail(ctx: Context, project: str) -> dict[str, Any]:
    """All attributes."""
    views = [_view(volume, entry) for volume, entry in _all(ctx)]
    return page(ctx, "attachments", listed(ctx, views, OTHERWISE))


def _all(ctx: Context) -> Iterator[tuple[Volume, Entry]]:
    for volume in all_of(ctx, Volume):
        yield from ((volume, entry) for entry in (*volume.attachments, *volume.reserved))


def _view(volume: Volume, entry: Entry) -> dict[str, Any]:
    attached = "attached_at" in entry
    return {
        "id": entry["attachment_id"],
        "status": "attached" if attached else entry["status"],
        "instance": entry["server_id"],
        "volume_id": volume.id,
        "attached_at": time_of(entry["attached_at"]) if attached else "",
        "detached_at": "",
        "attach_mode": "rw" if attached or entry.get("connector") else "null",
        "connection_info": connection_info(volume) if attached or entry.get("connector") else {},
    }


def show(ctx: Context, project: str, attachment_id: str) -> dict[str, Any]:
    """One attachment."""
    return {"attachment": _view(*_find(ctx, attachment_id))}


def _find(ctx: Context, attachment_id: str) -> tuple[Volume, Entry]:
    for volume in ctx.world.tx.query(Volume):
        for entry in (*volume.attachments, *volume.reserved):
            if entry["attachment_id"] == attachment_id:
                return get_volume(ctx, volume.id), entry
    raise NotFound(reason=f"Volume attachment could not be found with filter: attachment_id = {attachment_id}.")


def create(ctx: Context, project: str) -> dict[str, Any]:
    """
    Reserve a volume for a server.

    Raises:
        BadRequest: the volume is held by somebody else (400).
    """
    writer(ctx, RULE + "create")
    asked = ctx.body["attachment"]
    volume = get_volume(ctx, asked["volume_uuid"])
    shared = volume.multiattach and volume.status in ("in-use", "reserved", "attaching")
    if volume.status != "available" and not shared:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be available or downloading to reserve, but the "
            f"current status is {volume.status}."
        )
    entry = {
        "attachment_id": ctx.world.ids.uuid(),
        "server_id": asked.get("instance_uuid"),
        "status": "reserved",
        "device": "",
    }
    if asked.get("connector"):
        entry |= _connected(asked["connector"])
    volume.reserved.append(entry)
    volume.status = entry["status"] if not volume.attachments else volume.status
    keep(ctx, volume)
    return {"attachment": _view(volume, entry)}


def _connected(connector: dict[str, Any]) -> Entry:
    return {"connector": connector, "status": "attaching", "device": str(connector.get("mountpoint") or "")}


def update(ctx: Context, project: str, attachment_id: str) -> dict[str, Any]:
    """Name the connector of the host, and learn how to connect."""
    writer(ctx, RULE + "update")
    volume, entry = _find(ctx, attachment_id)
    if entry not in volume.reserved:
        raise BadRequest(reason=f"Invalid attachment: the attachment {attachment_id} is in use by a server.")
    entry |= _connected(ctx.body["attachment"]["connector"])
    volume.status = "attaching" if not volume.attachments else volume.status
    keep(ctx, volume)
    return {"attachment": _view(volume, entry)}


def act(ctx: Context, project: str, attachment_id: str) -> Response:
    """POST .../action: os-complete says that the server has the volume now."""
    writer(ctx, RULE + "complete")
    volume, entry = _find(ctx, attachment_id)
    if next(iter(ctx.body)) != "os-complete":
        raise NotSimulated(reason="The only action on an attachment is os-complete.")
    if entry in volume.reserved:
        volume.reserved.remove(entry)
        kept = {name: entry[name] for name in ("server_id", "attachment_id", "device")}
        volume.attachments.append({**kept, "attached_at": ctx.world.time})
    volume.status = "in-use"
    keep(ctx, volume)
    return Response(204)


def delete(ctx: Context, project: str, attachment_id: str) -> dict[str, Any]:
    """
    End an attachment.

    Raises:
        Conflict: Nova attached the volume and is the one to detach it (409).
    """
    writer(ctx, RULE + "delete")
    volume, entry = _find(ctx, attachment_id)
    if ctx.world.tx.query(Attachment, {"attachment_id": attachment_id}):
        raise Conflict(reason="Detach volume from instance " + str(entry["server_id"]) + " using the Compute API")
    for entries in (volume.attachments, volume.reserved):
        if entry in entries:
            entries.remove(entry)
    volume.status = "in-use" if volume.attachments else "reserved" if volume.reserved else "available"
    keep(ctx, volume)
    return {"attachments": [_view(volume, other) for other in (*volume.attachments, *volume.reserved)]}

"""/os-volumes and /os-snapshots (until 2.35), which Nova forwards to the volume service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.service_calls import call_service
from novasim.strutils import int_from_string

View = dict[str, Any]
RULE = "os_compute_api:os-volumes:"


def _call_cinder(ctx: Context, method: str, path: str, body: Any = None, **query: str) -> Any:
    return call_service(ctx, "volume", method, f"/v3/{ctx.caller.project_id}{path}", body, **query)


def index(ctx: Context) -> View:
    """GET /os-volumes: the volumes of the project, by offset and limit. 403."""
    ctx.can(RULE + ("detail" if ctx.request.path.endswith("/detail") else "list"))
    return {
        "volumes": [_view(volume) for volume in _cut_page(ctx, _call_cinder(ctx, "GET", "/volumes/detail")["volumes"])]
    }


def _cut_page(ctx: Context, views: list[View]) -> list[View]:
    first, limit = int_from_string(ctx.query("offset")), int_from_string(ctx.query("limit"))
    return views[first : first + limit] if limit else views[first:]


def _view(volume: View) -> View:
    attachments = [
        {"id": one["id"], "volumeId": one["volume_id"], "serverId": one["server_id"], "device": one["device"]}
        for one in volume["attachments"]
    ]
    return {
        "id": volume["id"],
        "status": volume["status"],
        "size": volume["size"],
        "availabilityZone": volume["availability_zone"],
        "createdAt": volume["created_at"],
        "attachments": attachments[:1] or [{}],
        "displayName": volume["name"],
        "displayDescription": volume["description"],
        "volumeType": volume["volume_type"],
        "snapshotId": volume["snapshot_id"],
        "metadata": volume["metadata"],
    }


def show(ctx: Context, volume_id: str) -> View:
    """GET /os-volumes/{volume_id}: one volume. 403, 404."""
    ctx.can(RULE + "show")
    return {"volume": _view(_call_cinder(ctx, "GET", f"/volumes/{volume_id}")["volume"])}


def create(ctx: Context) -> View:
    """POST /os-volumes: create a volume. 400, 403, 404, 413."""
    ctx.can(RULE + "create")
    names = {"display_name": "name", "display_description": "description"}
    body = {names.get(name, name): value for name, value in ctx.body["volume"].items()}
    return {"volume": _view(_call_cinder(ctx, "POST", "/volumes", {"volume": body})["volume"])}


def delete(ctx: Context, volume_id: str) -> Response:
    """DELETE /os-volumes/{volume_id}: delete a volume. 400, 403, 404."""
    ctx.can(RULE + "delete")
    _call_cinder(ctx, "DELETE", f"/volumes/{volume_id}")
    return Response(202)


def snapshots_index(ctx: Context) -> View:
    """GET /os-snapshots: the snapshots of the project, by offset and limit."""
    snapshots = _cut_page(ctx, _call_cinder(ctx, "GET", "/snapshots/detail")["snapshots"])
    return {"snapshots": [_snapshot_view(snapshot) for snapshot in snapshots]}


def _snapshot_view(snapshot: View) -> View:
    return {
        "id": snapshot["id"],
        "volumeId": snapshot["volume_id"],
        "status": snapshot["status"],
        "size": snapshot["size"],
        "createdAt": snapshot["created_at"],
        "displayName": snapshot["name"],
        "displayDescription": snapshot["description"],
    }


def snapshots_show(ctx: Context, snapshot_id: str) -> View:
    """GET /os-snapshots/{snapshot_id}: one snapshot. 404."""
    return {"snapshot": _snapshot_view(_call_cinder(ctx, "GET", f"/snapshots/{snapshot_id}")["snapshot"])}


def snapshots_create(ctx: Context) -> View:
    """POST /os-snapshots: create a snapshot. 400, 404, 413."""
    snapshot = ctx.body["snapshot"]
    body = {
        "volume_id": snapshot["volume_id"],
        "force": snapshot.get("force", False),
        "name": snapshot.get("display_name"),
        "description": snapshot.get("display_description"),
    }
    return {"snapshot": _snapshot_view(_call_cinder(ctx, "POST", "/snapshots", {"snapshot": body})["snapshot"])}


def snapshots_delete(ctx: Context, snapshot_id: str) -> Response:
    """DELETE /os-snapshots/{snapshot_id}: delete a snapshot. 400, 404."""
    _call_cinder(ctx, "DELETE", f"/snapshots/{snapshot_id}")
    return Response(202)

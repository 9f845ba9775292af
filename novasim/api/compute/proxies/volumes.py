"""/os-volumes and /os-snapshots: how Nova once passed requests on to the volume service (until 2.35)."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.service_calls import call_service
from novasim.strutils import int_from_string

View = dict[str, Any]
RULE = "os_compute_api:os-volumes:"


def _ask(ctx: Context, method: str, path: str, body: Any = None, **query: str) -> Any:
    return call_service(ctx, "volume", method, f"/v3/{ctx.caller.project_id}{path}", body, **query)


def index(ctx: Context) -> View:
    """The volumes of the project."""
    ctx.can(RULE + ("detail" if ctx.request.path.endswith("/detail") else "list"))
    return {"volumes": [_view(one) for one in _page(ctx, _ask(ctx, "GET", "/volumes/detail")["volumes"])]}


def _page(ctx: Context, views: list[View]) -> list[View]:
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
    """One volume."""
    ctx.can(RULE + "show")
    return {"volume": _view(_ask(ctx, "GET", f"/volumes/{volume_id}")["volume"])}


def create(ctx: Context) -> View:
    """A new volume."""
    ctx.can(RULE + "create")
    asked = dict(ctx.body["volume"])
    names = {"display_name": "name", "display_description": "description"}
    body = {names.get(name, name): value for name, value in asked.items()}
    return {"volume": _view(_ask(ctx, "POST", "/volumes", {"volume": body})["volume"])}


def delete(ctx: Context, volume_id: str) -> Response:
    """Remove a volume."""
    ctx.can(RULE + "delete")
    _ask(ctx, "DELETE", f"/volumes/{volume_id}")
    return Response(202)


def snapshots_index(ctx: Context) -> View:
    """The snapshots of the project."""
    found = _page(ctx, _ask(ctx, "GET", "/snapshots/detail")["snapshots"])
    return {"snapshots": [_snapshot(one) for one in found]}


def _snapshot(snapshot: View) -> View:
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
    """One snapshot."""
    return {"snapshot": _snapshot(_ask(ctx, "GET", f"/snapshots/{snapshot_id}")["snapshot"])}


def snapshots_create(ctx: Context) -> View:
    """A new snapshot."""
    asked = ctx.body["snapshot"]
    body = {
        "volume_id": asked["volume_id"],
        "force": asked.get("force", False),
        "name": asked.get("display_name"),
        "description": asked.get("display_description"),
    }
    return {"snapshot": _snapshot(_ask(ctx, "POST", "/snapshots", {"snapshot": body})["snapshot"])}


def snapshots_delete(ctx: Context, snapshot_id: str) -> Response:
    """Remove a snapshot."""
    _ask(ctx, "DELETE", f"/snapshots/{snapshot_id}")
    return Response(202)

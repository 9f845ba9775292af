"""/os-assisted-volume-snapshots: snapshots of attached volumes, which the volume service asks a compute host for."""

from __future__ import annotations

from typing import Any

from novasim import jsonutils
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest
from novasim.lifecycle.volume_checks import assisted_snapshot_refusals
from novasim.records import Attachment, Server

RULE = "os_compute_api:os-assisted-volume-snapshots:"


def create(ctx: Context) -> dict[str, Any]:
    """
    POST /os-assisted-volume-snapshots: accept a snapshot. The simulated host only reports that it is done. 400, 403.

    Source: nova/compute/api.py, volume_snapshot_create.
    """
    ctx.can(RULE + "create", {})
    snapshot = ctx.body["snapshot"]
    server = _get_server(ctx, snapshot["volume_id"])
    for refusal in assisted_snapshot_refusals(server, "do_volume_snapshot_create"):
        raise refusal
    return {"snapshot": {"id": snapshot["create_info"].get("id"), "volumeId": snapshot["volume_id"]}}


def delete(ctx: Context, id: str) -> Response:
    """
    DELETE /os-assisted-volume-snapshots/{id}: accept the deletion of a snapshot. 400, 403.

    Source: nova/compute/api.py, volume_snapshot_delete.
    """
    ctx.can(RULE + "delete", {})
    info = _read_delete_info(ctx)
    server = _get_server(ctx, info["volume_id"])
    merges = info.get("merge_target_file") is not None
    for refusal in assisted_snapshot_refusals(server, "do_volume_snapshot_delete", merges):
        raise refusal
    return Response(204)


def _read_delete_info(ctx: Context) -> dict[str, Any]:
    """Read the JSON object in the query. Raises BadRequest (400): it is missing, or names no volume."""
    text = ctx.query("delete_info")
    if text is None:
        raise BadRequest(reason="'delete_info'")
    try:
        info = jsonutils.decode_request(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(reason=str(error)) from None
    if not isinstance(info, dict) or "volume_id" not in info:
        raise BadRequest(reason="'volume_id'")
    return info


def _get_server(ctx: Context, volume_id: Any) -> Server:
    """The only server that has a volume. Raises BadRequest (400): no server has it, or several have."""
    attachments = ctx.world.tx.query(Attachment, {"volume_id": str(volume_id)})
    if len(attachments) > 1:
        raise BadRequest(
            reason=f"Block Device Mapping {volume_id} is a multi-attach volume and is not valid for this operation."
        )
    server = ctx.world.tx.get(Server, attachments[0].server_id) if attachments else None
    if server is None:
        raise BadRequest(reason=f"No volume Block Device Mapping with id {volume_id}.")
    return server

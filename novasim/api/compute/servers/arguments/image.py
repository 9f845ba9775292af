"""Arguments of create-image and create-backup, and their response."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest, image_requester
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.item_quotas import find_excess
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import OverLimit
from novasim.records import Server
from novasim.simulation import volumes
from novasim.simulation.volume_quotas import check_quota, check_type_quota


def read_create_image(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """
    The name and metadata of a snapshot.

    Raises:
        PolicyRefusal: the caller may not create images of volume-backed servers (403).
    """
    if not volumes.is_volume_backed(server):
        return _read_image(ctx, server, arguments, {"image_type": "snapshot"})
    target = {"project_id": server.project_id, "user_id": server.user_id}
    ctx.can("os_compute_api:servers:create_image:allow_volume_backed", target)
    request = _read_image(ctx, server, arguments, {})
    return request._replace(facts=request.facts._replace(snapshot_quota_excess=_find_quota_excess(ctx, server)))


def _find_quota_excess(ctx: Context, server: Server) -> str:
    """Why a snapshot of each volume of the server would exceed the quota of the caller's project; "" if not."""
    sizes: dict[str, list[int]] = {}  # by volume type
    for volume in volumes.list_volumes(ctx.world, server):
        sizes.setdefault(volume.volume_type, []).append(volume.size)
    everything = [size for each in sizes.values() for size in each]
    project = ctx.caller.project_id
    try:
        check_quota(ctx.world, project, snapshots=len(everything))
    except OverLimit:
        return "Quota exceeded for resources: snapshots"
    try:
        check_quota(ctx.world, project, gigabytes=sum(everything))
        for type_name, each in sizes.items():
            check_type_quota(ctx.world, project, type_name, snapshots=len(each), gigabytes=sum(each))
    except OverLimit as refusal:
        return str(refusal)
    return ""


def read_create_backup(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read create-backup: the name, metadata and type of a backup, and how many of its type to keep."""
    backup_type, rotation = arguments["backup_type"], int(arguments["rotation"])
    properties = {"image_type": "backup", "backup_type": backup_type}
    return _read_image(ctx, server, arguments, properties, backup_type=backup_type, rotation=rotation)


def _read_image(
    ctx: Context, server: Server, arguments: dict[str, Any], properties: dict[str, Any], **more: Any
) -> ActionRequest:
    metadata = arguments.get("metadata") or {}
    refusal = None
    if ctx.minor < 39:
        refusal = find_excess(ctx, "metadata_items", len(metadata), "Image metadata limit exceeded")
    args = {"name": arguments["name"].strip(), "properties": {**properties, **metadata}, **more, **image_requester(ctx)}
    return ActionRequest(read_facts(ctx, server, item_refusal=refusal), args)


def respond_image(ctx: Context, server: Server, request: ActionRequest) -> Response:
    """Respond with the image's id in the body (from 2.45), or its URL in a header unless the rotation is 0."""
    args = request.args or {}
    if ctx.minor >= 45:
        return Response(202, {"image_id": args["image"]})
    if args.get("rotation") == 0:
        return Response(202)
    return Response(202, None, {"Location": f"{ctx.request.endpoint}/v2.1/images/{args['image']}"})


HANDLERS = {
    "create-image": ActionHandler(read_create_image, respond=respond_image),
    "create-backup": ActionHandler(read_create_backup, respond=respond_image),
}

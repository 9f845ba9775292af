"""/servers/{server_id}/os-volume_attachments: the volumes of a server."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.references import find_host
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import raise_first_refusal, refusals
from novasim.records import Attachment, Server, Volume
from novasim.simulation.device_names import count_disks, is_device_used
from novasim.simulation.time.tasks import start_task
from novasim.strutils import bool_from_string

RULE = "os_compute_api:os-volumes-attachments:"


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-volume_attachments: all attached volumes, by offset and limit. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "index", target_of(server))
    attachments = ctx.world.tx.query(Attachment, {"server_id": server.id})
    views = [_view(ctx, attachment) for attachment in attachments if attachment.volume_id]
    start, limit = int(ctx.query("offset") or 0), int(ctx.query("limit") or 0)
    return {"volumeAttachments": views[start : start + limit if limit else None]}


def show(ctx: Context, server_id: str, volume_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-volume_attachments/{volume_id}: one attached volume. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    return {"volumeAttachment": _view(ctx, _get_attachment(ctx, server, volume_id))}


def create(ctx: Context, server_id: str) -> Response:
    """POST /servers/{server_id}/os-volume_attachments: attach a volume. 400, 403, 404, 409."""
    action = ACTIONS["attach-volume"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    body = ctx.body["volumeAttachment"]
    facts = read_attach_facts(ctx, server, body)
    raise_first_refusal(action, server, ctx.caller, facts)
    assert facts.volume is not None
    args = {
        "volume": facts.volume.id,
        "size": facts.volume.size,
        "device": body.get("device"),
        "tag": body.get("tag"),
        "delete_on_termination": bool_from_string(body.get("delete_on_termination")),
    }
    if ctx.minor >= 101:
        is_refused_later = any(refusals(action, server, ctx.caller, facts._replace(minor=100)))
        start_task(ctx.world, action, server, ctx.caller, None if is_refused_later else args)
        return Response(202)
    start_task(ctx.world, action, server, ctx.caller, args)
    return Response(200, {"volumeAttachment": _created_view(ctx, server, body, args["device"])})


def read_attach_facts(ctx: Context, server: Server, body: dict[str, Any]) -> Facts:
    """Facts for the checks of attach-volume. *body* names the volume, and may name a device and a tag."""
    id, device = body["volumeId"], body.get("device")
    is_used = server.host and device and is_device_used(ctx.world, server, device)
    return read_facts(
        ctx,
        server,
        volume_ref=id,
        volume=_find_volume(ctx, id),
        volume_users=_list_users(ctx, id),
        used_device=device if is_used else None,
        device_tag=body.get("tag"),
        reached_disk_limit=_find_reached_limit(ctx, server),
    )


def _find_reached_limit(ctx: Context, server: Server) -> int | None:
    """The largest number of disks, if the server is on a host and has that many."""
    most = int(ctx.world.option("max_disk_devices_to_attach"))
    is_reached = server.host is not None and 0 <= most <= count_disks(ctx.world, server)
    return most if is_reached else None


def update(ctx: Context, server_id: str, volume_id: str) -> Response:
    """
    PUT /servers/{server_id}/os-volume_attachments/{volume_id}: change delete_on_termination (from 2.85), or replace
    the volume, which only the volume service may request. 400, 403, 404, 409.

    For delete_on_termination, the state and the lock of the server do not matter.

    Source: nova/api/openstack/compute/volume_attachments.py.
    """
    server = get_server(ctx, server_id)
    body = ctx.body["volumeAttachment"]
    swaps = body["volumeId"] != volume_id or ctx.minor < 85
    if swaps:
        ctx.can(RULE + "swap", {})
    else:
        ctx.can(RULE + "update", target_of(server))
    if ctx.minor >= 85:
        _update_attachment(ctx, server, volume_id, body)
    if swaps:
        _swap(ctx, server, volume_id, body["volumeId"])
    return Response(202)


def delete(ctx: Context, server_id: str, volume_id: str) -> Response:
    """DELETE /servers/{server_id}/os-volume_attachments/{volume_id}: detach a volume. 400, 403, 404, 409."""
    action = ACTIONS["detach-volume"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    raise_first_refusal(action, server, ctx.caller, read_detach_facts(ctx, server, volume_id))
    attachment = _get_attachment(ctx, server, volume_id)
    start_task(ctx.world, action, server, ctx.caller, {"attachment": attachment.id})
    return Response(action.success_code)


def read_detach_facts(ctx: Context, server: Server, volume_id: str) -> Facts:
    """Facts for the checks of detach-volume."""
    attachment = _find_attachment(ctx, server, volume_id)
    return read_facts(
        ctx,
        server,
        volume_ref=volume_id,
        volume=_find_volume(ctx, volume_id),
        missing_volume=volume_id if attachment is None else None,
        is_root_volume=attachment is not None and attachment.boot_index == 0,
        source_host=find_host(ctx, server.host),
    )


def _find_attachment(ctx: Context, server: Server, volume_id: str) -> Attachment | None:
    attachments = ctx.world.tx.query(Attachment, {"server_id": server.id, "volume_id": volume_id})
    return attachments[0] if attachments else None


def _get_attachment(ctx: Context, server: Server, volume_id: str) -> Attachment:
    if attachment := _find_attachment(ctx, server, volume_id):
        return attachment
    raise NotFound(reason=f"Instance {server.id} is not attached to volume {volume_id}")


def _find_volume(ctx: Context, volume_id: str) -> Volume | None:
    """A volume that is visible to the caller."""
    volume = ctx.world.tx.get(Volume, volume_id)
    return volume if volume and (volume.project_id == ctx.caller.project_id or ctx.caller.is_admin) else None


def _update_attachment(ctx: Context, server: Server, volume_id: str, body: dict[str, Any]) -> None:
    """
    Set delete_on_termination; the other properties may be named, but not changed.

    Raises:
        NotFound: the volume is not attached (404). BadRequest: another property would change (400).
    """
    attachment = _find_attachment(ctx, server, volume_id)
    if attachment is None:
        raise NotFound(reason=f"No volume Block Device Mapping with id {volume_id}.")
    fixed = {"id": volume_id, "serverId": server.id, "device": attachment.device, "tag": attachment.tag}
    for name, value in fixed.items():
        if name in body and body[name] != value:
            raise BadRequest(reason=f"The {name} property is not mutable")
    if "delete_on_termination" in body:
        attachment.delete_on_termination = bool_from_string(body["delete_on_termination"], strict=True)
        ctx.world.tx.put(attachment)


def _swap(ctx: Context, server: Server, volume_id: str, new_volume_id: str) -> None:
    """
    Begin to replace a volume.

    Raises:
        NotFound: no such volume (404). Conflict: the volume is not migrating, or the server's state or lock (409).
        BadRequest: the new volume cannot replace it (400).
    """
    action, facts = ACTIONS["swap-volume"], read_swap_facts(ctx, server, volume_id, new_volume_id)
    raise_first_refusal(action, server, ctx.caller, facts)
    attachment = _get_attachment(ctx, server, volume_id)
    start_task(ctx.world, action, server, ctx.caller, {"attachment": attachment.id, "volume": new_volume_id})


def read_swap_facts(ctx: Context, server: Server, volume_id: str, new_volume_id: str) -> Facts:
    """Facts for the checks of swap-volume."""
    return read_facts(
        ctx,
        server,
        volume_ref=volume_id,
        volume=_find_volume(ctx, volume_id),
        new_volume_ref=new_volume_id,
        new_volume=_find_volume(ctx, new_volume_id),
        new_volume_users=_list_users(ctx, new_volume_id),
    )


def _list_users(ctx: Context, volume_id: str) -> tuple[str, ...]:
    """The ids of the servers that have a volume."""
    return tuple(attachment.server_id for attachment in ctx.world.tx.query(Attachment, {"volume_id": volume_id}))


def _view(ctx: Context, attachment: Attachment) -> dict[str, Any]:
    view: dict[str, Any] = {"device": attachment.device} if attachment.device else {}
    view |= {"id": attachment.volume_id, "serverId": attachment.server_id, "volumeId": attachment.volume_id}
    if ctx.minor >= 70:
        view["tag"] = attachment.tag
    if ctx.minor >= 79:
        view["delete_on_termination"] = attachment.delete_on_termination
    if ctx.minor >= 89:
        del view["id"]
        view |= {"attachment_id": attachment.attachment_id, "bdm_uuid": attachment.id}
    return view


def _created_view(ctx: Context, server: Server, body: dict[str, Any], device: str | None) -> dict[str, Any]:
    """The response to a new attachment: values as in the request. Unlike lists, it keeps `id` from 2.89 on."""
    id = body["volumeId"]
    view = {"id": id, "serverId": server.id, "volumeId": id, "device": device}
    if ctx.minor >= 70:
        view["tag"] = body.get("tag")
    if ctx.minor >= 79:
        view["delete_on_termination"] = body.get("delete_on_termination", False)
    return view

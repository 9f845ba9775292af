"""Arguments of rebuild, and its response."""

from __future__ import annotations

from typing import Any

from novasim.api.compute import references
from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest
from novasim.api.compute.servers.creation.boot_image import find_missing_kernel
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.item_quotas import find_item_excess
from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.api.request import Response
from novasim.lifecycle.check import Facts
from novasim.lifecycle.images import default_disk_config
from novasim.records import Image, Server, Volume
from novasim.simulation import volumes
from novasim.strutils import bool_from_string, shorten_address

FIELDS = {  # by name in the request: the field of the record
    "name": "name",
    "description": "description",
    "accessIPv4": "access_ip_v4",
    "accessIPv6": "access_ip_v6",
    "metadata": "metadata",
    "user_data": "user_data",
    "key_name": "key_name",
    "hostname": "hostname",
    "trusted_image_certificates": "trusted_certs",
}


def read_rebuild(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """
    The image to boot from, and the fields that change with it.

    Raises:
        PolicyRefusal: the caller may not set trusted certificates (403).
    """
    ref = references.id_of_reference(arguments["imageRef"])
    image = find_image(ctx, ref)
    root = _find_root_volume(ctx, server)
    own_ref = root.image_metadata.get("image_id") if root else server.image_id
    changes = _changed_fields(ctx, server, arguments) | _image_fields(server, ref, image, arguments)
    password = arguments.get("adminPass") or ctx.world.ids.password(ctx.world.option("password_length"))
    args = {
        "changes": changes,
        "preserve_ephemeral": bool_from_string(arguments.get("preserve_ephemeral")),
        "new_image": ref if ref != own_ref else None,
        "old_image": server.image_id,
        "boot_volume_image": ref if root and ctx.minor >= 93 else None,
    }
    boot = {"boot_image_id": own_ref, "boot_volume_size": root.size if root else None}
    usable_image = None if find_missing_kernel(ctx, image) else image
    return ActionRequest(_read_facts(ctx, server, arguments, image_ref=ref, image=usable_image, **boot), args, password)


def _find_root_volume(ctx: Context, server: Server) -> Volume | None:
    return volumes.find_root_volume(ctx.world, server) if volumes.is_volume_backed(server) else None


def _changed_fields(ctx: Context, server: Server, arguments: dict[str, Any]) -> dict[str, Any]:
    changes = {field: arguments[name] for name, field in FIELDS.items() if name in arguments}
    if "name" in changes:
        changes["name"] = changes["name"].strip()
    if "access_ip_v6" in changes:
        changes["access_ip_v6"] = shorten_address(changes["access_ip_v6"])
    if "key_name" in changes:
        changes["keypair"] = references.copy_keypair(ctx, ctx.caller.user_id, changes["key_name"])
    if server.personality or (server.config_drive and arguments.get("personality")):
        changes["personality"] = arguments.get("personality")
    if "trusted_certs" in changes:
        ctx.can("os_compute_api:servers:rebuild:trusted_certs", vars(server))
        changes["trusted_certs"] = list(changes["trusted_certs"] or [])
    return changes


def _image_fields(server: Server, ref: str, image: Image | None, arguments: dict[str, Any]) -> dict[str, Any]:
    disk_config = arguments.get("OS-DCF:diskConfig") or default_disk_config(image.properties if image else {})
    fields = {"image": references.image_snapshot(image, server.flavor["disk"]), "disk_config": disk_config}
    return fields if volumes.is_volume_backed(server) else fields | {"image_id": ref}


def _read_facts(ctx: Context, server: Server, arguments: dict[str, Any], **facts: Any) -> Facts:
    key = arguments.get("key_name")  # of the caller, not of the server's user, as in Nova
    return read_facts(
        ctx,
        server,
        key_missing=references.find_keypair(ctx, ctx.caller.user_id, key) is None if key else False,
        disk_config=arguments.get("OS-DCF:diskConfig"),
        attached_volumes=tuple(volumes.list_volumes(ctx.world, server)),
        item_refusal=find_item_excess(ctx, arguments),
        trusted_certs=tuple(arguments.get("trusted_image_certificates") or ()),
        **facts,
    )


def respond_rebuild(ctx: Context, server: Server, request: ActionRequest) -> Response:
    """Respond with the server as it is being rebuilt, and its new password."""
    from novasim.api.views.servers import rebuilt_view

    location = f"{ctx.request.endpoint}/v2.1/servers/{server.id}"
    return Response(202, {"server": rebuilt_view(ctx, server, request.secret)}, {"Location": location})


HANDLERS = {"rebuild": ActionHandler(read_rebuild, respond=respond_rebuild)}

"""POST /servers."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from novasim.api.compute import references
from novasim.api.compute.servers.creation import block_devices, device_checks, networks
from novasim.api.compute.servers.creation.boot_image import (
    check_boot_image,
    check_certificates,
    check_cpus,
    check_kernel,
)
from novasim.api.compute.servers.creation.hostnames import build_hostname
from novasim.api.compute.servers.creation.placement import check_requested_host, check_zone, read_placement
from novasim.api.compute.servers.creation.security_groups import read_security_groups
from novasim.api.compute.servers.item_quotas import find_item_excess
from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.images import default_disk_config
from novasim.records import Flavor, Image, Server, ServerGroup
from novasim.simulation import quotas
from novasim.simulation.effects.config_drive import requires_drive
from novasim.simulation.passwords import refusal_args
from novasim.simulation.scheduling.scheduler_hints import get_server_group
from novasim.simulation.time.durations import share_jitter
from novasim.simulation.time.tasks import start_task
from novasim.strutils import bool_from_string, shorten_address

OS = "os_compute_api:"


def create(ctx: Context) -> Response:
    """
    POST /servers: create one or several servers, whose build starts now. 400, 403, 409.

    Raises:
        BadRequest: an argument is invalid (400). Forbidden: policy or quota (403).

    Source: api-ref 'Create Server'; order and texts of refusals from the recorded validation cases.
    """
    body = ctx.body["server"]
    ctx.can(OS + "servers:create")
    min_count, max_count = _read_counts(body)
    placement = read_placement(ctx, body)
    devices = block_devices.read_devices(ctx, body)
    networks.check_form(body.get("networks"))
    flavor = _get_flavor(ctx, body)
    networks.check_count(body.get("networks"), max_count)
    check_zone(ctx, placement)
    image = _get_image(ctx, body)
    is_legacy = not body.get("block_device_mapping_v2")
    check_certificates(body, image)
    boot_image = image or device_checks.find_boot_image(ctx, devices, is_legacy)
    _check_references(ctx, body)
    removed = block_devices.list_removed_names(body)
    devices = block_devices.complete_devices(devices, image, boot_image, is_legacy, removed)
    device_checks.check_count(devices, max_count)
    check_boot_image(ctx, body, boot_image, flavor, block_devices.find_root(devices))
    plugs = networks.read_networks(ctx, body)
    check_kernel(ctx, boot_image)
    check_cpus(flavor, boot_image)
    max_count = networks.fit_to_port_quota(ctx, body, min_count, max_count)
    check_requested_host(ctx, placement)
    count = _fit_to_quota(ctx, flavor, min_count, max_count)
    devices = block_devices.add_flavor_disks(devices, flavor)
    device_checks.check_and_complete_devices(ctx, devices, flavor)
    _check_group_members(ctx, count)
    template = _build_template(ctx, body, flavor, boot_image) | {"requested_networks": plugs}
    template["image_ref" if block_devices.boots_from_volume(devices) else "image_id"] = image.id if image else ""
    template["pinned_availability_zone"] = placement.zone
    args = {"host": placement.host, "node": placement.node, "forced": placement.forced}
    with share_jitter(ctx.world) if count > 1 else nullcontext():
        servers = [_create_server(ctx, body, template, number, count, devices, args) for number in range(count)]
    return _respond(ctx, body, servers)


def _read_counts(body: dict[str, Any]) -> tuple[int, int]:
    min_count = int(body.get("min_count") or 1)
    max_count = int(body.get("max_count") or min_count)
    if min_count > max_count:
        raise BadRequest(reason="min_count must be <= max_count")
    if max_count > 1 and body.get("hostname"):
        raise BadRequest(reason="Unable to allocate a single hostname to multiple instances")
    return min_count, max_count


def _get_flavor(ctx: Context, body: dict[str, Any]) -> Flavor:
    ref = references.id_of_reference(str(body["flavorRef"]))
    flavor = references.find_flavor(ctx, ref)
    if flavor is None:
        raise BadRequest(reason=f"Flavor {ref} could not be found.")
    if flavor.disabled:
        raise BadRequest(reason=f"Flavor {flavor.number or flavor.id} could not be found.")
    return flavor


def _get_image(ctx: Context, body: dict[str, Any]) -> Image | None:
    ref = references.id_of_reference(str(body.get("imageRef") or ""))
    has_devices = bool(body.get("block_device_mapping_v2") or body.get("block_device_mapping"))
    if not ref:
        if has_devices:
            return None
        raise BadRequest(reason="Missing imageRef attribute", missing="imageRef")
    image = find_image(ctx, ref)
    if image is None:
        raise BadRequest(reason="Can not find requested image")
    return image


def _check_references(ctx: Context, body: dict[str, Any]) -> None:
    """Check the key pair, the quotas of metadata and files, security groups, server group and certificates."""
    if (key := body.get("key_name")) and references.find_keypair(ctx, ctx.caller.user_id, key) is None:
        raise BadRequest(reason="Invalid key_name provided.", unknown="key_name")
    if refusal := find_item_excess(ctx, body):
        raise refusal
    read_security_groups(ctx, body)
    _check_hints(ctx, scheduler_hints(ctx))
    if body.get("trusted_image_certificates"):
        ctx.can(OS + "servers:create:trusted_certs")
    if body.get("networks"):
        ctx.can(OS + "servers:create:attach_network")


def scheduler_hints(ctx: Context) -> dict[str, Any]:
    """The scheduler hints, which requests may give under either of two keys."""
    return dict(ctx.body.get("os:scheduler_hints") or ctx.body.get("OS-SCH-HNT:scheduler_hints") or {})


def _check_hints(ctx: Context, hints: dict[str, Any]) -> None:
    if (group_id := hints.get("group")) is None:
        return
    # The schema also allows a list with one id, with which Nova's query fails.
    group = ctx.world.tx.get(ServerGroup, group_id) if isinstance(group_id, str) else None
    if group is None or (group.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise BadRequest(reason=f"Instance group {group_id} could not be found.")


def _check_group_members(ctx: Context, count: int) -> None:
    """Refuse (403) more members of a server group than the quota allows. Nova counts only the caller's servers."""
    group_id = scheduler_hints(ctx).get("group")
    group = ctx.world.tx.get(ServerGroup, group_id) if group_id else None
    if group is None:
        return
    members = (ctx.world.tx.get(Server, id) for id in group.members)
    own = sum(1 for each in members if each and not each.deleted and each.user_id == ctx.caller.user_id)
    limit = quotas.get_smallest_limit(ctx.world, ctx.caller.project_id, ctx.caller.user_id, "server_group_members")
    if not quotas.is_within_limit(limit, own + count):
        raise Forbidden(reason="Quota exceeded, too many servers in group")


def _fit_to_quota(ctx: Context, flavor: Flavor, min_count: int, max_count: int) -> int:
    """The largest number of servers within the quota. Raises QuotaExceeded (403): it is less than *min_count*."""
    for count in range(max_count, min_count - 1, -1):
        needed = {"instances": count, "cores": count * flavor.vcpus, "ram": count * flavor.ram}
        refusal = quotas.find_quota_excess(ctx.world, ctx.caller.project_id, ctx.caller.user_id, needed)
        if refusal is None:
            return count
    assert refusal is not None
    raise refusal


def _build_template(ctx: Context, body: dict[str, Any], flavor: Flavor, image: Image | None) -> dict[str, Any]:
    """The fields that all servers of the request share."""
    return {
        "project_id": ctx.caller.project_id,
        "user_id": ctx.caller.user_id,
        "created_at": ctx.world.time,
        "updated_at": ctx.world.time,
        "flavor": references.flavor_snapshot(flavor),
        "image": references.new_image_snapshot(image, flavor.disk),
        "root_device_name": block_devices.find_root_device_name(image),
        "description": body.get("description") if ctx.minor >= 19 else body["name"].strip(),
        "key_name": body.get("key_name"),
        "metadata": dict(body.get("metadata") or {}),
        "tags": sorted(set(body.get("tags") or [])),
        "access_ip_v4": body.get("accessIPv4") or None,
        "access_ip_v6": shorten_address(body.get("accessIPv6")) or None,
        "config_drive": "True" if bool_from_string(body.get("config_drive")) else "",
        **_optional_fields(ctx, body, image),
        "disk_config": body.get("OS-DCF:diskConfig") or default_disk_config(image.properties if image else {}),
        "user_data": body.get("user_data"),
        "reservation_id": "r-" + ctx.world.ids.token(),
        "trusted_certs": list(body.get("trusted_image_certificates") or []),
        "scheduler_hints": scheduler_hints(ctx),
        "requested_security_groups": read_security_groups(ctx, body),
    }


def _optional_fields(ctx: Context, body: dict[str, Any], image: Image | None) -> dict[str, Any]:
    """The key pair, and the files of the request if it gets a config drive, without which no guest receives them."""
    fields: dict[str, Any] = {}
    if keypair := references.copy_keypair(ctx, ctx.caller.user_id, body.get("key_name")):
        fields["keypair"] = keypair
    has_drive = bool_from_string(body.get("config_drive")) or requires_drive(image.properties if image else {})
    if has_drive and body.get("personality"):
        fields["personality"] = body["personality"]
    return fields


def _create_server(
    ctx: Context,
    body: dict[str, Any],
    template: dict[str, Any],
    number: int,
    count: int,
    devices: list[dict[str, Any]],
    args: dict[str, Any],
) -> Server:
    requested = body["name"].strip()
    name = f"{requested}-{number + 1}" if count > 1 else requested
    server = Server(
        id=ctx.world.new_id(), name=name, launch_index=number, number=ctx.world.allocate_number("servers"), **template
    )
    server.hostname = body.get("hostname") or build_hostname(requested, server.id, number, count)
    server.metadata, server.tags = dict(server.metadata), list(server.tags)
    block_devices.store_devices(ctx, server, devices)
    _join_group(ctx, server)
    args = args | refusal_args(ctx.world, body.get("adminPass")) | ({"is_batch": True} if count > 1 else {})
    start_task(ctx.world, ACTIONS["create"], server, ctx.caller, args)
    return server


def _join_group(ctx: Context, server: Server) -> None:
    if group := get_server_group(ctx.world, server):
        group.members.append(server.id)
        ctx.world.tx.put(group)


def _respond(ctx: Context, body: dict[str, Any], servers: list[Server]) -> Response:
    from novasim.api.views.servers import created_view

    if body.get("return_reservation_id"):  # any non-empty string is true, even "False": servers.py, create
        return Response(202, {"reservation_id": servers[0].reservation_id})
    password = body.get("adminPass") or ctx.world.ids.password(ctx.world.option("password_length"))
    location = f"{ctx.request.endpoint}/v2.1/servers/{servers[0].id}"
    return Response(202, {"server": created_view(ctx, servers[0], password)}, {"Location": location})

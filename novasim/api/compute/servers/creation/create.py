"""POST /servers: everything a server can be asked to be."""

from __future__ import annotations

import re
from typing import Any

from novasim.api.compute import references
from novasim.api.compute.servers.creation import block_devices
from novasim.api.compute.servers.creation.networks import requested_networks
from novasim.api.compute.servers.limits import check_injected_files, check_metadata_quota
from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.images import image_refusals
from novasim.records import Flavor, Image, SecurityGroup, Server, ServerGroup
from novasim.simulation import quotas
from novasim.simulation.scheduling.placement import list_zones
from novasim.simulation.time.tasks import start_task
from novasim.strutils import bool_from_string

OS = "os_compute_api:"


def create(ctx: Context) -> Response:
    """
    Accept one or several new servers; they are built by settling.

    Raises:
        BadRequest (400): an argument does not fit. Forbidden (403): policy or quota.

    Source: api-ref 'Create Server'; order and texts of refusals from the recorded validation cases.
    """
    body = ctx.body["server"]
    ctx.can(OS + "servers:create")
    low, high = _counts(ctx, body)
    placement = _placement(ctx, body)
    flavor = _flavor(ctx, body)
    image = _image(ctx, body)
    _check_extras(ctx, body)
    devices = block_devices.requested(ctx, body, image, flavor)
    _check_image(image, flavor, devices)
    networks = requested_networks(ctx, body, high)
    count = _affordable(ctx, flavor, low, high)
    _check_group_members(ctx, count)
    template = _template(ctx, body, flavor, image, devices) | {"requested_networks": networks}
    template["pinned_availability_zone"] = placement.pop("pin")
    servers = [_make(ctx, body, template, number, count, devices, placement) for number in range(count)]
    return _answer(ctx, body, servers)


def _counts(ctx: Context, body: dict[str, Any]) -> tuple[int, int]:
    low = int(body.get("min_count") or 1)
    high = int(body.get("max_count") or low)
    if low > high:
        raise BadRequest(reason="min_count must be <= max_count")
    if high > 1 and body.get("hostname"):
        raise BadRequest(reason="Unable to allocate a single hostname to multiple instances")
    return low, high


def _placement(ctx: Context, body: dict[str, Any]) -> dict[str, Any]:
    """
    Where the server is asked to go.

    `zone:host:node` forces a host past the filters; host and hypervisor_hostname (2.74) ask for one that
    must pass them. Both are for administrators.
    """
    zone, forced, node = _parse_zone(body.get("availability_zone"))
    asked, hypervisor = body.get("host"), body.get("hypervisor_hostname")
    if forced or node:
        ctx.can(OS + "servers:create:forced_host", {})
    if asked or hypervisor:
        ctx.can("compute:servers:create:requested_destination", {})
        if forced or node:
            raise BadRequest(
                reason="One mechanism with host and/or hypervisor_hostname and another mechanism with "
                "zone:host:node are mutually exclusive."
            )
        for name in filter(None, (asked, hypervisor)):
            if references.find_host(ctx, name) is None:
                raise BadRequest(reason=f"Compute host {name} could not be found.")
    elif zone and not forced and not node and zone not in list_zones(ctx.world):
        raise BadRequest(reason="The requested availability zone is not available")
    return {"pin": zone, "host": asked or hypervisor, "forced": forced or node}


def _parse_zone(text: str | None) -> tuple[str | None, str | None, str | None]:
    parts = (text or "").split(":")
    if len(parts) > 3:
        raise BadRequest(reason="Invalid input received: Unable to parse availability_zone")
    zone, host, node = (*parts, "", "")[:3]
    return zone or None, host or None, node or None


def _flavor(ctx: Context, body: dict[str, Any]) -> Flavor:
    ref = references.id_of_reference(str(body["flavorRef"]))
    flavor = references.find_flavor(ctx, ref)
    if flavor is None:
        raise BadRequest(reason=f"Flavor {ref} could not be found.")
    if flavor.disabled:
        raise BadRequest(reason=f"Flavor {flavor.number or flavor.id} could not be found.")
    return flavor


def _image(ctx: Context, body: dict[str, Any]) -> Image | None:
    ref = references.id_of_reference(str(body.get("imageRef") or ""))
    has_devices = bool(body.get("block_device_mapping_v2") or body.get("block_device_mapping"))
    if not ref:
        if has_devices:
            return None
        raise BadRequest(reason="Missing imageRef attribute")
    image = find_image(ctx, ref)
    if image is None:
        raise BadRequest(reason=f"Can not find requested image: Image {ref} could not be found.")
    return image


def _check_image(image: Image | None, flavor: Flavor, devices: list[dict[str, Any]]) -> None:
    if image is None:
        return
    local_disk = not block_devices.boots_from_volume(devices)
    for fault in image_refusals(image, flavor.ram, flavor.disk, local_disk):
        raise fault


def _check_extras(ctx: Context, body: dict[str, Any]) -> None:
    """Key pair, metadata quota, security groups, personality, server group, certificates."""
    if (key := body.get("key_name")) and references.find_keypair(ctx, ctx.caller.user_id, key) is None:
        raise BadRequest(reason="Invalid key_name provided.")
    check_metadata_quota(ctx, body.get("metadata") or {})
    check_injected_files(ctx, body.get("personality") or [])
    _check_groups(ctx, body)
    _check_hints(ctx, hints_of(ctx))
    if body.get("trusted_image_certificates"):
        ctx.can(OS + "servers:create:trusted_certs")
    if body.get("networks"):
        ctx.can(OS + "servers:create:attach_network")


def group_names(body: dict[str, Any]) -> list[str]:
    """The security groups named in a request; an unnamed one means default."""
    return [group.get("name", "default") for group in body.get("security_groups") or []]


def _check_groups(ctx: Context, body: dict[str, Any]) -> None:
    names = set(group_names(body)) - {"default"}
    if not names:
        return
    known = ctx.world.tx.query(SecurityGroup, {"project_id": ctx.caller.project_id})
    for name in sorted(names - {group.name for group in known} - {group.id for group in known}):
        raise BadRequest(reason=f"Security group {name} not found for project {ctx.caller.project_id}.")


def hints_of(ctx: Context) -> dict[str, Any]:
    """The scheduler hints, under either of the two names."""
    return dict(ctx.body.get("os:scheduler_hints") or ctx.body.get("OS-SCH-HNT:scheduler_hints") or {})


def _check_hints(ctx: Context, hints: dict[str, Any]) -> None:
    if (group_id := hints.get("group")) is None:
        return
    group = ctx.world.tx.get(ServerGroup, group_id)
    if group is None or (group.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise BadRequest(reason=f"Instance group {group_id} could not be found.")


def _check_group_members(ctx: Context, count: int) -> None:
    """Refuse (403) more members of a server group than the quota; only the caller's own servers count."""
    group = ctx.world.tx.get(ServerGroup, hints_of(ctx).get("group") or "")
    if group is None:
        return
    members = (ctx.world.tx.get(Server, id) for id in group.members)
    own = sum(1 for each in members if each and not each.deleted and each.user_id == ctx.caller.user_id)
    limit = quotas.get_smallest_limit(ctx.world, ctx.caller.project_id, ctx.caller.user_id, "server_group_members")
    if not quotas.is_within_limit(limit, own + count):
        raise Forbidden(reason="Quota exceeded, too many servers in group")


def _affordable(ctx: Context, flavor: Flavor, low: int, high: int) -> int:
    """As many as the quota lets through, at least *low*, as Nova does for min_count and max_count."""
    for count in range(high, low - 1, -1):
        wanted = {"instances": count, "cores": count * flavor.vcpus, "ram": count * flavor.ram}
        refusal = quotas.find_quota_excess(ctx.world, ctx.caller.project_id, ctx.caller.user_id, wanted)
        if refusal is None:
            return count
    assert refusal is not None
    raise refusal


def _template(
    ctx: Context, body: dict[str, Any], flavor: Flavor, image: Image | None, devices: list[dict[str, Any]]
) -> dict[str, Any]:
    """The fields that all servers of one request share."""
    volume_backed = block_devices.boots_from_volume(devices)
    return {
        "project_id": ctx.caller.project_id,
        "user_id": ctx.caller.user_id,
        "created_at": ctx.world.time,
        "updated_at": ctx.world.time,
        "flavor": references.flavor_snapshot(flavor),
        "image_id": image.id if image and not volume_backed else "",
        "image": references.image_snapshot(image or block_devices.boot_image(ctx, devices)),
        "description": body.get("description") if ctx.minor >= 19 else body["name"].strip(),
        "key_name": body.get("key_name"),
        "metadata": dict(body.get("metadata") or {}),
        "tags": sorted(set(body.get("tags") or [])),
        "access_ip_v4": body.get("accessIPv4") or None,
        "access_ip_v6": body.get("accessIPv6") or None,
        "config_drive": "True" if bool_from_string(body.get("config_drive")) else "",
        "disk_config": body.get("OS-DCF:diskConfig", "MANUAL"),
        "user_data": body.get("user_data"),
        "reservation_id": "r-" + ctx.world.ids.token(),
        "root_device_name": "/dev/vda",
        "trusted_certs": list(body.get("trusted_image_certificates") or []),
        "scheduler_hints": hints_of(ctx),
        "requested_security_groups": list(dict.fromkeys(group_names(body))),
    }


def _make(
    ctx: Context,
    body: dict[str, Any],
    template: dict[str, Any],
    number: int,
    count: int,
    devices: list[dict[str, Any]],
    placement: dict[str, Any],
) -> Server:
    name = body["name"].strip()
    name = f"{name}-{number + 1}" if count > 1 else name
    server = Server(
        id=ctx.world.ids.uuid(), name=name, launch_index=number, number=ctx.world.allocate_number("servers"), **template
    )
    server.hostname = body.get("hostname") or host_name(name, server.id)
    server.metadata, server.tags = dict(server.metadata), list(server.tags)
    block_devices.record(ctx, server, devices)
    _join_group(ctx, server)
    start_task(ctx.world, ACTIONS["create"], server, ctx.caller, dict(placement))
    return server


def host_name(name: str, server_id: str) -> str:
    """
    What the guest calls itself: the server's name with what no host name can have left out.

    Source: recorded create cases ("a/b" gives "ab", "." gives "Server-" and the id).
    """
    text = re.sub(r"[ _.]+", "-", name)
    text = re.sub(r"[^\w-]+", "", text).strip("-").lower()
    return text[:63].rstrip("-") or f"Server-{server_id}"


def _join_group(ctx: Context, server: Server) -> None:
    group = ctx.world.tx.get(ServerGroup, server.scheduler_hints.get("group") or "")
    if group:
        group.members.append(server.id)
        ctx.world.tx.put(group)


def _answer(ctx: Context, body: dict[str, Any], servers: list[Server]) -> Response:
    from novasim.api.views.servers import created_view

    if body.get("return_reservation_id"):  # any word but "", even "False": nova/api/openstack/compute/servers.py
        return Response(202, {"reservation_id": servers[0].reservation_id})
    password = body.get("adminPass") or ctx.world.ids.password(ctx.world.option("password_length"))
    location = f"{ctx.request.endpoint}/v2.1/servers/{servers[0].id}"
    return Response(202, {"server": created_view(ctx, servers[0], password)}, {"Location": location})

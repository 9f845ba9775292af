"""Block devices of a create request: the boot disk and the volumes."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.errors import BadRequest
from novasim.records import Attachment, Flavor, Image, Server, Volume, VolumeSnapshot
from novasim.strutils import bool_from_string

INVALID = "Block Device Mapping is Invalid: "
BOOT_SEQUENCE = INVALID + "Boot sequence for the instance and image/block device mapping combination is not valid."


def read_devices(ctx: Context, body: dict[str, Any], image: Image | None, flavor: Flavor) -> list[dict[str, Any]]:
    """
    Read and check the requested devices, in the order of the request.

    Raises:
        BadRequest: an unknown source, or an impossible combination, size or boot order (400).

    Source: api-ref 'Create Server', block_device_mapping_v2.*; recorded create cases.
    """
    devices = [_read_device(ctx, dict(raw)) for raw in body.get("block_device_mapping_v2") or _convert_legacy(body)]
    if devices:
        ctx.can("os_compute_api:servers:create:attach_volume")
    _check_boot_order(devices, image)
    _check_local_disks(ctx, devices, flavor)
    return devices


def _convert_legacy(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Convert the first version of block device mapping to the second."""
    return [
        {
            "uuid": raw.get("volume_id") or raw.get("snapshot_id"),
            "source_type": "volume" if raw.get("volume_id") else "snapshot",
            "destination_type": "volume",
            "boot_index": 0 if position == 0 and not body.get("imageRef") else None,
            "device_name": raw.get("device_name"),
            "volume_size": raw.get("volume_size"),
            "delete_on_termination": raw.get("delete_on_termination", False),
        }
        for position, raw in enumerate(body.get("block_device_mapping") or [])
        if not raw.get("no_device")
    ]


def _read_device(ctx: Context, raw: dict[str, Any]) -> dict[str, Any]:
    source = raw.get("source_type", "blank")
    target = raw.get("destination_type") or ("volume" if source in ("volume", "snapshot") else "local")
    boot_index = raw.get("boot_index")
    device = {
        "source_type": source,
        "destination_type": target,
        "source_id": raw.get("uuid"),
        "boot_index": int(boot_index) if boot_index not in (None, "None", "") else None,
        "volume_size": int(raw["volume_size"]) if raw.get("volume_size") not in (None, "") else None,
        "delete_on_termination": bool_from_string(raw.get("delete_on_termination")),
        "device": raw.get("device_name"),
        "tag": raw.get("tag"),
        "volume_type": raw.get("volume_type"),
        "guest_format": raw.get("guest_format"),
    }
    _SOURCE_CHECKS[source](ctx, device)
    return device


def _check_image_source(ctx: Context, device: dict[str, Any]) -> None:
    if device["destination_type"] == "local" and device["boot_index"] not in (0, -1):
        raise BadRequest(reason=INVALID + "Mapping image to local is not supported.")
    if device["source_id"] and find_image(ctx, device["source_id"]) is None:
        raise BadRequest(reason=INVALID + f"failed to get image {device['source_id']}.")
    if device["destination_type"] == "volume" and not device["volume_size"]:
        raise BadRequest(
            reason=INVALID + "Images with destination_type 'volume' need to have a non-zero size specified"
        )


def _check_volume_source(ctx: Context, device: dict[str, Any]) -> None:
    volume = ctx.world.tx.get(Volume, device["source_id"] or "")
    if volume is None or (volume.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise BadRequest(reason=INVALID + f"failed to get volume {device['source_id']}.")
    if volume.status != "available" and not volume.multiattach:
        raise BadRequest(
            reason=f"Invalid volume: Volume {volume.id} status must be available or attaching, "
            f"but current status is: {volume.status}"
        )
    device["volume_id"], device["volume_size"] = volume.id, volume.size


def _check_snapshot_source(ctx: Context, device: dict[str, Any]) -> None:
    snapshot = ctx.world.tx.get(VolumeSnapshot, device["source_id"] or "")
    if snapshot is None or (snapshot.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise BadRequest(reason=INVALID + f"failed to get snapshot {device['source_id']}.")
    device["volume_size"] = device["volume_size"] or snapshot.size


def _check_blank_source(ctx: Context, device: dict[str, Any]) -> None:
    if device["destination_type"] == "volume" and not device["volume_size"]:
        raise BadRequest(reason=INVALID + "Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")


_SOURCE_CHECKS = {
    "image": _check_image_source,
    "volume": _check_volume_source,
    "snapshot": _check_snapshot_source,
    "blank": _check_blank_source,
}


def _check_boot_order(devices: list[dict[str, Any]], image: Image | None) -> None:
    order = sorted(d["boot_index"] for d in devices if d["boot_index"] is not None and d["boot_index"] >= 0)
    if devices and image is None and 0 not in order:
        raise BadRequest(reason=INVALID + "No boot device was found: give one the boot_index 0.")
    has_root = any(d["boot_index"] == 0 for d in devices)
    expected = list(range(len(order))) if has_root or not order else list(range(1, len(order) + 1))
    if order != expected:
        raise BadRequest(reason=BOOT_SEQUENCE)


def _check_local_disks(ctx: Context, devices: list[dict[str, Any]], flavor: Flavor) -> None:
    local = [d for d in devices if d["destination_type"] == "local" and d["source_type"] != "image"]
    limit = ctx.world.option("max_local_block_devices")
    if 0 <= limit < len(local):
        raise BadRequest(reason=INVALID + "You specified more local devices than the limit allows")
    swaps = [d for d in local if d["guest_format"] == "swap"]
    if len(swaps) > 1:
        raise BadRequest(reason=INVALID + "More than one swap drive requested.")
    if swaps and (swaps[0]["volume_size"] or 0) > flavor.swap:
        raise BadRequest(reason="Swap drive requested is larger than instance type allows.")
    if sum(d["volume_size"] or flavor.ephemeral for d in local if d not in swaps) > flavor.ephemeral:
        raise BadRequest(
            reason="Ephemeral disks requested are larger than the instance type allows. "
            "If no size is given in one block device mapping, flavor ephemeral size will be used."
        )


def boots_from_volume(devices: list[dict[str, Any]]) -> bool:
    """Whether the boot disk is a volume."""
    return any(d["boot_index"] == 0 and d["destination_type"] == "volume" for d in devices)


def find_boot_image(ctx: Context, devices: list[dict[str, Any]]) -> Image | None:
    """The image from which the boot volume is created; None if it is not."""
    for device in devices:
        if device["boot_index"] == 0 and device["source_type"] == "image":
            return find_image(ctx, device["source_id"] or "")
    return None


def store_devices(ctx: Context, server: Server, devices: list[dict[str, Any]]) -> None:
    """Store the devices that are volumes. The build creates and connects them."""
    for device in devices:
        if device["destination_type"] != "volume":
            continue
        fields = {name: value for name, value in device.items() if name != "guest_format"}
        if fields["boot_index"] == 0:
            fields["device"] = fields["device"] or server.root_device_name
        ctx.world.tx.put(Attachment(id=ctx.world.ids.uuid(), server_id=server.id, **fields))

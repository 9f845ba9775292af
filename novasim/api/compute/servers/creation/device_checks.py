"""
Nova's checks of the block devices of a create request: boot order, sources, sizes, volume types.

Source: nova/compute/api.py, _validate_bdm; nova/block_device.py, get_bdm_image_metadata; nova/compute/utils.py,
check_attach_and_reserve_volume; Cinder, _attachment_reserve.
"""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.creation.block_devices import INVALID, Device, is_ephemeral, is_swap
from novasim.api.context import Context
from novasim.api.image.lookup import find_image
from novasim.api.volume.types import find_type_name
from novasim.errors import BadRequest, NotFound
from novasim.lifecycle.volumes import reservation_refusals
from novasim.records import Flavor, Image, Volume, VolumeSnapshot
from novasim.simulation.device_names import device_letter
from novasim.simulation.volume_creation import read_image

BOOT_SEQUENCE = INVALID + "Boot sequence for the instance and image/block device mapping combination is not valid."
DISK_BUSES = frozenset("fdc ide sata scsi usb virtio xen lxc uml".split())


def find_boot_image(ctx: Context, devices: list[Device], is_legacy: bool) -> Image | None:
    """
    Find what a request without an image boots from: an image for a new volume, or what a volume keeps of its image.

    Args:
        is_legacy: Whether the request names its devices in the first version of the mapping.

    Raises:
        BadRequest: the image, volume or snapshot does not exist, or the volume is not bootable (400).
    """
    for device in devices:
        if device_letter(device["device"] or "") == "a" if is_legacy else device["boot_index"] == 0:
            return _find_image_of(ctx, device)
    return None


def _find_image_of(ctx: Context, device: Device) -> Image | None:
    source, id = device["source_type"], device["source_id"]
    if source == "blank":
        return None
    if source == "image":
        return _get_image(ctx, device)
    if source == "snapshot":
        snapshot: VolumeSnapshot | None = _find_visible(ctx, VolumeSnapshot, id)
        if snapshot is None:
            raise BadRequest(reason=f"Snapshot {id} could not be found.")
        id = snapshot.volume_id
    volume: Volume | None = _find_visible(ctx, Volume, id)
    if volume is None:
        raise BadRequest(reason=INVALID + f"failed to get volume {id}.")
    if not volume.bootable:
        raise BadRequest(reason=f"Block Device {id} is not bootable.")
    return read_image(volume)


def check_and_complete_devices(ctx: Context, devices: list[Device], flavor: Flavor) -> None:
    """
    Check all devices of a request, and set their volume sizes and the names of their volume types.

    Raises:
        BadRequest: an impossible boot order, source, size, number or type (400).
    """
    for device in devices:
        if device["volume_id"] and _find_visible(ctx, Volume, device["volume_id"]) is None:
            raise BadRequest(reason=f"Volume {device['volume_id']} could not be found.")
    boot_indexes = sorted(device["boot_index"] for device in devices if device["boot_index"] >= 0)
    if not boot_indexes or boot_indexes != list(range(len(boot_indexes))):
        raise BadRequest(reason=BOOT_SEQUENCE)
    for device in devices:
        _complete_volume_type(ctx, device)
        if (check_source := _BY_SOURCE.get(device["source_type"])) is not None:
            check_source(ctx, device)
        if device["disk_bus"] and device["disk_bus"] not in DISK_BUSES:
            raise BadRequest(reason="Block Device Mapping is Invalid.")
    _check_local_disks(ctx, devices, flavor)


def check_count(devices: list[Device], max_count: int) -> None:
    """Raises BadRequest (400): several servers cannot share a volume."""
    if max_count > 1 and any(device["source_type"] == "volume" for device in devices):
        raise BadRequest(reason="Cannot attach one or more volumes to multiple instances")


def _complete_volume_type(ctx: Context, device: Device) -> None:
    if not device["volume_type"]:
        return
    try:
        device["volume_type"] = find_type_name(ctx, device["volume_type"])
    except NotFound:
        raise BadRequest(reason=f"Volume type {device['volume_type']} could not be found.") from None


def _check_image_source(ctx: Context, device: Device) -> None:
    _get_image(ctx, device)
    if device["destination_type"] == "volume" and not device["volume_size"]:
        raise BadRequest(reason="Images with destination_type 'volume' need to have a non-zero size specified")


def _complete_volume_source(ctx: Context, device: Device) -> None:
    volume = _find_visible(ctx, Volume, device["volume_id"])
    assert volume is not None  # check_and_complete_devices has looked for all volumes
    for refusal in reservation_refusals(volume, ctx.minor, "Invalid volume: "):
        raise refusal
    device["volume_size"] = volume.size


def _complete_snapshot_source(ctx: Context, device: Device) -> None:
    snapshot = _get_snapshot(ctx, device["source_id"])
    device["volume_size"] = device["volume_size"] or snapshot.size


def _check_blank_source(ctx: Context, device: Device) -> None:
    if device["destination_type"] == "volume" and not device["volume_size"]:
        raise BadRequest(reason="Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")


_BY_SOURCE = {
    "image": _check_image_source,
    "volume": _complete_volume_source,
    "snapshot": _complete_snapshot_source,
    "blank": _check_blank_source,
}


def _check_local_disks(ctx: Context, devices: list[Device], flavor: Flavor) -> None:
    if sum(device["volume_size"] or flavor.ephemeral for device in filter(is_ephemeral, devices)) > flavor.ephemeral:
        raise BadRequest(
            reason="Ephemeral disks requested are larger than the instance type allows. "
            "If no size is given in one block device mapping, flavor ephemeral size will be used."
        )
    swaps = list(filter(is_swap, devices))
    if len(swaps) > 1:
        raise BadRequest(reason=INVALID + "More than one swap drive requested.")
    if swaps and (swaps[0]["volume_size"] or 0) > flavor.swap:
        raise BadRequest(reason="Swap drive requested is larger than instance type allows.")
    limit = ctx.world.option("max_local_block_devices")
    if 0 <= limit < sum(device["destination_type"] == "local" for device in devices):
        raise BadRequest(reason=INVALID + "You specified more local devices than the limit allows")


def _get_image(ctx: Context, device: Device) -> Image:
    image = find_image(ctx, device["source_id"] or "")
    if image is None:
        raise BadRequest(reason=INVALID + f"failed to get image {device['source_id']}.")
    return image


def _get_snapshot(ctx: Context, id: str | None) -> VolumeSnapshot:
    snapshot: VolumeSnapshot | None = _find_visible(ctx, VolumeSnapshot, id)
    if snapshot is None:
        raise BadRequest(reason=INVALID + f"failed to get snapshot {id}.")
    return snapshot


def _find_visible(ctx: Context, kind: Any, id: str | None) -> Any:
    record = ctx.world.tx.get(kind, id or "")
    return record if record and (record.project_id == ctx.caller.project_id or ctx.caller.is_admin) else None

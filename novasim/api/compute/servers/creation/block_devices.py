"""
Block devices of a create request: their form, and the list that a server is built with.

Source: nova/api/openstack/compute/helpers.py, _process_bdms_for_create; nova/block_device.py, from_api and
from_legacy_mapping; nova/compute/api.py, _check_and_transform_bdm.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.records import Attachment, Flavor, Image, Server
from novasim.strutils import bool_from_string

Device = dict[str, Any]

INVALID = "Block Device Mapping is Invalid: "
ROOT_DEVICE = "vda"


def read_devices(ctx: Context, body: dict[str, Any]) -> list[Device]:
    """
    Read the devices of either version of the mapping, and check the form of each.

    Raises:
        BadRequest: both versions at once, or fields that cannot go together (400). PolicyRefusal: the caller may not
            attach volumes (403).
    """
    legacy, current = body.get("block_device_mapping") or [], body.get("block_device_mapping_v2") or []
    if legacy and current:
        raise BadRequest(reason="Using different block_device_mapping syntaxes is not allowed in the same request.")
    has_image = bool(body.get("imageRef"))
    devices = [_read_device(raw, has_image) for raw in current if not raw.get("no_device")]
    devices += [_read_legacy_device(raw) for raw in legacy if not raw.get("no_device")]
    if legacy or current:
        ctx.can("os_compute_api:servers:create:attach_volume")
    return devices


def _read_device(raw: Device, has_image: bool) -> Device:
    source = raw.get("source_type", "blank")
    target = raw.get("destination_type") or ("volume" if source in ("volume", "snapshot") else "local")
    boot_index = _read_boot_index(raw.get("boot_index"))
    if source == "blank" and raw.get("uuid"):
        raise BadRequest(reason=INVALID + "Invalid device UUID.")
    if source != "blank" and not raw.get("uuid"):
        raise BadRequest(reason=INVALID + "Missing device UUID.")
    if source == "image" and target == "local" and not (has_image and boot_index == 0):
        raise BadRequest(reason=INVALID + "Mapping image to local is not supported.")
    if target == "local" and raw.get("volume_type"):
        raise BadRequest(reason=INVALID + "Specifying a volume_type with destination_type=local is not supported.")
    if source == "volume" and raw.get("volume_type"):
        raise BadRequest(reason=INVALID + "Specifying volume type to existing volume is not supported.")
    return _build_device(source, target, raw.get("uuid"), boot_index, raw)


def _read_legacy_device(raw: Device) -> Device:
    """A device of the first version, which does not say whether it boots the server."""
    virtual = raw.get("virtual_name") or ""
    if virtual == "swap" or virtual.startswith("ephemeral"):
        blank = {**raw, "guest_format": "swap" if virtual == "swap" else None}
        return _build_device("blank", "local", None, -1, blank)
    source = "snapshot" if raw.get("snapshot_id") else "volume" if raw.get("volume_id") else ""
    if not source:
        raise BadRequest(reason=INVALID + "Unrecognized legacy format.")
    return _build_device(source, "volume", raw[f"{source}_id"], -1, raw)


def _read_boot_index(value: Any) -> int:
    """A missing boot index, and the words of old clients for it, mean that the device does not boot."""
    return int(value) if value not in (None, "None", "") else -1


def _build_device(source: str, target: str, source_id: str | None, boot_index: int, raw: Device) -> Device:
    name = raw.get("device_name")
    size = raw.get("volume_size")
    return {
        "source_type": source,
        "destination_type": target,
        "source_id": source_id,
        "volume_id": source_id if source == "volume" else None,
        "boot_index": boot_index,
        "volume_size": int(size) if size not in (None, "") else None,
        "delete_on_termination": bool_from_string(raw.get("delete_on_termination")),
        "device": f"/dev/{_short_name(name)}" if name else None,
        "tag": raw.get("tag"),
        "volume_type": raw.get("volume_type"),
        "guest_format": raw.get("guest_format"),
        "disk_bus": raw.get("disk_bus"),
    }


def _short_name(name: str | None) -> str:
    return (name or "").removeprefix("/dev/")


def list_removed_names(body: dict[str, Any]) -> set[str]:
    """The names of devices that the request removes from those of the image."""
    raw = [*(body.get("block_device_mapping") or []), *(body.get("block_device_mapping_v2") or [])]
    return {f"/dev/{_short_name(each.get('device_name'))}" for each in raw if each.get("no_device")}


def complete_devices(
    devices: list[Device], image: Image | None, boot_image: Image | None, is_legacy: bool, removed: set[str]
) -> list[Device]:
    """
    Add the devices that the image defines, and the root disk if the request leaves it to the image.

    Args:
        image: The image that the request names; boot_image: that one, or the one behind the boot volume.
        is_legacy: Whether the request has no devices or names them in the first version of the mapping.
        removed: The names of devices of the image that the server does not get.

    Raises:
        BadRequest: a volume has the name of the root disk of a server that boots from an image (400).
    """
    root_name = find_root_device_name(boot_image)
    if image is not None and root_name is None:
        for device in devices:
            if device["destination_type"] == "volume" and _short_name(device["device"]) == ROOT_DEVICE:
                raise BadRequest(
                    reason=f"The volume cannot be assigned the same device name as the root device {ROOT_DEVICE}"
                )
    own = _list_image_devices(boot_image, root_name)
    has_root = find_root(own) is not None
    if is_legacy and not has_root:
        devices = _choose_legacy_root(devices, image, root_name)
    elif has_root:
        devices = [each for each in devices if not (each["boot_index"] == 0 and each["source_type"] == "image")]
    names = removed | {device["device"] for device in devices if device["device"]}
    return devices + [device for device in own if device["device"] not in names]


def find_root_device_name(image: Image | None) -> str | None:
    """The name of the root device that the image defines, such as /dev/vda; None if it defines none."""
    name = image.properties.get("root_device_name") if image else None
    return f"/dev/{_short_name(str(name))}" if name else None


def _choose_legacy_root(devices: list[Device], image: Image | None, root_name: str | None) -> list[Device]:
    """Boot from the device with the name of the root device, or else from the image."""
    for device in devices:
        if device["source_type"] != "blank" and _short_name(device["device"]) == _short_name(root_name or ROOT_DEVICE):
            device["boot_index"] = 0
    if image is None or find_root(devices):
        return devices
    return [_build_device("image", "local", image.id, 0, {}), *devices]


def _list_image_devices(image: Image | None, root_name: str | None) -> list[Device]:
    """
    The devices that the image of a volume-backed server defines: snapshots of its volumes.

    Raises:
        BadRequest: the image's properties define a device that is not possible (400).
    """
    properties = image.properties if image else {}
    if "block_device_mapping" not in properties:
        return []
    from novasim.api.compute.servers.creation.image_devices import list_entries

    is_current = bool(properties.get("bdm_v2"))
    entries = list_entries(properties["block_device_mapping"], is_current)
    if is_current:
        return [_read_image_device(raw) for raw in entries]
    return _choose_legacy_root([_read_legacy_device(raw) for raw in entries], None, root_name)


def _read_image_device(raw: Device) -> Device:
    source = raw.get("source_type", "blank")
    target = raw.get("destination_type") or "volume"
    return _build_device(source, target, raw.get(f"{source}_id"), _read_boot_index(raw.get("boot_index")), raw)


def add_flavor_disks(devices: list[Device], flavor: Flavor) -> list[Device]:
    """Add the ephemeral disk and the swap disk of the flavor, if the request has none of that kind."""
    added = []
    if flavor.ephemeral and not any(map(is_ephemeral, devices)):
        added.append(_build_device("blank", "local", None, -1, {"volume_size": flavor.ephemeral}))
    if flavor.swap and not any(map(is_swap, devices)):
        swap = {"volume_size": flavor.swap, "guest_format": "swap"}
        added.append(_build_device("blank", "local", None, -1, swap))
    return devices + added


def is_swap(device: Device) -> bool:
    """Whether a device is a swap disk."""
    return bool(device["source_type"] == "blank" and device["guest_format"] == "swap")


def is_ephemeral(device: Device) -> bool:
    """Whether a device is an empty local disk."""
    return device["source_type"] == "blank" and device["destination_type"] == "local" and not is_swap(device)


def find_root(devices: list[Device]) -> Device | None:
    """The device that the server boots from."""
    return next((device for device in devices if device["boot_index"] == 0), None)


def boots_from_volume(devices: list[Device]) -> bool:
    """Whether the boot disk is a volume."""
    root = find_root(devices)
    return root is not None and root["destination_type"] == "volume"


def store_devices(ctx: Context, server: Server, devices: list[Device]) -> None:
    """Store the devices that are volumes or empty local disks. The build names, creates and connects them."""
    for device in devices:
        if device["destination_type"] == "local" and device["source_type"] != "blank":
            continue
        fields = {name: value for name, value in device.items() if name not in ("guest_format", "disk_bus")}
        fields |= {"guest_format": device["guest_format"]} if device["guest_format"] else {}
        ctx.world.tx.put(Attachment(id=ctx.world.ids.uuid(), server_id=server.id, **fields))

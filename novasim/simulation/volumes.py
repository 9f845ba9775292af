"""Volumes of servers: created and attached, detached, and deleted with the server."""

from __future__ import annotations

import itertools
import re
from string import ascii_lowercase

from novasim.records import Attachment, Image, Server, Volume, VolumeSnapshot
from novasim.simulation.world import World

DEFAULT_ROOT_DEVICE = "/dev/vda"


def is_volume_backed(server: Server) -> bool:
    """Whether a server boots from a volume. Such a server has no image and no root disk on its host."""
    return not server.image_id


def find_root_volume(world: World, server: Server) -> Volume | None:
    """Find the volume that a server boots from; None if it boots from an image."""
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        if attachment.boot_index == 0:
            return world.tx.get(Volume, attachment.volume_id or "")
    return None


def list_volumes(world: World, server: Server) -> list[Volume]:
    """All volumes of a server, attached or reserved."""
    attachments = world.tx.query(Attachment, {"server_id": server.id})
    found = [world.tx.get(Volume, attachment.volume_id) for attachment in attachments if attachment.volume_id]
    return [volume for volume in found if volume]


def reserve_volume(world: World, attachment: Attachment) -> None:
    """Reserve a volume for a server whose host has not connected it yet."""
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume is None:
        return
    attachment.attachment_id = world.ids.uuid()
    world.tx.put(attachment)
    volume.attachments = [old for old in volume.attachments if old["server_id"] != attachment.server_id]
    volume.status = "in-use" if volume.attachments else "reserved"
    world.tx.put(volume)


def reserve_all_volumes(world: World, server: Server) -> None:
    """Reserve all volumes of a server: those of a new one, or those that its old host has disconnected."""
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        reserve_volume(world, attachment)


def attach_all_volumes(world: World, server: Server) -> None:
    """Connect all volumes of a server to its host."""
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        attach_volume(world, server, attachment)


def attach_requested_volumes(world: World, server: Server) -> None:
    """Create the volumes that a build requests, and attach all its volumes."""
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        if attachment.destination_type == "volume":
            if attachment.volume_id is None:
                attachment.volume_id = _create_volume(world, server, attachment).id
            attach_volume(world, server, attachment)


def _create_volume(world: World, server: Server, attachment: Attachment) -> Volume:
    """Create a volume from an image or a snapshot, or a blank volume. Like Nova's, it has no name."""
    volume = Volume(
        id=world.ids.uuid(),
        size=attachment.volume_size or 1,
        project_id=server.project_id,
        user_id=server.user_id,
        bootable=attachment.boot_index == 0,
        created_at=world.time,
        updated_at=world.time,
    )
    if attachment.volume_type:
        volume.volume_type = attachment.volume_type
    if attachment.source_type == "snapshot" and world.tx.get(VolumeSnapshot, attachment.source_id or ""):
        volume.snapshot_id = attachment.source_id
    if attachment.source_type == "image" and (image := world.tx.get(Image, attachment.source_id or "")):
        volume.image_metadata = describe_image(image)
        volume.bootable = True
    world.tx.put(volume)
    return volume


def snapshot_for_image(world: World, attachment: Attachment, name: str) -> dict[str, object] | None:
    """Create a snapshot of an attached volume. Return the device that the image *name* defines for it."""
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume is None:
        return None
    snapshot = VolumeSnapshot(
        id=world.ids.uuid(),
        volume_id=volume.id,
        size=volume.size,
        project_id=volume.project_id,
        name=f"snapshot for {name}",
        description=volume.description,
        created_at=world.time,
        updated_at=world.time,
    )
    world.tx.put(snapshot)
    return {
        "source_type": "snapshot",
        "destination_type": "volume",
        "snapshot_id": snapshot.id,
        "boot_index": attachment.boot_index,
        "delete_on_termination": attachment.delete_on_termination,
        "volume_size": volume.size,
        "device_name": attachment.device,
    }


def describe_image(image: Image) -> dict[str, str]:
    """What a volume keeps of the image that it was created from."""
    return {
        "image_id": image.id,
        "image_name": image.name or "",
        "min_disk": str(image.min_disk),
        "min_ram": str(image.min_ram),
        "size": str(image.size or 0),
        "checksum": image.checksum or "",
        "container_format": image.container_format or "",
        "disk_format": image.disk_format or "",
    }


def attach_volume(world: World, server: Server, attachment: Attachment) -> None:
    """Attach a volume to a server."""
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume is None:
        return
    attachment.attachment_id = attachment.attachment_id or world.ids.uuid()
    if server.host:  # a server on no host gets its device names when it is unshelved
        attachment.device = attachment.device or find_next_device(world, server)
    volume.status = "in-use"
    volume.attachments = [old for old in volume.attachments if old["server_id"] != server.id]
    volume.attachments.append(
        {
            "server_id": server.id,
            "attachment_id": attachment.attachment_id,
            "device": attachment.device,
            "attached_at": world.time,
        }
    )
    world.tx.put(attachment)
    world.tx.put(volume)


def detach_volume(world: World, attachment: Attachment, deleting: bool = False) -> None:
    """Detach a volume. With *deleting*, delete it if it was attached with delete_on_termination."""
    world.tx.delete(attachment)
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume is None:
        return
    volume.attachments = [old for old in volume.attachments if old["server_id"] != attachment.server_id]
    if deleting and attachment.delete_on_termination and not volume.attachments:
        world.tx.delete(volume)
        return
    volume.status = "in-use" if volume.attachments else _free_status(world, volume)
    world.tx.put(volume)


def _free_status(world: World, volume: Volume) -> str:
    """The status of a volume that no server is connected to: another server may have reserved it."""
    return "reserved" if world.tx.query(Attachment, {"volume_id": volume.id}) else "available"


def detach_all_volumes(world: World, server: Server, deleting: bool = False) -> None:
    """Detach all volumes of a server; see `detach_volume`."""
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        detach_volume(world, attachment, deleting)


def find_root_device(world: World, server: Server) -> str:
    """The name of the device that a server boots from."""
    devices = world.tx.query(Attachment, {"server_id": server.id})
    return next((device.device for device in devices if device.boot_index == 0 and device.device), DEFAULT_ROOT_DEVICE)


def is_device_used(world: World, server: Server, device: str) -> bool:
    """Whether a disk of the server has the letter of a device name: /dev/sdb and /dev/vdb are the same disk."""
    return device_letter(device) in _used_letters(world, server)


def device_letter(device: str) -> str:
    """The letter of a device name: b of /dev/vdb, vdb or /dev/vdb1. Source: nova/block_device.py, match_device."""
    match = re.match(r"/dev/x?[a-z]?d?([a-z]+)[0-9]*$", "/dev/" + device.removeprefix("/dev/"))
    return match[1] if match else device


def find_next_device(world: World, server: Server) -> str:
    """Find the first free device name, from /dev/vda on if the server boots from a volume, else from /dev/vdb on."""
    used = _used_letters(world, server)
    letters = itertools.chain(ascii_lowercase, map("".join, itertools.product(ascii_lowercase, repeat=2)))
    return next(f"/dev/vd{letter}" for letter in letters if letter not in used)


def _used_letters(world: World, server: Server) -> set[str]:
    attachments = world.tx.query(Attachment, {"server_id": server.id})
    used = {device_letter(attachment.device) for attachment in attachments if attachment.device}
    return used if is_volume_backed(server) else used | {device_letter(server.root_device_name or DEFAULT_ROOT_DEVICE)}

"""The volumes of servers, and their snapshots."""

from __future__ import annotations

from novasim.records import Attachment, Image, Server, Volume, VolumeSnapshot, VolumeTransfer
from novasim.simulation.hosts.volume_services import describe_new_snapshot
from novasim.simulation.world import World

DEVICE_FIELDS = (
    *("source_type", "destination_type", "guest_format", "device_type", "disk_bus", "boot_index", "device_name"),
    *("delete_on_termination", "snapshot_id", "volume_id", "volume_size", "image_id", "no_device", "tag"),
    *("volume_type", "encrypted", "encryption_secret_uuid", "encryption_format", "encryption_options"),
)


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


def remove_volume(world: World, volume: Volume) -> None:
    """Delete the records of a volume and of its offers to other projects."""
    for transfer in world.tx.query(VolumeTransfer, {"volume_id": volume.id}):
        world.tx.delete(transfer)
    world.tx.delete(volume)


def snapshot_for_image(world: World, attachment: Attachment, image: Image) -> dict[str, object]:
    """Create a snapshot of an attached volume, in the project of an image. Return the device that the image defines."""
    device = describe_device(attachment) | {"tag": None, "volume_type": None}
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume is None:
        return device
    snapshot = VolumeSnapshot(
        id=world.ids.uuid(),
        volume_id=volume.id,
        size=volume.size,
        project_id=image.owner,
        name=f"snapshot for {image.name}",
        description=volume.description,
        created_at=world.time,
        updated_at=world.time,
        **describe_new_snapshot(world),
    )
    world.tx.put(snapshot)
    return device | {"source_type": "snapshot", "snapshot_id": snapshot.id, "volume_size": volume.size}


def describe_device(attachment: Attachment) -> dict[str, object]:
    """
    A block device of a server as its image describes it, with every field that Nova writes.

    Source: nova/block_device.py, BlockDeviceDict.get_image_mapping.
    """
    is_local = attachment.destination_type == "local"
    fields = dict.fromkeys(DEVICE_FIELDS)
    return fields | {
        "source_type": attachment.source_type,
        "destination_type": attachment.destination_type,
        "boot_index": attachment.boot_index,
        "device_name": attachment.device,
        "delete_on_termination": is_local or attachment.delete_on_termination,
        "volume_size": attachment.volume_size,
        "device_type": "disk" if is_local else None,
        "tag": attachment.tag,
        "volume_type": attachment.volume_type,
    }

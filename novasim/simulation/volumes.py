"""The volumes of servers, and their snapshots."""

from __future__ import annotations

from novasim.records import Attachment, Server, Volume, VolumeSnapshot
from novasim.simulation.world import World


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

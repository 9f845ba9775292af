"""Effects of create-image and create-backup: the image exists at once and is complete after the upload."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Variant
from novasim.lifecycle.images import NO_GUEST_AGENT, lacks_agent_to_quiesce
from novasim.records import Server, Task
from novasim.simulation import images, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.world import World


def create_snapshot(world: World, server: Server, args: dict[str, Any]) -> str:
    """Create the queued image. Args: name, properties, requester. Sets image (id) in the arguments."""
    image = images.create_snapshot(world, server, args["name"], args["properties"], args.get("requester"))
    args["image"] = image.id
    if volumes.is_volume_backed(server):
        images.complete_volume_image(world, image, server, args["properties"])
        return Variant.ON_VOLUME
    return ""


def start_upload(world: World, server: Server, task: Task) -> None:
    """
    Mark the image as being uploaded.

    Raises:
        TaskFailed: the image of the server requires a guest agent that it does not have.

    Source: nova/virt/libvirt/driver.py, _live_snapshot.
    """
    if lacks_agent_to_quiesce(server):
        raise TaskFailed(NO_GUEST_AGENT, code=400)
    images.set_status(world, task.args.get("image"), "saving")


def finish_upload(world: World, server: Server, task: Task) -> None:
    """Complete the image; that of a server that boots from a volume is already complete."""
    if task.variant != Variant.ON_VOLUME:
        images.complete_upload(world, task.args.get("image"), server)


def finish_backup(world: World, server: Server, task: Task) -> None:
    """Complete the backup and delete the oldest ones of its type. Args: backup_type, rotation, requester."""
    finish_upload(world, server, task)
    images.rotate_backups(world, server, task.args["backup_type"], task.args["rotation"], task.args.get("requester"))


def discard_image(world: World, server: Server, task: Task) -> None:
    """Delete an incomplete image."""
    images.discard_incomplete(world, task.args.get("image"))


EFFECTS = {
    "create-image": Effect(
        create_snapshot, on_phase_end={"image_snapshot": start_upload}, on_finish=finish_upload, undo=discard_image
    ),
    "create-backup": Effect(
        create_snapshot, on_phase_end={"image_backup": start_upload}, on_finish=finish_backup, undo=discard_image
    ),
}

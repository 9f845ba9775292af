"""
The effect of swap-volume, with which the volume service replaces an attached volume.

Source: nova/compute/api.py, swap_volume; nova/compute/manager.py, _swap_volume; Cinder, volume/api.py,
migrate_volume_completion.
"""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.volumes import is_migrating
from novasim.records import Attachment, Server, Task, Volume
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.volume_attachments import (
    add_reservation,
    cancel_reservation,
    complete_attachment,
    mark_detaching,
    release_volume,
    unmark_detaching,
)
from novasim.simulation.world import World


def begin_swap(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Reserve the new volume, and mark the old one as detaching. Args: attachment, volume (the new one; ids).

    Sets attachment_id, that of the reservation, in the arguments. A volume that is migrating keeps its status.
    """
    attachment, old, new = _find(world, args)
    args["attachment_id"] = world.ids.uuid()
    if attachment and old and not is_migrating(old):
        mark_detaching(world, attachment)
    if new:
        add_reservation(new, args["attachment_id"], server.id)
        world.tx.put(new)
    return ""


def _find(world: World, args: dict[str, Any]) -> tuple[Attachment | None, Volume | None, Volume | None]:
    """The server's record of the old volume, the old volume and the new one."""
    attachment = world.tx.get(Attachment, args["attachment"])
    old = world.tx.get(Volume, attachment.volume_id or "") if attachment else None
    return attachment, old, world.tx.get(Volume, args["volume"])


def finish_swap(world: World, server: Server, task: Task) -> None:
    """
    Connect the new volume, disconnect the old one, and report to the volume service if it is migrating the volume.

    Raises:
        TaskFailed: the volume service knows of no migration to the new volume. The volumes are swapped all the same,
            but the server's record of its volumes stays as it was.
    """
    attachment, old, new = _find(world, task.args)
    if attachment is None or old is None or new is None:
        return
    swapped = Attachment(**vars(attachment) | {"volume_id": new.id, "attachment_id": task.args["attachment_id"]})
    complete_attachment(world, new, swapped)
    release_volume(world, attachment)
    task.args["is_swapped"] = True
    if refusal := _find_completion_refusal(old, new):
        raise TaskFailed(f"Invalid input received: Invalid volume: {refusal}", code=400)
    swapped.volume_size = max(attachment.volume_size or 0, new.size)
    swapped.source_type = swapped.destination_type = "volume"
    world.tx.put(swapped)


def _find_completion_refusal(old: Volume, new: Volume) -> str:
    """Why the volume service does not complete a migration; "" if Nova does not ask it to."""
    if old.migration_status != "migrating":
        return ""
    if not new.migration_status:
        return "Destination volume not mid-migration."
    return f"Destination has migration_status {new.migration_status}, expected target:{old.id}."


def undo_swap(world: World, server: Server, task: Task) -> None:
    """The old volume stays attached and the new one is free again, unless they have been swapped already."""
    if task.args.get("is_swapped"):
        return
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        unmark_detaching(world, attachment)
    cancel_reservation(world, task.args["volume"], task.args["attachment_id"])


EFFECTS = {"swap-volume": Effect(begin_swap, {"": finish_swap}, undo=undo_swap)}

"""Snapshots and backups: an image is queued at once and completed by the upload."""

from __future__ import annotations

from typing import Any

from novasim.records import Server, Task
from novasim.simulation import images
from novasim.simulation.effects import Effect
from novasim.simulation.world import World


def start(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: name, properties. The image is there at once, queued; its id is added to the arguments."""
    args["image"] = images.create_snapshot(world, server, args["name"], args["properties"]).id
    return ""


def saving(world: World, server: Server, task: Task) -> None:
    """The disk has been copied; the upload begins."""
    images.set_status(world, task.args.get("image"), "saving")


def uploaded(world: World, server: Server, task: Task) -> None:
    """The image is complete."""
    images.complete_upload(world, task.args.get("image"), server)


def backed_up(world: World, server: Server, task: Task) -> None:
    """The backup is complete, and older ones of its type make room."""
    uploaded(world, server, task)
    images.rotate_backups(world, server, task.args["backup_type"], task.args["rotation"])


def undo(world: World, server: Server, task: Task) -> None:
    """A half-made image is removed."""
    images.discard_incomplete(world, task.args.get("image"))


EFFECTS = {
    "create-image": Effect(start, on_phase_end={"image_snapshot": saving}, on_finish=uploaded, undo=undo),
    "create-backup": Effect(start, on_phase_end={"image_backup": saving}, on_finish=backed_up, undo=undo),
}

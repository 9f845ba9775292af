"""Images that Nova creates from servers: snapshots, backups and images of shelved servers."""

from __future__ import annotations

from typing import Any

from novasim.records import Image, Server
from novasim.simulation.world import World

GIB = 1024**3
NOT_INHERITED = frozenset({"image_type", "backup_type", "instance_uuid", "base_image_ref", "user_id"})


def create_snapshot(world: World, server: Server, name: str, properties: dict[str, Any]) -> Image:
    """
    Create a queued image of a server.

    Like Nova's snapshots, it inherits the properties of the server's image and needs a disk as large as the server's.
    """
    inherited = {k: v for k, v in server.image.get("properties", {}).items() if k not in NOT_INHERITED}
    image = Image(
        id=world.ids.uuid(),
        name=name,
        status="queued",
        visibility="private",
        size=None,
        owner=server.project_id,
        min_disk=max(server.flavor["disk"], server.image.get("min_disk", 0)),
        min_ram=server.image.get("min_ram", 0),
        properties={
            **inherited,
            "base_image_ref": server.image_id,
            "instance_uuid": server.id,
            "user_id": server.user_id,
            **properties,
        },
        created_at=world.time,
        updated_at=world.time,
    )
    world.tx.put(image)
    return image


def set_status(world: World, image_id: str | None, status: str) -> None:
    """Set the status of an image, if it still exists."""
    if image := world.tx.get(Image, image_id or ""):
        image.status = status
        image.updated_at = world.time
        world.tx.put(image)


def complete_upload(world: World, image_id: str | None, server: Server) -> None:
    """Finish the upload of an image. Its size is a tenth of the server's disk."""
    if image := world.tx.get(Image, image_id or ""):
        image.size = max(1, server.flavor["disk"]) * GIB // 10
        image.checksum = world.ids.uuid().replace("-", "")
        set_status(world, image.id, "active")


def discard_incomplete(world: World, image_id: str | None) -> None:
    """Delete an image whose upload has not finished."""
    image = world.tx.get(Image, image_id or "")
    if image and image.status != "active":
        world.tx.delete(image)


def rotate_backups(world: World, server: Server, backup_type: str, keep: int) -> None:
    """Delete the backups of a server with a type, except for the *keep* newest."""
    backups = [
        image
        for image in world.tx.query(Image, {"owner": server.project_id})
        if image.properties.get("instance_uuid") == server.id
        and image.properties.get("backup_type") == backup_type
        and image.properties.get("image_type") == "backup"
    ]
    backups.sort(key=lambda image: image.created_at)
    for image in backups[: max(0, len(backups) - keep)]:
        world.tx.delete(image)

"""Images that Nova creates from servers: snapshots, backups and images of shelved servers."""

from __future__ import annotations

import json
from typing import Any

from novasim.records import Attachment, Image, ImageData, Server
from novasim.simulation import volumes
from novasim.simulation.world import World

GIB = 1024**3
NOT_INHERITED = frozenset(
    (
        *("image_type", "backup_type", "instance_uuid", "base_image_ref", "user_id"),
        *("cache_in_nova", "bittorrent", "cinder_encryption_key_id", "cinder_encryption_key_deletion_policy"),
        *("img_signature", "img_signature_hash_method", "img_signature_key_type", "img_signature_certificate_uuid"),
    )
)

Requester = dict[str, Any]  # user_id, project_id and is_admin of the caller whose request created or needs an image


def create_snapshot(
    world: World, server: Server, name: str, properties: dict[str, Any], requester: Requester | None = None
) -> Image:
    """
    Create a queued image of a server.

    Like Nova's snapshots, it inherits the properties of the server's image, needs a disk as large as the server's, and
    belongs to the project of the requester. If that is not the project of the server, the image is shared with it.

    Source: nova/compute/utils.py, create_image and initialize_instance_snapshot_metadata.
    """
    inherited = {k: v for k, v in server.image.get("properties", {}).items() if _is_inherited(k)}
    owner = requester["project_id"] if requester else server.project_id
    is_own = owner == server.project_id
    image = Image(
        id=world.ids.uuid(),
        name=name,
        status="queued",
        visibility="private" if is_own else "shared",
        size=None,
        owner=owner,
        members={} if is_own else {server.project_id: "pending"},
        min_disk=server.image.get("min_disk", server.flavor["disk"]),
        min_ram=server.image.get("min_ram", 0),
        properties={
            **inherited,
            "base_image_ref": get_base_image_id(server),
            "instance_uuid": server.id,
            "user_id": requester["user_id"] if requester else server.user_id,
            **properties,
        },
        created_at=world.time,
        updated_at=world.time,
    )
    world.tx.put(image)
    return image


def get_base_image_id(server: Server) -> str:
    """
    The image from which the server's disk comes at last: that of a snapshot, if the server was created from one.

    Source: nova/compute/api.py, _populate_instance_for_create; rebuild, resize and shelve forget it.
    """
    return server.image.get("base_image_ref") or server.image_id or server.image_ref


def forget_base_image(server: Server) -> None:
    """Take the server's own image for the one from which its disk comes."""
    if "base_image_ref" in server.image:
        server.image = {name: value for name, value in server.image.items() if name != "base_image_ref"}


def _is_inherited(name: str) -> bool:
    return name not in NOT_INHERITED and not name.startswith("os_glance")


def complete_volume_image(world: World, image: Image, server: Server, metadata: dict[str, Any]) -> None:
    """
    Complete the image of a server that boots from a volume: it has no data, and refers to snapshots of all volumes.

    Source: nova/compute/api.py, snapshot_volume_backed.
    """
    dropped = {"instance_uuid", "user_id", "block_device_mapping", "bdm_v2", "root_device_name"} - metadata.keys()
    properties = {name: value for name, value in image.properties.items() if name not in dropped}
    properties["root_device_name"] = server.root_device_name or "/dev/vda"
    attachments = world.tx.query(Attachment, {"server_id": server.id})
    mapping = [volumes.describe_device(each) for each in attachments if each.destination_type == "local"]
    mapping += [volumes.snapshot_for_image(world, each, image) for each in attachments if each.volume_id]
    properties |= {"block_device_mapping": json.dumps(mapping), "bdm_v2": "True"}
    image.properties, image.size, image.status, image.disk_format = properties, 0, "active", "raw"
    world.tx.put(image)


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


def rotate_backups(
    world: World, server: Server, backup_type: str, keep: int, requester: Requester | None = None
) -> None:
    """
    Delete the oldest backups of a server with a type, so that *keep* remain. Backups that cannot be deleted remain too.

    Source: nova/compute/manager.py, _rotate_backups.
    """
    backups = [
        image
        for image in world.tx.query(Image)
        if image.properties.get("instance_uuid") == server.id
        and image.properties.get("backup_type") == backup_type
        and image.properties.get("image_type") == "backup"
        and _is_listed_for(image, requester)
    ]
    backups.sort(key=lambda image: image.created_at)
    for image in backups[: max(0, len(backups) - keep)]:
        delete_for(world, image.id, requester)


def _is_listed_for(image: Image, requester: Requester | None) -> bool:
    if requester is None or requester["is_admin"] or image.owner == requester["project_id"]:
        return True
    return image.visibility == "public" or image.members.get(requester["project_id"]) == "accepted"


def find_visible_for(world: World, image_id: str | None, requester: Requester | None) -> Image | None:
    """Find an image that the requester may see by its id; None if it does not exist or is private."""
    image = world.tx.get(Image, image_id or "")
    if image is None or _is_listed_for(image, requester) or image.visibility == "community":
        return image
    return image if requester and requester["project_id"] in image.members else None


def delete_for(world: World, image_id: str | None, requester: Requester | None) -> None:
    """
    Delete an image in the name of the requester (None: the system).

    Nothing happens if the image does not exist, is protected or belongs to another project: Nova ignores that.
    """
    image = world.tx.get(Image, image_id or "")
    if image is None or image.protected:
        return
    if requester and not requester["is_admin"] and image.owner != requester["project_id"]:
        return
    if data := world.tx.get(ImageData, image.id):
        world.tx.delete(data)
    world.tx.delete(image)

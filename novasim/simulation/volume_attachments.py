"""
Attachments of volumes to servers: reserved, connecting, connected, released.

A volume's `reserved` are attachments that no host has completed; its `attachments` are complete. Its status follows
from both.

Source: Cinder, volume/api.py, _attachment_reserve; db/api.py, volume_attached and volume_detached; Nova,
compute/manager.py, _terminate_volume_connections and _cleanup_volumes.
"""

from __future__ import annotations

from typing import Any

from novasim.records import Attachment, Server, Volume, VolumeSnapshot
from novasim.simulation.device_names import set_device_name
from novasim.simulation.failures import BuildAborted, TaskFailed
from novasim.simulation.volumes import remove_volume
from novasim.simulation.world import World

RESERVED, ATTACHING = "reserved", "attaching"


def compute_status(volume: Volume) -> str:
    """The status of a volume that follows from its attachments."""
    if volume.attachments:
        return "in-use"
    states = {entry["status"] for entry in volume.reserved}
    return ATTACHING if ATTACHING in states else RESERVED if states else "available"


def reserve_volume(world: World, attachment: Attachment) -> None:
    """
    Reserve a volume for a server, under a new attachment ID.

    The attachment of the server's previous host, if there is one, is removed.
    """
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume is None:
        return
    previous, attachment.attachment_id = attachment.attachment_id, world.ids.uuid()
    world.tx.put(attachment)
    add_reservation(volume, attachment.attachment_id, attachment.server_id)
    remove_entry(volume, previous)
    world.tx.put(volume)


def add_reservation(volume: Volume, attachment_id: str, server_id: str) -> None:
    """Add an attachment that no host has completed. The caller saves the volume."""
    volume.reserved.append(describe_reservation(attachment_id, server_id))
    if volume.status in ("available", "downloading") or (volume.multiattach and volume.status == "in-use"):
        volume.status = RESERVED


def cancel_reservation(world: World, volume_id: str, attachment_id: str) -> None:
    """Remove a reservation, if the volume still has it."""
    if volume := world.tx.get(Volume, volume_id):
        remove_entry(volume, attachment_id)
        world.tx.put(volume)


def list_entries(volume: Volume) -> list[dict[str, Any]]:
    """All attachments of a volume, complete ones first."""
    return [*volume.attachments, *volume.reserved]


def describe_reservation(attachment_id: str, server_id: str) -> dict[str, Any]:
    """An attachment that no host has completed."""
    return {"attachment_id": attachment_id, "server_id": server_id, "status": RESERVED, "device": ""}


def describe_connection(attachment_id: str, server_id: str, device: str | None, time: str) -> dict[str, Any]:
    """An attachment that a host has completed, at a time as in records."""
    return {"server_id": server_id, "attachment_id": attachment_id, "device": device, "attached_at": time}


def remove_entry(volume: Volume, attachment_id: str) -> None:
    """Remove an attachment of a volume, if it has it. The status follows."""
    if not any(entry["attachment_id"] == attachment_id for entry in list_entries(volume)):
        return
    volume.attachments = [entry for entry in volume.attachments if entry["attachment_id"] != attachment_id]
    volume.reserved = [entry for entry in volume.reserved if entry["attachment_id"] != attachment_id]
    volume.status = compute_status(volume)


def reserve_all_volumes(world: World, server: Server) -> None:
    """Reserve all volumes of a server: those of a new one, or those that its old host has disconnected."""
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        reserve_volume(world, attachment)


def mark_attaching(world: World, attachment: Attachment) -> bool:
    """Mark a volume as being connected by a host. Returns False if it is not reserved for that."""
    volume = world.tx.get(Volume, attachment.volume_id or "")
    entries = volume.reserved if volume else []
    entry = next((each for each in entries if each["attachment_id"] == attachment.attachment_id), None)
    if volume is None or entry is None:
        return False
    entry |= {"status": ATTACHING, "device": attachment.device or ""}
    volume.status = ATTACHING
    world.tx.put(volume)
    return True


def attach_volume(world: World, server: Server, attachment: Attachment) -> None:
    """Complete the attachment of a volume. A server on no host gets the device names when it is unshelved."""
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume is None:
        return
    if server.host:
        set_device_name(world, server, attachment)
    attachment.attachment_id = attachment.attachment_id or world.ids.uuid()
    world.tx.put(attachment)
    complete_attachment(world, volume, attachment)


def complete_attachment(world: World, volume: Volume, attachment: Attachment) -> None:
    """Record in a volume that a host has connected it as the server's record says."""
    remove_entry(volume, attachment.attachment_id)
    volume.status = "in-use"
    entry = describe_connection(attachment.attachment_id, attachment.server_id, attachment.device, world.time)
    volume.attachments.append(entry)
    world.tx.put(volume)


def attach_all_volumes(world: World, server: Server) -> None:
    """
    Connect all volumes of a server to its host.

    Raises:
        BuildAborted: the server has the same volume twice.
    """
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        _check_single_connection(world, server, attachment)
        attach_volume(world, server, attachment)


def _check_single_connection(world: World, server: Server, attachment: Attachment) -> None:
    volume = world.tx.get(Volume, attachment.volume_id or "")
    for entry in volume.attachments if volume else ():
        if entry["server_id"] == server.id and entry["attachment_id"] != attachment.attachment_id:
            raise BuildAborted(
                server.id,
                f"Volume {attachment.volume_id} is already connected with attachment {entry['attachment_id']} "
                f"on host {server.host}",
            )


def connect_to_target(world: World, server: Server) -> dict[str, str]:
    """
    Connect all volumes of a server to the target of a live migration; the source keeps its connections meanwhile.

    Returns:
        The IDs of the attachments to the source, by the ID of the server's record of the volume.

    Raises:
        TaskFailed: the volume service does not reserve a volume. No volume has changed then.

    Source: nova/compute/manager.py, pre_live_migration.
    """
    records = [
        (each, world.tx.get(Volume, each.volume_id or ""))
        for each in world.tx.query(Attachment, {"server_id": server.id})
    ]
    for _, volume in records:
        check_reservable(volume)
    previous = {}
    for attachment, volume in records:
        if volume is not None:
            previous[attachment.id], attachment.attachment_id = attachment.attachment_id, world.ids.uuid()
            world.tx.put(attachment)
            complete_attachment(world, volume, attachment)
    return previous


def check_reservable(volume: Volume | None) -> None:
    """
    Check that the volume service gives a volume that a server has to another host of the same server.

    Raises:
        TaskFailed: its status does not allow that.

    Source: Cinder, volume/api.py, _attachment_reserve.
    """
    if volume is not None and volume.status not in ("available", "downloading", "in-use", RESERVED):
        raise TaskFailed(
            f"Invalid volume: Volume {volume.id} status must be available or downloading to reserve, but the current "
            f"status is {volume.status}.",
            code=400,
        )


def disconnect_source(world: World, previous: dict[str, str]) -> None:
    """Remove the connections to the source of a live migration that `connect_to_target` has returned."""
    for id, attachment_id in previous.items():
        if attachment := world.tx.get(Attachment, id):
            cancel_reservation(world, attachment.volume_id or "", attachment_id)


def disconnect_target(world: World, previous: dict[str, str]) -> None:
    """Remove the connections to the target of a live migration that does not take place."""
    for id, attachment_id in previous.items():
        if attachment := world.tx.get(Attachment, id):
            cancel_reservation(world, attachment.volume_id or "", attachment.attachment_id)
            attachment.attachment_id = attachment_id
            world.tx.put(attachment)


def mark_detaching(world: World, attachment: Attachment) -> None:
    """Mark a volume as being disconnected by a host."""
    if volume := world.tx.get(Volume, attachment.volume_id or ""):
        volume.status = "detaching"
        world.tx.put(volume)


def unmark_detaching(world: World, attachment: Attachment) -> None:
    """Mark a volume as attached again, because the host could not disconnect it."""
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume and volume.status == "detaching":
        volume.status = "in-use"
        world.tx.put(volume)


def detach_volume(world: World, attachment: Attachment, deleting: bool = False) -> None:
    """Release a volume. With *deleting*, delete it if it was attached with delete_on_termination."""
    world.tx.delete(attachment)
    release_volume(world, attachment, deleting)


def release_volume(world: World, attachment: Attachment, deleting: bool = False) -> None:
    """Release a volume; the record of the server's device stays. See `detach_volume`."""
    volume = world.tx.get(Volume, attachment.volume_id or "")
    if volume is None:
        return
    remove_entry(volume, attachment.attachment_id)
    if deleting and attachment.delete_on_termination and not _is_kept(world, volume):
        remove_volume(world, volume)
        return
    world.tx.put(volume)


def _is_kept(world: World, volume: Volume) -> bool:
    """Whether the volume service refuses to delete a volume. Nova only logs this. Source: Cinder, API.delete."""
    return bool(volume.attachments or volume.group_id or world.tx.query(VolumeSnapshot, {"volume_id": volume.id}))


def detach_all_volumes(world: World, server: Server) -> None:
    """Release all volumes of a server that is deleted, and delete those with delete_on_termination."""
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        detach_volume(world, attachment, deleting=True)


def release_all_volumes(world: World, server: Server) -> None:
    """Release all volumes of a server; they stay in the list of its volumes until it is deleted."""
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        release_volume(world, attachment)


def release_after_abort(world: World, server: Server) -> None:
    """
    Release the volumes of a build that a host has aborted, and delete those with delete_on_termination.

    The others stay in the list of the server's volumes until the server is deleted.
    """
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        release_volume(world, attachment, deleting=True)
        if attachment.delete_on_termination:
            world.tx.delete(attachment)

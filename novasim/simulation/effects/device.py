"""Volumes and interfaces that come and go while a server lives."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Variant
from novasim.records import Attachment, Port, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.world import World


def attach_volume(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: volume (id), size (GiB), device (or None), tag, delete_on_termination. Sets device and attachment (id)."""
    args["device"] = args["device"] or volumes.find_next_device(world, server)
    attachment = Attachment(
        id=world.ids.uuid(),
        server_id=server.id,
        volume_id=args["volume"],
        attachment_id=world.ids.uuid(),
        device=args["device"],
        tag=args["tag"],
        volume_size=args["size"],
        delete_on_termination=args["delete_on_termination"],
    )
    world.tx.put(attachment)
    args["attachment"] = attachment.id
    return choose_variant(world, server, args)


def choose_variant(world: World, server: Server, args: dict[str, Any]) -> str:
    """For a server on no host only the records change."""
    return Variant.OFFLOADED if server.host is None else ""


def attach_port(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: what `network.plug` needs. Sets port (id)."""
    groups = network.find_security_group_ids(world, server.project_id, ["default"])
    port = network.plug(world, server, args, groups)
    args["port"] = port.id if port else None
    return ""


def volume_attached(world: World, server: Server, task: Task) -> None:
    """Args: attachment (id of the record that waits for its volume)."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        volumes.attach_volume(world, server, attachment)


def attach_undone(world: World, server: Server, task: Task) -> None:
    """The volume is free again, as nova-compute leaves it when the connection fails."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        volumes.detach_volume(world, attachment)


def volume_detached(world: World, server: Server, task: Task) -> None:
    """Args: attachment (id)."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        volumes.detach_volume(world, attachment)


def port_detached(world: World, server: Server, task: Task) -> None:
    """Args: port (id)."""
    if port := world.tx.get(Port, task.args["port"]):
        network.unplug(world, port)


EFFECTS = {
    "attach-volume": Effect(on_accept=attach_volume, on_finish=volume_attached, undo=attach_undone),
    "detach-volume": Effect(on_accept=choose_variant, on_finish=volume_detached),
    "attach-port": Effect(on_accept=attach_port),
    "detach-port": Effect(on_finish=port_detached),
}

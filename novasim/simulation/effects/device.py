"""Effects of attaching and detaching volumes and ports."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Variant
from novasim.records import Attachment, Port, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.network_allocation import plug_requested
from novasim.simulation.world import World


def attach_volume(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Record the attachment. Args: volume (id), size (GiB), device (or None), tag, delete_on_termination.

    Sets device and attachment (id) in the arguments.
    """
    if server.host:
        letter = volumes.device_letter(args["device"] or volumes.find_next_device(world, server))
        args["device"] = f"/dev/vd{letter}"
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
    return choose_attachment_variant(world, server, args)


def choose_attachment_variant(world: World, server: Server, args: dict[str, Any]) -> str:
    """Select the variant for a server on no host."""
    return Variant.OFFLOADED if server.host is None else ""


def attach_port(world: World, server: Server, args: dict[str, Any]) -> str:
    """Plug in a port. Args: what `plug_requested` needs. Sets port (id) in the arguments."""
    groups = network.find_security_group_ids(world, server.project_id, ["default"])
    port = plug_requested(world, server, args, groups)
    args["port"] = port.id if port else None
    return ""


def connect_volume(world: World, server: Server, task: Task) -> None:
    """Connect the volume. Args: attachment (id)."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        volumes.attach_volume(world, server, attachment)


def undo_attach_volume(world: World, server: Server, task: Task) -> None:
    """Free the volume, as nova-compute does when the connection fails. Args: attachment (id)."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        volumes.detach_volume(world, attachment)


def detach_volume(world: World, server: Server, task: Task) -> None:
    """Disconnect the volume. Args: attachment (id)."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        volumes.detach_volume(world, attachment)


def detach_port(world: World, server: Server, task: Task) -> None:
    """Unplug the port. Args: port (id). Raises TaskFailed: the server does not have it."""
    port = world.tx.get(Port, task.args["port"])
    if port is None or port.device_id != server.id:
        raise TaskFailed(f"Port {task.args['port']} is not attached")
    network.unplug(world, port)


EFFECTS = {
    "attach-volume": Effect(on_accept=attach_volume, on_finish=connect_volume, undo=undo_attach_volume),
    "detach-volume": Effect(on_accept=choose_attachment_variant, on_finish=detach_volume),
    "attach-port": Effect(on_accept=attach_port),
    "detach-port": Effect(on_finish=detach_port),
}

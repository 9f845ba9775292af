"""Effects of attaching and detaching volumes and ports."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Variant
from novasim.records import Attachment, Port, Server, Task
from novasim.simulation import network
from novasim.simulation.device_names import device_letter, find_next_device
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.network_allocation import plug_requested
from novasim.simulation.volume_attachments import (
    attach_volume,
    detach_volume,
    mark_attaching,
    mark_detaching,
    reserve_volume,
    unmark_detaching,
)
from novasim.simulation.world import World


def begin_attach(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Reserve the volume. Args: volume (id), size (GiB), device (or None), tag, delete_on_termination.

    Sets device and attachment (id) in the arguments. A server on no host gets the device name when it is unshelved.
    """
    letter = device_letter(args["device"] or find_next_device(world, server))
    args["device"] = f"/dev/vd{letter}" if server.host else None
    attachment = Attachment(
        id=world.ids.uuid(),
        server_id=server.id,
        volume_id=args["volume"],
        device=args["device"],
        tag=args["tag"],
        volume_size=args["size"],
        delete_on_termination=args["delete_on_termination"],
    )
    reserve_volume(world, attachment)
    args["attachment"] = attachment.id
    return _choose_variant(server)


def _choose_variant(server: Server) -> str:
    return Variant.OFFLOADED if server.host is None else ""


def begin_detach(world: World, server: Server, args: dict[str, Any]) -> str:
    """Mark the volume as detaching, unless the server is on no host. Args: attachment (id)."""
    if server.host and (attachment := world.tx.get(Attachment, args["attachment"])):
        mark_detaching(world, attachment)
    return _choose_variant(server)


def attach_port(world: World, server: Server, args: dict[str, Any]) -> str:
    """Plug in a port. Args: what `plug_requested` needs. Sets port (id) in the arguments."""
    groups = network.find_security_group_ids(world, server.project_id, ["default"])
    port = plug_requested(world, server, args, groups)
    args["port"] = port.id if port else None
    return ""


def begin_connection(world: World, server: Server, task: Task) -> None:
    """
    Mark the volume as attaching. Args: attachment (id).

    Raises:
        TaskFailed: the volume or its reservation has been deleted meanwhile.
    """
    attachment = world.tx.get(Attachment, task.args["attachment"])
    if attachment and not mark_attaching(world, attachment):
        raise TaskFailed(f"Volume attachment {attachment.attachment_id} could not be found.", code=404)


def finish_attach(world: World, server: Server, task: Task) -> None:
    """Connect the volume, unless the server has lost its host meanwhile. Args: attachment (id)."""
    attachment = world.tx.get(Attachment, task.args["attachment"])
    if attachment and (server.host or task.variant == Variant.OFFLOADED):
        attach_volume(world, server, attachment)


def undo_attach(world: World, server: Server, task: Task) -> None:
    """Release the volume, as nova-compute does when the connection fails. Args: attachment (id)."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        detach_volume(world, attachment)


def finish_detach(world: World, server: Server, task: Task) -> None:
    """
    Release the volume. Args: attachment (id).

    If the server has no host, delete a volume with delete_on_termination. Source: nova/compute/api.py,
    _local_cleanup_bdm_volumes.
    """
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        detach_volume(world, attachment, deleting=task.variant == Variant.OFFLOADED)


def undo_detach(world: World, server: Server, task: Task) -> None:
    """The volume stays attached. Args: attachment (id). Source: nova/virt/block_device.py, driver_detach."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        unmark_detaching(world, attachment)


def detach_port(world: World, server: Server, task: Task) -> None:
    """Unplug the port. Args: port (id). Raises TaskFailed: the server does not have it."""
    port = world.tx.get(Port, task.args["port"])
    if port is None or port.device_id != server.id:
        raise TaskFailed(f"Port {task.args['port']} is not attached")
    network.unplug(world, port)


EFFECTS = {
    "attach-volume": Effect(begin_attach, {"": begin_connection}, finish_attach, undo_attach),
    "detach-volume": Effect(begin_detach, {}, finish_detach, undo_detach),
    "attach-port": Effect(on_accept=attach_port),
    "detach-port": Effect(on_finish=detach_port),
}

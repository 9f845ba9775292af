"""Volumes and interfaces that come and go while a server lives."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Variant
from novasim.records import Attachment, Port, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.world import World


def start_volume(world: World, server: Server, args: dict[str, Any]) -> str:
    """A server on no host has its devices changed in the records alone."""
    return Variant.OFFLOADED if server.host is None else ""


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


def fixed_ip_added(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: network (id). The server's first port on it gets another address."""
    for port in world.tx.query(Port, {"device_id": server.id, "network_id": args["network"]}):
        network.add_address(world, port)
        break
    return ""


def fixed_ip_removed(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: address. Accepted and without effect when no port has it, as recorded from Nova."""
    for port in world.tx.query(Port, {"device_id": server.id}):
        port.fixed_ips = [ip for ip in port.fixed_ips if ip["ip_address"] != args["address"]]
        world.tx.put(port)
    return ""


EFFECTS = {
    "add-fixed-ip": Effect(on_accept=fixed_ip_added),
    "remove-fixed-ip": Effect(on_accept=fixed_ip_removed),
    "attach-volume": Effect(on_accept=start_volume, on_finish=volume_attached, undo=attach_undone),
    "detach-volume": Effect(on_accept=start_volume, on_finish=volume_detached),
    "attach-port": Effect(),
    "detach-port": Effect(on_finish=port_detached),
}

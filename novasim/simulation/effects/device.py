"""Volumes and interfaces that come and go while a server lives."""

from __future__ import annotations

from typing import Any

from novasim.records import Attachment, Port, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.world import World


def start_volume(world: World, server: Server, args: dict[str, Any]) -> str:
    """A server on no host has its devices changed in the records alone."""
    return "offloaded" if server.host is None else ""


def volume_attached(world: World, server: Server, task: Task) -> None:
    """Args: attachment (id of the record that waits for its volume)."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        volumes.connect(world, server, attachment)


def volume_detached(world: World, server: Server, task: Task) -> None:
    """Args: attachment (id)."""
    if attachment := world.tx.get(Attachment, task.args["attachment"]):
        volumes.disconnect(world, attachment)


def port_detached(world: World, server: Server, task: Task) -> None:
    """Args: port (id)."""
    if port := world.tx.get(Port, task.args["port"]):
        network.unplug(world, port)


EFFECTS = {
    "attach-volume": Effect(start=start_volume, finish=volume_attached),
    "detach-volume": Effect(start=start_volume, finish=volume_detached),
    "attach-port": Effect(),
    "detach-port": Effect(finish=port_detached),
}

"""Rebuild and evacuation: a fresh disk, in place or on another host."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Variant
from novasim.records import Migration, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.migrations import create_migration, set_status
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor, transfer
from novasim.simulation.scheduling.scheduler import RequestSpec, select_host
from novasim.simulation.world import World


def start_rebuild(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: changes (fields of the server that the request sets). A stopped server ends stopped."""
    for field, value in args["changes"].items():
        setattr(server, field, value)
    server.progress = 0
    return Variant.WAS_STOPPED if server.vm_state == states.STOPPED else ""


def check_driver(world: World, server: Server, task: Task) -> None:
    """The simulated hypervisor, as most, cannot keep an ephemeral disk."""
    if task.args.get("preserve_ephemeral"):
        raise TaskFailed("The current driver does not support preserving ephemeral partitions.")


def rebuilt(world: World, server: Server, task: Task) -> None:
    """The guest boots from the new disk, or is switched off again."""
    server.power_state = states.SHUTDOWN if task.variant else states.RUNNING
    server.launched_at = world.time


def start_evacuation(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: host (or None), stopped (from 2.95 evacuated servers end stopped), forced."""
    if server.vm_state == states.STOPPED:
        return Variant.WAS_STOPPED
    return Variant.STAYS_OFF if args["stopped"] and server.vm_state == states.ACTIVE else ""


def evacuated_to(world: World, server: Server, task: Task) -> None:
    """Another host is found and claimed; the dead one's claim stays with the migration until that host returns."""
    wanted = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    zone, here = server.pinned_availability_zone, (server.host or "",)
    spec = RequestSpec(server, wanted, zone, task.args.get("host"), here, forced=task.args.get("forced", False))
    target = select_host(world, spec)
    migration = create_migration(world, server, "evacuation", "accepted", target.name, server.flavor, task)
    transfer(world, server.id, migration.id)
    claim(world, server.id, server.id, target.name, wanted)
    task.args["migration"] = migration.id
    server.host = server.node = target.name
    server.availability_zone = get_zone(world, target.name)
    network.rebind_ports(world, server)


def evacuated(world: World, server: Server, task: Task) -> None:
    """The guest runs (or lies stopped) on its new host."""
    if migration := world.tx.get(Migration, task.args["migration"]):
        set_status(world, migration, "done")
    rebuilt(world, server, task)


def undo_evacuation(world: World, server: Server, task: Task) -> None:
    """The target's claim is freed; the server still belongs to the dead host."""
    migration = world.tx.get(Migration, task.args.get("migration", ""))
    if migration is None:
        return
    release(world, server.id)
    transfer(world, migration.id, server.id)
    server.host = server.node = migration.source_host
    server.availability_zone = get_zone(world, server.host)
    set_status(world, migration, "error")


EFFECTS = {
    "rebuild": Effect(start_rebuild, {"rebuilding": check_driver}, rebuilt),
    "evacuate": Effect(start_evacuation, {"rebuilding": evacuated_to}, evacuated, undo_evacuation),
}

"""Resize and cold migration: a claim on a second host, then confirmed or reverted."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Variant
from novasim.records import Migration, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.migrations import create_migration, find_latest_migration, set_status
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor, transfer
from novasim.simulation.scheduling.scheduler import RequestSpec, select_host
from novasim.simulation.time.timers import drop_timer, set_timer
from novasim.simulation.world import World


def start(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: flavor (as a server keeps it; the present one for a migration), host (or None), disk_config (optional)."""
    server.disk_config = args.get("disk_config", server.disk_config)
    server.old_vm_state = server.vm_state
    server.progress = 0
    return ""


def prepared(world: World, server: Server, task: Task) -> None:
    """The target is found and claimed; what the server held is held by its migration from now on."""
    flavor = task.args["flavor"]
    wanted = resources_from_flavor(flavor, volumes.is_volume_backed(server))
    exclude = () if _may_stay(world, task) else (server.host or "",)
    spec = RequestSpec(server, wanted, server.pinned_availability_zone, task.args.get("host"), exclude)
    target = select_host(world, spec)
    kind = "migration" if task.action == "migrate" else "resize"
    migration = create_migration(world, server, kind, "migrating", target.name, flavor, task)
    transfer(world, server.id, migration.id)
    claim(world, server.id, server.id, target.name, wanted)
    task.args["migration"] = migration.id


def _may_stay(world: World, task: Task) -> bool:
    return task.action == "resize" and bool(world.option("allow_resize_to_same_host"))


def migrated(world: World, server: Server, task: Task) -> None:
    """The disks have been copied: the server belongs to the new host."""
    migration = world.tx.get(Migration, task.args["migration"])
    assert migration is not None
    set_status(world, migration, "post-migrating")
    _move_to(world, server, migration.dest_host)


def finish(world: World, server: Server, task: Task) -> None:
    """The guest has the new flavor and waits to be confirmed; a stopped one stays off."""
    migration = world.tx.get(Migration, task.args["migration"])
    assert migration is not None
    set_status(world, migration, "finished")
    server.flavor = dict(migration.new_flavor)
    if server.old_vm_state == states.ACTIVE:
        server.power_state = states.RUNNING
    server.launched_at = world.time
    if window := world.option("resize_confirm_window"):
        set_timer(world, server, "confirm-resize", window)


def undo(world: World, server: Server, task: Task) -> None:
    """
    The target's claim is freed; the server holds its old host again. Once its disks are on the target it stays there.

    Source: nova/compute/manager.py, prep_resize, resize_instance and finish_resize on failure.
    """
    migration = world.tx.get(Migration, task.args.get("migration", ""))
    if migration is None:
        return
    if migration.status == "post-migrating":
        release(world, migration.id)
        _claim_again(world, server)
        set_status(world, migration, "error")
        return
    release(world, server.id)
    transfer(world, migration.id, server.id)
    _move_to(world, server, migration.source_host)
    set_status(world, migration, "error")


def _claim_again(world: World, server: Server) -> None:
    """The target holds what the server's flavor takes, which is still the old one."""
    release(world, server.id)
    wanted = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    claim(world, server.id, server.id, server.host or "", wanted)


def start_confirm(world: World, server: Server, args: dict[str, Any]) -> str:
    """The migration is taken, so that a second confirmation finds none."""
    if migration := find_latest_migration(world, server, "finished"):
        set_status(world, migration, "confirming")
    return ""


def confirmed(world: World, server: Server, task: Task) -> None:
    """The old host is free; the server is ACTIVE, or SHUTOFF if its guest is off."""
    if migration := find_latest_migration(world, server, "confirming"):
        release(world, migration.id)
        set_status(world, migration, "confirmed")
    server.vm_state = states.STOPPED if server.power_state == states.SHUTDOWN else states.ACTIVE
    server.old_vm_state = None
    drop_timer(world, server, "confirm-resize")


def undo_confirm(world: World, server: Server, task: Task) -> None:
    """The migration waits again; after a failure it is in error, and its old host's claim is there to be cleaned up."""
    if migration := find_latest_migration(world, server, "confirming"):
        set_status(world, migration, "error" if "failed" in task.args else "finished")


def start_revert(world: World, server: Server, args: dict[str, Any]) -> str:
    """A server that was off before goes off again at the end."""
    if migration := find_latest_migration(world, server, "finished"):
        set_status(world, migration, "reverting")
    return Variant.WAS_STOPPED if server.old_vm_state == states.STOPPED else ""


def reverted(world: World, server: Server, task: Task) -> None:
    """The new host is free, the server is back on the old one with its old flavor."""
    if migration := find_latest_migration(world, server, "reverting"):
        release(world, server.id)
        transfer(world, migration.id, server.id)
        _move_to(world, server, migration.source_host)
        server.flavor = dict(migration.old_flavor)
        set_status(world, migration, "reverted")
    server.power_state = states.SHUTDOWN if task.variant == Variant.WAS_STOPPED else states.RUNNING
    server.old_vm_state = None
    server.launched_at = world.time
    drop_timer(world, server, "confirm-resize")


def undo_revert(world: World, server: Server, task: Task) -> None:
    """The same."""
    if migration := find_latest_migration(world, server, "reverting"):
        set_status(world, migration, "error" if "failed" in task.args else "finished")


def _move_to(world: World, server: Server, host: str | None) -> None:
    server.host = server.node = host
    server.availability_zone = get_zone(world, host)
    network.rebind_ports(world, server)


EFFECTS = {
    "resize": Effect(start, {"resize_prep": prepared, "resize_migrating": migrated}, finish, undo),
    "migrate": Effect(start, {"resize_prep": prepared, "resize_migrating": migrated}, finish, undo),
    "confirm-resize": Effect(start_confirm, {}, confirmed, undo_confirm),
    "revert-resize": Effect(start_revert, {}, reverted, undo_revert),
}

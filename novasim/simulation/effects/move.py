"""Effects of live-migrate."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Variant
from novasim.records import Host, Migration, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.device_names import check_disk_count
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.migrations import create_migration, get_migration, set_status, set_target
from novasim.simulation.scheduling.live_migration_targets import check_service, select_target
from novasim.simulation.scheduling.placement import (
    claim,
    get_zone,
    release,
    resources_from_flavor,
    transfer,
)
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.volume_attachments import connect_to_target, disconnect_source, disconnect_target
from novasim.simulation.world import World


def list_resources(server: Server) -> tuple[int, int, int]:
    """The resources that the server needs."""
    return resources_from_flavor(server.flavor, volumes.is_volume_backed(server))


def find_target(world: World, server: Server, args: dict[str, Any]) -> Host:
    """
    Find the target of a live migration. Args: host (None for any other in the pinned zone), forced, block_migration.

    Raises:
        TaskFailed: the server's host is down, or see `select_target`.
    """
    source = world.tx.get(Host, server.host or "")
    if source is not None:
        check_service(source)
    zone, excluded = server.pinned_availability_zone, (server.host or "",)
    forced = bool(args.get("forced"))
    spec = RequestSpec(server, list_resources(server), zone, args.get("host"), excluded, forced)
    return select_target(world, source, spec, args.get("block_migration"))


def begin_live_migration(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Create the migration.

    Args: host (or None), forced, block_migration, waits (before 2.34 the request waits for the checks).
    """
    server.progress = 0
    create_migration(world, server, "live-migration", "accepted", args)
    return Variant.CHECKED_FIRST if args["waits"] else ""


def claim_target_or_complete(world: World, server: Server, task: Task) -> None:
    """After the first phase, claim the target; after the second, complete the migration."""
    migration = get_migration(world, task)
    if migration is not None and migration.status == "accepted":
        _claim_target(world, server, task, migration)
    else:
        check_disk_count(world, server)
        complete_live_migration(world, server, task)


def _claim_target(world: World, server: Server, task: Task, migration: Migration) -> None:
    """
    The server's own claim passes to the migration until it ends. Its volumes are connected to both hosts.

    Source: nova/conductor/tasks/live_migrate.py, _execute.
    """
    if not states.is_powered(server.power_state):
        raise TaskFailed(
            f"Instance {server.id} in power_state {states.POWER_STATES[server.power_state]}. Cannot live migrate while "
            "the instance is in this state.",
            unplaced=True,
        )
    target = find_target(world, server, task.args)
    set_target(world, migration, target.name, "running")
    transfer(world, server.id, migration.id)
    claim(world, server.id, target.name, list_resources(server))
    migration.memory_total_bytes = server.flavor["ram"] * 1024**2
    task.args["source_attachments"] = connect_to_target(world, server)


def complete_live_migration(world: World, server: Server, task: Task) -> None:
    """Move the server to the target. A paused guest is reported as running there, as recorded from Nova."""
    migration = get_migration(world, task)
    if migration is None:
        return
    release(world, migration.id)
    disconnect_source(world, task.args.get("source_attachments", {}))
    migration.memory_processed_bytes = migration.memory_total_bytes
    set_status(world, migration, "completed")
    server.host = server.node = migration.dest_host
    server.availability_zone = get_zone(world, server.host)
    server.power_state = states.RUNNING
    network.rebind_ports(world, server)


def undo_live_migration(world: World, server: Server, task: Task) -> None:
    """Release the target's claim. The guest keeps running on its host."""
    migration = get_migration(world, task)
    if migration is None:
        return
    disconnect_target(world, task.args.get("source_attachments", {}))
    if migration.status != "accepted":
        release(world, server.id)
        transfer(world, migration.id, server.id)
    set_status(world, migration, "cancelled" if task.args.get("aborted") else "error")


EFFECTS = {
    "live-migrate": Effect(begin_live_migration, {"migrating": claim_target_or_complete}, None, undo_live_migration)
}

"""Effects of live-migrate."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Variant
from novasim.records import Host, Migration, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.migrations import create_migration, get_migration, set_status, set_target
from novasim.simulation.scheduling.live_migration_targets import select_target
from novasim.simulation.scheduling.placement import (
    claim,
    get_zone,
    is_service_up,
    release,
    resources_from_flavor,
    transfer,
)
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.world import World


def build_request_spec(world: World, server: Server, host: str | None, forced: bool = False) -> RequestSpec:
    """The requirements on the target of a live migration. Without *host* any other host of the pinned zone will do."""
    resources = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    return RequestSpec(server, resources, server.pinned_availability_zone, host, (server.host or "",), forced)


def begin_live_migration(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Create the migration.

    Args: host (or None), forced, block_migration, waits (before 2.34 the request waits for the checks).
    """
    server.progress = 0
    create_migration(world, server, "live-migration", "accepted", args)
    return Variant.CHECKED_FIRST if args["waits"] else ""


def finish_phase(world: World, server: Server, task: Task) -> None:
    """After the first phase, claim the target; after the second, complete the migration."""
    migration = get_migration(world, task)
    if migration is not None and migration.status == "accepted":
        _claim_target(world, server, task, migration)
    else:
        complete_live_migration(world, server, task)


def _claim_target(world: World, server: Server, task: Task, migration: Migration) -> None:
    """
    The server's own claim passes to the migration until it ends.

    Source: nova/conductor/tasks/live_migrate.py, _execute.
    """
    if server.power_state not in (states.RUNNING, states.POWER_PAUSED):
        raise TaskFailed(
            f"Instance {server.id} in power_state {server.power_state}. Cannot live migrate while the instance is in "
            "this state.",
            unplaced=True,
        )
    source = world.tx.get(Host, server.host or "")
    if source is not None and not is_service_up(source):
        raise TaskFailed(f"Compute service of {source.name} is unavailable at this time.", unplaced=True)
    host = task.args.get("host")
    if host == server.host:
        raise TaskFailed(f"Unable to migrate instance ({server.id}) to current host ({host}).", unplaced=True)
    spec = build_request_spec(world, server, host, task.args.get("forced", False))
    target = select_target(world, source, spec, task.args.get("block_migration"))
    set_target(world, migration, target.name, "running")
    transfer(world, server.id, migration.id)
    claim(world, server.id, server.id, target.name, spec.resources)
    migration.memory_total_bytes = server.flavor["ram"] * 1024**2


def complete_live_migration(world: World, server: Server, task: Task) -> None:
    """Move the server to the target. A paused guest is reported as running there, as recorded from Nova."""
    migration = get_migration(world, task)
    if migration is None:
        return
    release(world, migration.id)
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
    if migration.status != "accepted":
        release(world, server.id)
        transfer(world, migration.id, server.id)
    set_status(world, migration, "cancelled" if task.args.get("aborted") else "error")


EFFECTS = {"live-migrate": Effect(begin_live_migration, {"migrating": finish_phase}, None, undo_live_migration)}

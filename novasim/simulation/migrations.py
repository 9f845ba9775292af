"""Migration records of resizes, migrations and evacuations."""

from __future__ import annotations

from typing import Any

from novasim.records import Migration, Server, Task
from novasim.simulation.world import World

LIVE_MIGRATION, EVACUATION = "live-migration", "evacuation"
OVER = frozenset({"done", "completed", "confirmed", "reverted", "cancelled", "error", "failed"})
UNDER_WAY = frozenset({"queued", "preparing", "running", "post-migrating"})


def create_migration(
    world: World, server: Server, kind: str, status: str, args: dict[str, Any], flavor: dict[str, Any] | None = None
) -> Migration:
    """
    Create the record of a move away from the server's present host, when the request for it is accepted.

    Args:
        kind: resize, migration, live-migration or evacuation.
        args: Those of the task, which keeps the record's id as "migration". An evacuation or a forced live migration
            names its target in "host"; the scheduler finds that of others.
        flavor: The server's flavor after the move, if it changes.

    Source: nova/conductor/tasks/migrate.py, _preallocate_migration; nova/conductor/manager.py, _live_migrate;
    nova/compute/api.py, evacuate.
    """
    names_target = kind == EVACUATION or (kind == LIVE_MIGRATION and args.get("forced"))
    migration = Migration(
        id=world.ids.uuid(),
        number=world.allocate_number("migrations"),
        server_id=server.id,
        migration_type=kind,
        status=status,
        source_host=server.host or "",
        dest_host=args.get("host") if names_target else None,
        old_flavor=dict(server.flavor),
        new_flavor=dict(flavor or server.flavor),
        user_id=args.get("user_id", server.user_id),
        project_id=args.get("project_id", server.project_id),
        created_at=world.time,
        updated_at=world.time,
    )
    world.tx.put(migration)
    args["migration"] = migration.id
    return migration


def get_migration(world: World, task: Task) -> Migration | None:
    """The record of the move that a task makes."""
    return world.tx.get(Migration, task.args.get("migration", ""))


def set_target(world: World, migration: Migration, host: str, status: str) -> None:
    """Set the host that the scheduler selected, and the status."""
    migration.dest_host = host
    set_status(world, migration, status)


def set_status(world: World, migration: Migration, status: str) -> None:
    """Set the status of a migration."""
    migration.status = status
    migration.updated_at = world.time
    world.tx.put(migration)


def find_latest_migration(world: World, server: Server, status: str) -> Migration | None:
    """Find the latest resize or cold migration of a server with a status."""
    found = [
        migration
        for migration in world.tx.query(Migration, {"server_id": server.id, "status": status})
        if migration.migration_type in ("resize", "migration")
    ]
    return found[-1] if found else None

"""Migration records of resizes, migrations and evacuations."""

from __future__ import annotations

from typing import Any

from novasim.records import Migration, Server, Task
from novasim.simulation.world import World

LIVE_MIGRATION, EVACUATION = "live-migration", "evacuation"
OVER = frozenset({"done", "completed", "confirmed", "reverted", "cancelled", "error", "failed"})
UNDER_WAY = frozenset({"queued", "preparing", "running", "post-migrating"})


def create_migration(
    world: World, server: Server, kind: str, status: str, target: str | None, flavor: dict[str, Any], task: Task
) -> Migration:
    """
    Create a record of a move away from the server's present host.

    Args:
        kind: resize, migration, live-migration or evacuation.
        flavor: The server's flavor after the move.
    """
    migration = Migration(
        id=world.ids.uuid(),
        number=world.allocate_number("migrations"),
        server_id=server.id,
        migration_type=kind,
        status=status,
        source_host=server.host or "",
        dest_host=target,
        old_flavor=dict(server.flavor),
        new_flavor=dict(flavor),
        user_id=task.args.get("user_id", server.user_id),
        project_id=task.args.get("project_id", server.project_id),
        created_at=world.time,
        updated_at=world.time,
    )
    world.tx.put(migration)
    return migration


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

"""
Compute hosts without power. Their servers keep the state that was last reported, and tasks wait until the host is back.

`init_host` handles their return.
"""

from __future__ import annotations

from novasim.records import Host, Migration, Server, Task
from novasim.simulation.migrations import find_latest_migration
from novasim.simulation.world import World

INTERRUPTED = "interrupted"

# Other services do the first phase of these actions, so it does not need the server's own host.
STARTED_ELSEWHERE = frozenset({"evacuate", "live-migrate"})


def is_waiting_for_host(world: World, task: Task) -> bool:
    """Whether a task makes no progress: it is held, or the host that should do it has no power."""
    if task.hold_reason:
        return True
    if task.position == 0 and task.action in STARTED_ELSEWHERE:
        return False
    server = world.tx.get(Server, task.server_id)
    name = find_working_host(world, server, task) if server else None
    host = world.tx.get(Host, name) if name else None
    return host is not None and not host.up


def find_working_host(world: World, server: Server, task: Task) -> str | None:
    """
    The host that does the present phase of a task: that of the server, or the source of a resize.

    The source confirms a resize, and does the second phase of its revert. Source: nova/compute/rpcapi.py.
    """
    is_confirmed = task.action == "confirm-resize"
    if is_confirmed or (task.action == "revert-resize" and task.position == 1):
        migration = find_latest_migration(world, server, "confirming" if is_confirmed else "reverting")
        return migration.source_host if migration else server.host
    return server.host


def power_off_host(world: World, host: Host) -> None:
    """
    Cut a host's power: its guests are lost and its tasks are interrupted.

    The states of its servers stay, since no compute service reports that they have changed.
    """
    if not host.up:
        return
    set_host_up(world, host, False)
    for task in list_tasks_on(world, host):
        task.hold_reason = INTERRUPTED
        world.tx.put(task)


def set_host_up(world: World, host: Host, up: bool) -> None:
    """Record whether a host has power and its compute service is running."""
    host.up, host.updated_at = up, world.time
    world.schedule_check()
    world.tx.put(host)


def list_servers_on(world: World, host: Host) -> list[Server]:
    """The servers on a host."""
    return [server for server in world.tx.query(Server, {"host": host.name}) if not server.deleted]


def list_tasks_on(world: World, host: Host) -> list[Task]:
    """The tasks that a host does, without timers."""
    servers = {server.id: server for server in list_servers_on(world, host)}
    for migration in world.tx.query(Migration, {"source_host": host.name}):
        if migration.status in ("confirming", "reverting") and (left := world.tx.get(Server, migration.server_id)):
            servers[left.id] = left
    tasks = ((server, world.tx.get(Task, server.id)) for server in servers.values() if not server.deleted)
    return [task for server, task in tasks if task and find_working_host(world, server, task) == host.name]


def list_evacuations(world: World, host: Host) -> list[Migration]:
    """All evacuations from a host."""
    return world.tx.query(Migration, {"migration_type": "evacuation", "source_host": host.name})


def list_unfinished_evacuations(world: World, host: Host) -> list[Migration]:
    """Evacuations from a host that has not come back yet and still has the evacuated guests."""
    return [migration for migration in list_evacuations(world, host) if migration.status == "done"]

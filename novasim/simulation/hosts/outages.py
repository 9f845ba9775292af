"""
Compute hosts without power. Their servers keep the state that was last reported, and tasks wait until the host is back.

`init_host` handles their return.
"""

from __future__ import annotations

from novasim.records import Host, Migration, Server, Task
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
    host = world.tx.get(Host, server.host) if server and server.host else None
    return host is not None and not host.up


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
    """The tasks of the servers on a host, without timers."""
    tasks = (world.tx.get(Task, server.id) for server in list_servers_on(world, host))
    return [task for task in tasks if task is not None]


def list_evacuations(world: World, host: Host) -> list[Migration]:
    """All evacuations from a host."""
    return world.tx.query(Migration, {"migration_type": "evacuation", "source_host": host.name})


def list_unfinished_evacuations(world: World, host: Host) -> list[Migration]:
    """Evacuations from a host that has not come back yet and still has the evacuated guests."""
    return [migration for migration in list_evacuations(world, host) if migration.status == "done"]

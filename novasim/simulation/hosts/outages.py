"""
A compute host that dies. It answers nothing: its servers keep the state they were last known in, and requests for
them wait until it is back (see host_return).
"""

from __future__ import annotations

from novasim.records import Host, Migration, Server, Task
from novasim.simulation.world import World

INTERRUPTED = "interrupted"

# The first phase of these is done by other services; it needs no answer from the server's own host.
BEGUN_ELSEWHERE = frozenset({"evacuate", "live-migrate"})


def waits_for_its_host(world: World, task: Task) -> bool:
    """Whether nobody works on a task, since the host that should is dead or has forgotten it."""
    if task.held:
        return True
    if task.position == 0 and task.action in BEGUN_ELSEWHERE:
        return False
    server = world.tx.get(Server, task.server_id)
    host = world.tx.get(Host, server.host) if server and server.host else None
    return host is not None and not host.up


def go_down(world: World, host: Host) -> None:
    """
    The host loses its power: its guests are gone, and what it was doing is interrupted.

    What users see of its servers stays as it was, for nobody is there to report otherwise.
    """
    if not host.up:
        return
    set_up(world, host, False)
    for task in tasks_on(world, host):
        task.held = INTERRUPTED
        world.tx.put(task)


def servers_on(world: World, host: Host) -> list[Server]:
    """The servers that belong to a host."""
    return [server for server in world.tx.query(Server, {"host": host.name}) if not server.deleted]


def unfinished_evacuations(world: World, host: Host) -> list[Migration]:
    """Evacuations from the host whose remains it has not yet removed."""
    return [move for move in evacuations(world, host) if move.status == "done"]


def evacuations(world: World, host: Host) -> list[Migration]:
    """All evacuations from a host."""
    return world.tx.query(Migration, {"migration_type": "evacuation", "source_host": host.name})


def set_up(world: World, host: Host, up: bool) -> None:
    """Note whether a host has power and its compute service runs."""
    host.up, host.updated_at = up, world.time
    world.look_again()
    world.tx.put(host)


def tasks_on(world: World, host: Host) -> list[Task]:
    """What is under way on a host, timers apart."""
    tasks = (world.tx.get(Task, server.id) for server in servers_on(world, host))
    return [task for task in tasks if task is not None]

"""
A compute host that dies, and one that comes back: what becomes of its guests and of what was under way there.

A dead host answers nothing: its servers keep the state they were last known in, and requests for them wait until it
is back. Source: nova/compute/manager.py, init_host, _init_instance and _destroy_evacuated_instances.
"""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Host, Migration, Server, Task
from novasim.simulation import power_sync
from novasim.simulation.log import end_events
from novasim.simulation.migrations import set_status
from novasim.simulation.placement import release
from novasim.simulation.tasks import cancel
from novasim.simulation.world import World

INTERRUPTED, ABANDONED = "interrupted", "abandoned"
DOWN = "hosts that are down"  # in the world's cache

# The first phase of these is done by other services; it needs no answer from the server's own host.
BEGUN_ELSEWHERE = frozenset({"evacuate", "live-migrate"})

# What the service makes of an interrupted task when it finds its task_state. Others stay as they are for good,
# until somebody resets the state.
FAILED = frozenset(
    {
        "scheduling", "block_device_mapping", "networking", "spawning", "rebuilding", "rebuild_block_device_mapping",
        "rebuild_spawning",
    }
)  # fmt: skip
CLEARED = frozenset(
    {
        "image_snapshot", "image_snapshot_pending", "image_pending_upload", "image_uploading", "resize_prep",
        "resize_migrating", "migrating",
    }
)  # fmt: skip
BEGUN_AGAIN = frozenset(
    {
        "deleting", "soft-deleting", "powering-off", "powering-on", "reboot_pending", "reboot_started",
        "reboot_pending_hard", "reboot_started_hard", "rebooting", "rebooting_hard", "pausing", "unpausing",
    }
)  # fmt: skip


def waits_for_its_host(world: World, task: Task) -> bool:
    """Whether nobody works on a task, since the host that should is dead or has forgotten it."""
    if task.held:
        return True
    down = world.cache.get(DOWN)
    if down is None:
        down = world.cache[DOWN] = frozenset(host.name for host in world.tx.all(Host) if not host.up)
    if not down or (task.position == 0 and task.action in BEGUN_ELSEWHERE):
        return False
    server = world.tx.get(Server, task.server_id)
    return server is not None and server.host in down


def go_down(world: World, host: Host) -> None:
    """
    The host loses its power: its guests are gone, and what it was doing is interrupted.

    What users see of its servers stays as it was, for nobody is there to report otherwise.
    """
    if not host.up:
        return
    _set_up(world, host, False)
    for task in _tasks_on(world, host):
        task.held = INTERRUPTED
        world.tx.put(task)


def come_up(world: World, host: Host) -> None:
    """
    The host's compute service starts (again): evacuated guests are removed, interrupted work is sorted out, and
    guests that were lost with the host's power are resumed or found to be off.
    """
    lost_power = not host.up
    _set_up(world, host, True)
    _forget_the_evacuated(world, host)
    tasks = _tasks_on(world, host)
    for task in tasks:
        _take_up(world, task)
    if lost_power:
        busy = {task.server_id for task in tasks}
        for server in servers_on(world, host):
            if server.id not in busy:
                _find_guest_off(world, server)


def servers_on(world: World, host: Host) -> list[Server]:
    """The servers that belong to a host."""
    return [server for server in world.tx.find(Server, host=host.name) if not server.deleted]


def unfinished_evacuations(world: World, host: Host) -> list[Migration]:
    """Evacuations from the host whose remains it has not yet removed."""
    return [move for move in _evacuations(world, host) if move.status == "done"]


def _evacuations(world: World, host: Host) -> list[Migration]:
    return world.tx.find(Migration, migration_type="evacuation", source_host=host.name)


def _set_up(world: World, host: Host, up: bool) -> None:
    host.up, host.updated_at = up, world.time
    world.cache.pop(DOWN, None)
    world.tx.put(host)


def _tasks_on(world: World, host: Host) -> list[Task]:
    tasks = (world.tx.get(Task, server.id) for server in servers_on(world, host))
    return [task for task in tasks if task is not None]


def _forget_the_evacuated(world: World, host: Host) -> None:
    for move in _evacuations(world, host):
        server = world.tx.get(Server, move.server_id)
        if move.status in ("accepted", "done") and (server is None or server.host != host.name):
            release(world, move.id)
            set_status(world, move, "completed")


def _take_up(world: World, task: Task) -> None:
    server = world.tx.get(Server, task.server_id)
    assert server is not None
    shown = server.task_state or ""
    if task.held != INTERRUPTED:
        _begin_again(world, task)  # it came while nobody listened, and is read now
    elif shown in FAILED:
        _set_to_error(world, server, task)
    elif shown in CLEARED:
        cancel(world, server)
        world.touch(server)
    elif shown in BEGUN_AGAIN or not shown:
        _begin_again(world, task)
    else:
        task.held = ABANDONED
        world.tx.put(task)


def _set_to_error(world: World, server: Server, task: Task) -> None:
    """Nobody knows how far it came: what is claimed stays claimed, until the server is deleted or built anew."""
    world.tx.delete(task)
    server.vm_state, server.task_state = states.ERROR, None
    end_events(world, server, task.request_id, error="The compute service restarted before it was done.")
    world.touch(server)


def _begin_again(world: World, task: Task) -> None:
    """The phases that are left take their time from now on."""
    begun = task.ends[task.position - 1] if task.position else task.started
    task.ends = [moment + world.now - begun for moment in task.ends]
    task.held = ""
    world.tx.put(task)


def _find_guest_off(world: World, server: Server) -> None:
    if world.option("resume_guests_state_on_host_boot"):
        return
    if server.power_state in (states.RUNNING, states.POWER_PAUSED):
        power_sync.found(world, server, states.SHUTDOWN)

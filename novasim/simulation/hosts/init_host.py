"""
A compute service starts again: what it makes of evacuated guests, of interrupted work, of guests that are off.

Source: nova/compute/manager.py, init_host, _init_instance and _destroy_evacuated_instances.
"""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Host, Server, Task
from novasim.simulation.hosts.outages import INTERRUPTED, evacuations, servers_on, set_up, tasks_on
from novasim.simulation.hosts.power_sync import sync_power_state
from novasim.simulation.log import end_events
from novasim.simulation.migrations import set_status
from novasim.simulation.scheduling.placement import release
from novasim.simulation.time.tasks import cancel, go_on
from novasim.simulation.world import World

ABANDONED = "abandoned"

# What the service makes of an interrupted task when it finds its task_state. Others stay as they are for good,
# until somebody resets the state.
FAILED = frozenset(
    {
        "scheduling",
        "block_device_mapping",
        "networking",
        "spawning",
        "rebuilding",
        "rebuild_block_device_mapping",
        "rebuild_spawning",
    }
)
CLEARED = frozenset(
    {
        "image_snapshot",
        "image_snapshot_pending",
        "image_pending_upload",
        "image_uploading",
        "resize_prep",
        "resize_migrating",
        "migrating",
    }
)
BEGUN_AGAIN = frozenset(
    {
        "deleting",
        "soft-deleting",
        "powering-off",
        "powering-on",
        "reboot_pending",
        "reboot_started",
        "reboot_pending_hard",
        "reboot_started_hard",
        "rebooting",
        "rebooting_hard",
        "pausing",
        "unpausing",
    }
)


def come_up(world: World, host: Host) -> None:
    """
    The host's compute service starts (again): evacuated guests are removed, interrupted work is sorted out, and
    guests that were lost with the host's power are resumed or found to be off.
    """
    lost_power = not host.up
    set_up(world, host, True)
    _forget_the_evacuated(world, host)
    tasks = tasks_on(world, host)
    for task in tasks:
        _take_up(world, task)
    if lost_power:
        busy = {task.server_id for task in tasks}
        for server in servers_on(world, host):
            if server.id not in busy:
                _find_guest_off(world, server)


def _forget_the_evacuated(world: World, host: Host) -> None:
    for move in evacuations(world, host):
        server = world.tx.get(Server, move.server_id)
        if move.status in ("accepted", "done") and (server is None or server.host != host.name):
            release(world, move.id)
            set_status(world, move, "completed")


def _take_up(world: World, task: Task) -> None:
    server = world.tx.get(Server, task.server_id)
    assert server is not None
    shown = server.task_state or ""
    if task.held != INTERRUPTED:
        go_on(world, task)  # it came while nobody listened, and is read now
    elif shown in FAILED:
        _set_to_error(world, server, task)
    elif shown in CLEARED:
        cancel(world, server)
        world.touch(server)
    elif shown in BEGUN_AGAIN or not shown:
        go_on(world, task)
    else:
        task.held = ABANDONED
        world.schedule(task)


def _set_to_error(world: World, server: Server, task: Task) -> None:
    """Nobody knows how far it came: what is claimed stays claimed, until the server is deleted or built anew."""
    world.tx.delete(task)
    server.vm_state, server.task_state = states.ERROR, None
    end_events(world, server, task.request_id, error="The compute service restarted before it was done.")
    world.touch(server)


def _find_guest_off(world: World, server: Server) -> None:
    if world.option("resume_guests_state_on_host_boot"):
        return
    if server.power_state in (states.RUNNING, states.POWER_PAUSED):
        sync_power_state(world, server, states.SHUTDOWN)

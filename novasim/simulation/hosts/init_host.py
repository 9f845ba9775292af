"""
The start of a host's compute service: it handles evacuated guests, interrupted tasks and guests without power.

Source: nova/compute/manager.py, init_host, _init_instance and _destroy_evacuated_instances.
"""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Host, Server, Task
from novasim.simulation.hosts.outages import INTERRUPTED, list_evacuations, list_servers_on, list_tasks_on, set_host_up
from novasim.simulation.hosts.power_sync import sync_power_state
from novasim.simulation.instance_actions import finish_events
from novasim.simulation.migrations import set_status
from novasim.simulation.scheduling.placement import release
from novasim.simulation.time.tasks import cancel_task, resume_task
from novasim.simulation.world import World

STUCK = "abandoned"

# What happens to an interrupted task, by its task_state. A task with any other state stays stuck until an
# administrator resets the server's state.
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
RESUMED = frozenset(
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


def init_host(world: World, host: Host) -> None:
    """
    Start or restart a host's compute service.

    It removes evacuated guests and fails, clears or resumes interrupted tasks. If the host was without power, idle
    guests are started again, or found to be off if resume_guests_state_on_host_boot is false.
    """
    lost_power = not host.up
    set_host_up(world, host, True)
    _remove_evacuated_guests(world, host)
    tasks = list_tasks_on(world, host)
    for task in tasks:
        _handle_task(world, task)
    if lost_power and not world.option("resume_guests_state_on_host_boot"):
        _report_guests_off(world, host, busy={task.server_id for task in tasks})


def _remove_evacuated_guests(world: World, host: Host) -> None:
    for migration in list_evacuations(world, host):
        server = world.tx.get(Server, migration.server_id)
        if migration.status in ("accepted", "pre-migrating", "done") and (server is None or server.host != host.name):
            release(world, migration.id)
            set_status(world, migration, "completed")


def _handle_task(world: World, task: Task) -> None:
    """Resume, fail or clear a task that the stop of the service has interrupted, or leave it stuck."""
    server = world.tx.get(Server, task.server_id)
    assert server is not None
    task_state = server.task_state or ""
    if task.hold_reason == STUCK:
        return
    if task.hold_reason != INTERRUPTED:
        resume_task(world, task)  # its message was sent while the service was down, and is received now
    elif task_state in FAILED:
        _fail_interrupted_task(world, server, task)
    elif task_state in CLEARED:
        cancel_task(world, server)
        world.touch(server)
    elif task_state in RESUMED or not task_state:
        resume_task(world, task)
    else:
        task.hold_reason = STUCK
        world.schedule(task)


def _fail_interrupted_task(world: World, server: Server, task: Task) -> None:
    """Set the server to ERROR. Its claims stay until it is deleted or rebuilt, since its progress is unknown."""
    world.tx.delete(task)
    server.vm_state, server.task_state = states.ERROR, None
    finish_events(world, server, task.request_id, error="The compute service restarted before it was done.")
    world.touch(server)


def _report_guests_off(world: World, host: Host, busy: set[str]) -> None:
    """Report that the guests of a host are off, except those of *busy* servers, whose tasks decide that."""
    for server in list_servers_on(world, host):
        if server.id not in busy and server.power_state in (states.RUNNING, states.POWER_PAUSED):
            sync_power_state(world, server, states.SHUTDOWN)

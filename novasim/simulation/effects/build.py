"""Effects of create: select a host, attach volumes, plug in ports, start the guest; or try the next host."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Phase
from novasim.records import Server, Task
from novasim.simulation import network
from novasim.simulation.device_names import check_disk_count, set_device_names
from novasim.simulation.effects import Effect
from novasim.simulation.effects.config_drive import write_drive
from novasim.simulation.failures import BuildAborted, TaskFailed
from novasim.simulation.instance_actions import finish_events, start_events
from novasim.simulation.network_allocation import allocate_for_server
from novasim.simulation.scheduling import builds, retries
from novasim.simulation.scheduling.placement import release
from novasim.simulation.volume_attachments import (
    attach_all_volumes,
    release_after_abort,
    release_all_volumes,
    reserve_all_volumes,
)
from novasim.simulation.volume_creation import create_server_volume
from novasim.simulation.world import World


def begin_create(world: World, server: Server, args: dict[str, Any]) -> str:
    """Reserve the volumes that the request names."""
    reserve_all_volumes(world, server)
    return ""


def schedule(world: World, server: Server, task: Task) -> None:
    """Select and claim a host: the best one, or after a failed attempt the next alternate. Args as for `builds`."""
    place = builds.place_on_alternate if "attempt" in task.args else builds.place_servers
    place(world, server, task)


def map_block_devices(world: World, server: Server, task: Task) -> None:
    """Name the devices, create the requested volumes that do not exist yet, and connect all of them."""
    attachments = set_device_names(world, server)
    check_disk_count(world, server)
    for attachment in attachments:
        if attachment.destination_type == "volume" and attachment.volume_id is None:
            attachment.volume_id = create_server_volume(world, server, attachment).id
            world.tx.put(attachment)
    if attachments:
        attach_all_volumes(world, server)


def allocate_networks(world: World, server: Server, task: Task) -> None:
    """Create the requested ports that do not exist yet, and plug in all of them."""
    allocate_for_server(world, server)


def check_password(world: World, server: Server, task: Task) -> None:
    """Fail if the guest refuses the password of the request. Args: password_refused. Source: api-ref "Passwords"."""
    if task.args.get("password_refused"):
        raise BuildAborted(server.id, "The password does not meet the provider's rules.")


def spawn(world: World, server: Server, task: Task) -> None:
    """Start the guest."""
    write_drive(server)
    server.power_state = states.RUNNING
    server.launched_at = world.time
    server.progress = 100 if task.args.get("shows_progress") else 0


def retry_build(world: World, server: Server, task: Task, failure: TaskFailed) -> TaskFailed | None:
    """
    Build a server on another host, if there is one and the failure is not final.

    Every failure to prepare block devices is final.

    Source: nova/compute/manager.py, _do_build_and_run_instance and _build_resources.
    """
    if server.host is None:
        return _fail_without_host(world, server, task, failure)
    finish_events(world, server, task.request_id)
    if server.task_state == "block_device_mapping" and not isinstance(failure, BuildAborted):
        failure = BuildAborted(server.id, failure.message)
    is_final = isinstance(failure, BuildAborted)
    ending = failure if is_final else retries.count_failed_attempt(world, server, task, failure, failure.message)
    task.args["aborted"] = is_final
    if ending is None:
        _leave_host(world, server, task)
        reserve_all_volumes(world, server)
    return ending


def _fail_without_host(world: World, server: Server, task: Task, failure: TaskFailed) -> TaskFailed:
    """The failure of a build for which there is no host. That of the first attempt logs an event of the conductor."""
    if "attempt" not in task.args:
        failure.unplaced = True
        start_events(world, server, task.request_id, Phase(None, events=("conductor_schedule_and_build_instances",)))
    return failure


def undo_create(world: World, server: Server, task: Task) -> None:
    """
    Release everything that a failed or cancelled build has claimed or created.

    Without a host the volumes stay reserved until the server is deleted, and after the last of several attempts they
    are all kept. Source: nova/conductor/manager.py, _bury_in_cell0 and _cleanup_when_reschedule_fails.
    """
    _leave_host(world, server, task)
    if task.args.get("unplaced"):
        return
    release_volumes = release_after_abort if task.args.get("aborted", True) else release_all_volumes
    release_volumes(world, server)


def _leave_host(world: World, server: Server, task: Task) -> None:
    """Release the claim and the ports of a server."""
    release(world, server.id)
    network.unplug_all(world, server)
    server.host = server.node = None
    server.availability_zone = None if task.args.get("forced") else server.pinned_availability_zone


EFFECTS = {
    "create": Effect(
        begin_create,
        on_phase_end={
            "scheduling": schedule,
            "block_device_mapping": map_block_devices,
            "networking": allocate_networks,
            "spawning": check_password,
        },
        on_finish=spawn,
        undo=undo_create,
        on_failure=retry_build,
    )
}

"""Effects of create: select and claim a host, attach volumes, plug in ports, start the guest."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.records import Attachment, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.device_names import set_device_names
from novasim.simulation.effects import Effect
from novasim.simulation.failures import BuildAborted
from novasim.simulation.network_allocation import allocate_for_server
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import select_host
from novasim.simulation.volume_attachments import attach_all_volumes, release_after_abort, reserve_all_volumes
from novasim.simulation.volume_creation import create_server_volume
from novasim.simulation.world import World


def accept_create(world: World, server: Server, args: dict[str, Any]) -> str:
    """Reserve the volumes that the request names."""
    reserve_all_volumes(world, server)
    return ""


def schedule(world: World, server: Server, task: Task) -> None:
    """Select and claim a host. Args: host (the one requested), forced (one that skips the filters); both optional."""
    resources = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    forced = task.args.get("forced")
    requested = forced or task.args.get("host")
    spec = RequestSpec(server, resources, server.pinned_availability_zone, requested, forced=bool(forced))
    host = select_host(world, spec)
    claim(world, server.id, server.id, host.name, resources)
    server.host = server.node = host.name
    server.availability_zone = get_zone(world, host.name)


def map_block_devices(world: World, server: Server, task: Task) -> None:
    """Name the devices, create the requested volumes that do not exist yet, and connect all of them."""
    set_device_names(world, server)
    for attachment in world.tx.query(Attachment, {"server_id": server.id}):
        if attachment.destination_type == "volume" and attachment.volume_id is None:
            attachment.volume_id = create_server_volume(world, server, attachment).id
            world.tx.put(attachment)
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
    server.power_state = states.RUNNING
    server.launched_at = world.time
    server.progress = 100 if task.args.get("shows_progress") else 0


def undo_create(world: World, server: Server, task: Task) -> None:
    """
    Release everything that a failed or cancelled build has claimed or created.

    Without a host the volumes stay reserved until the server is deleted. Source: nova/conductor/manager.py,
    _bury_in_cell0.
    """
    release(world, server.id)
    network.unplug_all(world, server)
    if not task.args.get("unplaced"):
        release_after_abort(world, server)
    server.host = server.node = None
    server.availability_zone = None if task.args.get("forced") else server.pinned_availability_zone


EFFECTS = {
    "create": Effect(
        accept_create,
        on_phase_end={
            "scheduling": schedule,
            "block_device_mapping": map_block_devices,
            "networking": allocate_networks,
            "spawning": check_password,
        },
        on_finish=spawn,
        undo=undo_create,
    )
}

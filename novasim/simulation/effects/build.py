"""Create: a host is found and claimed, devices and ports are made, the guest starts."""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor
from novasim.simulation.scheduling.scheduler import RequestSpec, select_host
from novasim.simulation.world import World


def scheduled(world: World, server: Server, task: Task) -> None:
    """The scheduler has chosen: the host is claimed, and the server takes its zone."""
    wanted = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    forced = task.args.get("forced")
    asked = forced or task.args.get("host")
    spec = RequestSpec(server, wanted, server.pinned_availability_zone, asked, forced=bool(forced))
    host = select_host(world, spec)
    claim(world, server.id, server.id, host.name, wanted)
    server.host = server.node = host.name
    server.availability_zone = get_zone(world, host.name)


def mapped(world: World, server: Server, task: Task) -> None:
    """The volumes asked for are made where needed, and attached."""
    volumes.attach_requested_volumes(world, server)


def networked(world: World, server: Server, task: Task) -> None:
    """The ports asked for are made where needed, and plugged in."""
    network.plug_requested_networks(world, server)


def spawned(world: World, server: Server, task: Task) -> None:
    """The guest runs."""
    server.power_state = states.RUNNING
    server.launched_at = world.time
    server.progress = 100 if task.args.get("shows_progress") else 0


def undo(world: World, server: Server, task: Task) -> None:
    """Nothing of a build that failed or was cancelled stays behind."""
    release(world, server.id)
    network.unplug_all(world, server)
    volumes.detach_all_volumes(world, server)
    server.host = server.node = None
    server.availability_zone = None if task.args.get("forced") else server.pinned_availability_zone  # as asked for


EFFECTS = {
    "create": Effect(
        on_phase_end={"scheduling": scheduled, "block_device_mapping": mapped, "networking": networked},
        on_finish=spawned,
        undo=undo,
    )
}

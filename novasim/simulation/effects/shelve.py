"""Shelve: the server becomes an image; offloaded, it leaves its host; unshelved, it comes back from the image."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Variant
from novasim.records import Image, Server, Task
from novasim.simulation import images, network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor
from novasim.simulation.scheduling.scheduler import RequestSpec, select_host
from novasim.simulation.time.timers import drop_timer, set_timer
from novasim.simulation.world import World


def start_shelve(world: World, server: Server, args: dict[str, Any]) -> str:
    """A server with an own disk gets an image; shelved_offload_time 0 offloads at once, -1 never."""
    if not volumes.is_volume_backed(server):
        image = images.create_snapshot(world, server, f"{server.name}-shelved", {"image_type": "snapshot"})
        server.shelved_image_id = image.id
        args["image"] = image.id
    volume_backed = server.shelved_image_id is None
    return "" if volume_backed or world.option("shelved_offload_time") == 0 else Variant.KEEPS_HOST


def uploaded(world: World, server: Server, task: Task) -> None:
    """The image is complete and the guest off."""
    images.complete_upload(world, task.args.get("image"), server)
    server.power_state = states.SHUTDOWN
    server.vm_state = states.SHELVED


def shelved(world: World, server: Server, task: Task) -> None:
    """Kept on its host until its time is over, or offloaded at once."""
    if task.variant != Variant.KEEPS_HOST:
        offloaded(world, server, task)
        return
    if (after := world.option("shelved_offload_time")) > 0:
        set_timer(world, server, "shelve-offload", after)


def offloaded(world: World, server: Server, task: Task) -> None:
    """The host is free."""
    release(world, server.id)
    server.host = server.node = None
    server.availability_zone = None
    server.power_state = states.SHUTDOWN
    network.rebind_ports(world, server)
    drop_timer(world, server, "shelve-offload")


def undo_shelve(world: World, server: Server, task: Task) -> None:
    """A half-made image is removed."""
    images.discard_incomplete(world, task.args.get("image"))
    server.shelved_image_id = None


def start_unshelve(world: World, server: Server, args: dict[str, Any]) -> str:
    """Args: host, zone, pin (whether zone replaces the pinned one). On its host it only has to be switched on."""
    drop_timer(world, server, "shelve-offload")
    if args.get("pin"):
        server.pinned_availability_zone = args.get("zone")
    return Variant.STILL_ON_HOST if server.vm_state == states.SHELVED else ""


def placed(world: World, server: Server, task: Task) -> None:
    """A host is found and claimed."""
    wanted = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    zone = task.args.get("zone") or server.pinned_availability_zone
    target = select_host(world, RequestSpec(server, wanted, zone, task.args.get("host")))
    claim(world, server.id, server.id, target.name, wanted)
    server.host = server.node = target.name
    server.availability_zone = get_zone(world, target.name)
    network.rebind_ports(world, server)


def unshelved(world: World, server: Server, task: Task) -> None:
    """The guest runs and the shelved image is not needed any more."""
    server.power_state = states.RUNNING
    server.launched_at = world.time
    if image := world.tx.get(Image, server.shelved_image_id or ""):
        world.tx.delete(image)
    server.shelved_image_id = None


def undo_unshelve(world: World, server: Server, task: Task) -> None:
    """The claim is freed, the server stays offloaded."""
    if task.variant != Variant.STILL_ON_HOST:
        release(world, server.id)
        server.host = server.node = server.availability_zone = None


EFFECTS = {
    "shelve": Effect(start_shelve, {"shelving_image_uploading": uploaded}, shelved, undo_shelve),
    "shelve-offload": Effect(on_finish=offloaded),
    "unshelve": Effect(start_unshelve, {"unshelving": placed}, unshelved, undo_unshelve),
}

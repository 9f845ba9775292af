"""Effects of shelve, shelve-offload and unshelve."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Phase, Variant
from novasim.records import Image, Server, Task
from novasim.simulation import images, network, volumes
from novasim.simulation.device_names import check_disk_count
from novasim.simulation.effects import Effect
from novasim.simulation.effects.config_drive import write_drive
from novasim.simulation.failures import TaskFailed
from novasim.simulation.instance_actions import drop_events, finish_events
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import select_host
from novasim.simulation.time.timers import drop_timer, set_timer
from novasim.simulation.volume_attachments import attach_all_volumes, reserve_all_volumes
from novasim.simulation.world import World

WITHOUT_IMAGE = Phase(None, events=("get_image_info", "schedule_instances"), events_without_host=1)


def begin_shelve(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Create the image of a server with a local disk; keep or free its host as shelved_offload_time says.

    A server that boots from a volume loses its host at once. Args: requester. Sets image (id) in the arguments.
    """
    images.forget_base_image(server)
    if volumes.is_volume_backed(server):
        return Variant.ON_VOLUME
    properties = {"image_type": "snapshot"}
    image = images.create_snapshot(world, server, f"{server.name}-shelved", properties, args.get("requester"))
    server.shelved_image_id = image.id
    args["image"] = image.id
    return "" if world.option("shelved_offload_time") == 0 else Variant.KEEPS_HOST


def finish_upload(world: World, server: Server, task: Task) -> None:
    """
    Stop the guest and complete the image.

    Raises:
        TaskFailed: the image has been deleted meanwhile; the guest is off, and the server is not shelved.

    Source: nova/compute/manager.py, _shelve_instance.
    """
    server.power_state = states.SHUTDOWN
    image_id = task.args.get("image")
    if image_id and world.tx.get(Image, image_id) is None:
        raise TaskFailed(f"Image {image_id} could not be found.", code=404)
    images.complete_upload(world, image_id, server)
    server.vm_state = states.SHELVED


def finish_shelve(world: World, server: Server, task: Task) -> None:
    """Offload the server now, or set the timer that does it (shelved_offload_time)."""
    if task.variant != Variant.KEEPS_HOST:
        offload(world, server, task)
        return
    if (after := world.option("shelved_offload_time")) > 0:
        set_timer(world, server, "shelve-offload", after)


def offload(world: World, server: Server, task: Task) -> None:
    """Release the host. The volumes stay reserved."""
    release(world, server.id)
    reserve_all_volumes(world, server)
    server.host = server.node = None
    server.availability_zone = None
    server.power_state = states.SHUTDOWN
    network.rebind_ports(world, server)
    drop_timer(world, server, "shelve-offload")


def undo_shelve(world: World, server: Server, task: Task) -> None:
    """Delete the incomplete image. A server that is already shelved keeps its image."""
    images.discard_incomplete(world, task.args.get("image"))
    if server.vm_state != states.SHELVED:
        server.shelved_image_id = None


def begin_unshelve(world: World, server: Server, args: dict[str, Any]) -> str:
    """Replace the pinned zone if `pin` is set. Args: host, zone (each may be None), pin, requester."""
    drop_timer(world, server, "shelve-offload")
    if args.get("pin"):
        server.pinned_availability_zone = args.get("zone")
    if server.vm_state == states.SHELVED:
        return Variant.STILL_ON_HOST
    return "" if server.shelved_image_id else Variant.ON_VOLUME


def claim_host(world: World, server: Server, task: Task) -> None:
    """Find the image of the shelved server, then select and claim a host."""
    _check_image(world, server, task)
    finish_events(world, server, task.request_id, name="get_image_info")
    resources = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    zone = task.args.get("zone") or server.pinned_availability_zone
    target = select_host(world, RequestSpec(server, resources, zone, task.args.get("host")))
    claim(world, server.id, target.name, resources)
    server.host = server.node = target.name
    server.availability_zone = get_zone(world, target.name)
    network.rebind_ports(world, server)
    check_disk_count(world, server)


def _check_image(world: World, server: Server, task: Task) -> None:
    """
    Fail if the image no longer exists; the server then keeps its task_state until that is reset.

    Source: nova/conductor/manager.py, unshelve_instance.
    """
    image_id = server.shelved_image_id
    if image_id and images.find_visible_for(world, image_id, task.args.get("requester")) is None:
        message = f"Unshelve attempted but the image {image_id} cannot be found."
        failure = TaskFailed(message, code=404, to_error=True, unplaced=True)
        failure.keeps_task_state = True
        drop_events(world, server, task.request_id, WITHOUT_IMAGE)
        raise failure


def finish_unshelve(world: World, server: Server, task: Task) -> None:
    """Connect the volumes, start the guest and delete the shelved image. An offloaded one gets a new config drive."""
    attach_all_volumes(world, server)
    if task.variant != Variant.STILL_ON_HOST:
        write_drive(server, keeps_files=False)
    server.power_state = states.RUNNING
    server.launched_at = world.time
    images.delete_for(world, server.shelved_image_id, task.args.get("requester"))
    server.shelved_image_id = None


def undo_unshelve(world: World, server: Server, task: Task) -> None:
    """Release the claim. The server stays offloaded."""
    if task.variant != Variant.STILL_ON_HOST:
        release(world, server.id)
        server.host = server.node = server.availability_zone = None


EFFECTS = {
    "shelve": Effect(begin_shelve, {"shelving_image_uploading": finish_upload}, finish_shelve, undo_shelve),
    "shelve-offload": Effect(on_finish=offload),
    "unshelve": Effect(begin_unshelve, {"unshelving": claim_host}, finish_unshelve, undo_unshelve),
}

"""Effects of rebuild and evacuate."""

from __future__ import annotations

from typing import Any

from novasim.errors import NovaFault
from novasim.lifecycle import states
from novasim.lifecycle.action import Phase, Variant
from novasim.records import Host, Image, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.device_names import check_disk_count
from novasim.simulation.effects import Effect
from novasim.simulation.effects.config_drive import write_drive
from novasim.simulation.failures import BuildAborted, TaskFailed
from novasim.simulation.instance_actions import finish_events, start_events
from novasim.simulation.migrations import create_migration, get_migration, set_status, set_target
from novasim.simulation.scheduling.extra_specs import find_unfit_for_image
from novasim.simulation.scheduling.live_migration_targets import check_capacity
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor, transfer
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import NOT_ENOUGH, no_valid_host, select_host
from novasim.simulation.scheduling.traits import find_trait_refusal
from novasim.simulation.volume_attachments import attach_all_volumes, reserve_all_volumes
from novasim.simulation.volume_creation import check_image, describe_image
from novasim.simulation.world import World

REIMAGE_FAILED = "Failed to rebuild volume backed instance."


def begin_rebuild(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Set the fields that the request names.

    Args: changes (by field), preserve_ephemeral, new_image (id, or None if the image stays), old_image (id),
    boot_volume_image (id of the image for the boot volume, or None if the volume stays as it is).
    """
    for field, value in args["changes"].items():
        setattr(server, field, value)
    server.progress = 0
    return Variant.WAS_STOPPED if server.vm_state == states.STOPPED else ""


def prepare_host(world: World, server: Server, task: Task) -> None:
    """Check that the host can run a new image and the driver supports the request. Then reserve all volumes."""
    host = world.tx.get(Host, server.host or "")
    if task.args.get("new_image") and host and (reason := _find_misfit(world, host, server)):
        server.image_id = task.args["old_image"]  # nothing else is rolled back: nova/conductor, rebuild_instance
        raise no_valid_host(reason)
    _check_driver(world, server, task)
    reserve_all_volumes(world, server)


def _find_misfit(world: World, host: Host, server: Server) -> str:
    """
    Nova's reason why the host cannot run the new image of a server; "" if it can.

    Source: nova/conductor/manager.py, _validate_image_traits_for_rebuild; filters with RUN_ON_REBUILD.
    """
    properties = server.image.get("properties", {})
    if properties and (reason := find_trait_refusal(host, server.flavor.get("extra_specs", {}), properties)):
        return reason
    is_filtered = "ImagePropertiesFilter" in world.option("enabled_filters")
    return NOT_ENOUGH if is_filtered and any(find_unfit_for_image(host, server)) else ""


def _check_driver(world: World, server: Server, task: Task) -> None:
    """Fail on the host if the request keeps the ephemeral disk, which the simulated driver does not support."""
    if task.args.get("preserve_ephemeral"):
        finish_events(world, server, task.request_id)
        start_events(world, server, task.request_id, Phase(None, events=("compute_rebuild_instance",)))
        raise TaskFailed("The current driver does not support preserving ephemeral partitions.", code=400)


def reconnect_volumes(world: World, server: Server, task: Task) -> None:
    """
    Write the image to the volume that the server boots from (from 2.93), and connect the volumes again.

    A volume to which the image cannot be written stays reserved. Source: nova/compute/manager.py,
    _rebuild_volume_backed_instance; Cinder, reimage.
    """
    check_disk_count(world, server)
    if image_id := task.args.get("boot_volume_image"):
        _reimage(world, server, image_id)
    attach_all_volumes(world, server)


def _reimage(world: World, server: Server, image_id: str) -> None:
    root = volumes.find_root_volume(world, server)
    if root is None:
        return
    image = world.tx.get(Image, image_id)
    if image is None:
        raise BuildAborted(server.id, f"Image {image_id} not found.")
    try:
        check_image(image, root.size)
    except NovaFault:
        raise BuildAborted(server.id, REIMAGE_FAILED) from None
    if root.attachments or len(root.reserved) > 1:
        raise BuildAborted(server.id, REIMAGE_FAILED)
    root.image_metadata = describe_image(image)
    root.bootable = True
    world.tx.put(root)


def fetch_image(world: World, server: Server, task: Task) -> None:
    """
    Write the image to the local disk.

    Raises:
        TaskFailed: it has been deleted meanwhile, or has no data, as the image of a server that boots from a volume.

    Source: nova/image/glance.py, download.
    """
    image_id = task.args.get("new_image")
    if not image_id or volumes.is_volume_backed(server):
        return
    image = world.tx.get(Image, image_id)
    if image is None:
        raise TaskFailed(f"Image {image_id} could not be found.", code=404)
    if "block_device_mapping" in image.properties and not image.size:
        raise TaskFailed(f"Image {image_id} is unacceptable: Image has no associated data", code=400)


def finish_rebuild(world: World, server: Server, task: Task) -> None:
    """Boot the guest from the new disk, with a new config drive. WAS_STOPPED and STAYS_OFF leave it off."""
    write_drive(server, keeps_files=task.action == "rebuild")
    server.power_state = states.SHUTDOWN if task.variant else states.RUNNING
    server.launched_at = world.time


def undo_rebuild(world: World, server: Server, task: Task) -> None:
    """Connect the volumes of a rebuild that is cancelled. After a failure they stay reserved, as in Nova."""
    if "failed" not in task.args and server.host:
        attach_all_volumes(world, server)


def begin_evacuation(world: World, server: Server, args: dict[str, Any]) -> str:
    """Create the evacuation. Args: host (or None), forced, stopped (whether it ends stopped, from 2.95)."""
    create_migration(world, server, "evacuation", "accepted", args)
    if server.vm_state == states.STOPPED:
        return Variant.WAS_STOPPED
    return Variant.STAYS_OFF if args["stopped"] and server.vm_state == states.ACTIVE else ""


def claim_target(world: World, server: Server, task: Task) -> None:
    """Claim another host. The claim on the dead host passes to the migration until that host returns."""
    resources = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    zone, here = server.pinned_availability_zone, (server.host or "",)
    spec = RequestSpec(server, resources, zone, task.args.get("host"), here, forced=task.args.get("forced", False))
    target = select_host(world, spec)
    if spec.forced:
        check_capacity(target, spec)
    migration = get_migration(world, task)
    assert migration is not None
    set_target(world, migration, target.name, "pre-migrating")
    transfer(world, server.id, migration.id)
    claim(world, server.id, target.name, resources)
    server.host = server.node = target.name
    server.availability_zone = get_zone(world, target.name)
    network.rebind_ports(world, server)
    reserve_all_volumes(world, server)


def check_disks(world: World, server: Server, task: Task) -> None:
    """Fail an evacuation of a server with more disks than a new host attaches."""
    check_disk_count(world, server)


def finish_evacuation(world: World, server: Server, task: Task) -> None:
    """Connect the volumes and boot the guest on its new host. WAS_STOPPED and STAYS_OFF leave it off."""
    attach_all_volumes(world, server)
    if migration := get_migration(world, task):
        set_status(world, migration, "done")
    finish_rebuild(world, server, task)


def undo_evacuation(world: World, server: Server, task: Task) -> None:
    """
    Release the target's claim. The server belongs to the dead host again.

    The migration is in error if no host was found, and failed if a host could not rebuild the server. Source:
    nova/conductor/manager.py and nova/compute/manager.py, rebuild_instance.
    """
    migration = get_migration(world, task)
    if migration is None:
        return
    was_placed = migration.status != "accepted"
    if was_placed:
        release(world, server.id)
        transfer(world, migration.id, server.id)
        server.host = server.node = migration.source_host
        server.availability_zone = get_zone(world, server.host)
        network.rebind_ports(world, server)
    set_status(world, migration, "failed" if was_placed else "error")


EFFECTS = {
    "rebuild": Effect(
        begin_rebuild,
        {
            "rebuilding": prepare_host,
            "rebuild_block_device_mapping": reconnect_volumes,
            "rebuild_spawning": fetch_image,
        },
        finish_rebuild,
        undo_rebuild,
    ),
    "evacuate": Effect(
        begin_evacuation,
        {"rebuilding": claim_target, "rebuild_block_device_mapping": check_disks},
        finish_evacuation,
        undo_evacuation,
    ),
}

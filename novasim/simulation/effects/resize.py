"""Effects of resize and cold migration, and of confirming and reverting them."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Phase, Variant
from novasim.records import Attachment, Host, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.failures import TaskFailed
from novasim.simulation.images import forget_base_image
from novasim.simulation.instance_actions import finish_events, start_events
from novasim.simulation.migrations import (
    create_migration,
    find_latest_migration,
    get_migration,
    set_status,
    set_target,
)
from novasim.simulation.scheduling import retries
from novasim.simulation.scheduling.placement import claim, get_zone, release, resources_from_flavor, transfer
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import select_host, select_hosts
from novasim.simulation.time.timers import drop_timer, set_timer
from novasim.simulation.volume_attachments import attach_all_volumes, check_reservable, reserve_all_volumes
from novasim.simulation.world import World

CONDUCTOR_EVENTS = ("conductor_migrate_server", "cold_migrate")
KEEPS_DISK_SIZE = ("qemu", "kvm")  # hypervisors whose driver makes no disk smaller


def begin_resize(world: World, server: Server, args: dict[str, Any]) -> str:
    """Record a resize. Args as for `_begin_move`."""
    return _begin_move(world, server, "resize", args)


def begin_migration(world: World, server: Server, args: dict[str, Any]) -> str:
    """Record a cold migration. Args as for `_begin_move`."""
    return _begin_move(world, server, "migration", args)


def _begin_move(world: World, server: Server, kind: str, args: dict[str, Any]) -> str:
    """Args: flavor (a snapshot; the present one for a migration), host (or None), disk_config (or None)."""
    server.disk_config = args.get("disk_config") or "MANUAL"  # also for a migration, as in Nova
    server.old_vm_state = server.vm_state
    server.progress = 0
    forget_base_image(server)
    create_migration(world, server, kind, "pre-migrating", args, args["flavor"])
    return ""


def claim_target(world: World, server: Server, task: Task) -> None:
    """Select and claim the target. The claim on the source passes to the migration."""
    spec = _build_spec(world, server, task)
    is_retry = "attempt" in task.args
    target = retries.select_alternate(world, task, spec) if is_retry else select_host(world, spec)
    migration = get_migration(world, task)
    assert migration is not None
    set_target(world, migration, target.name, "migrating")
    transfer(world, server.id, migration.id)
    claim(world, server.id, target.name, spec.resources)


def _build_spec(world: World, server: Server, task: Task) -> RequestSpec:
    """Args: flavor, host (or None)."""
    resources = resources_from_flavor(task.args["flavor"], volumes.is_volume_backed(server))
    exclude = () if _may_stay_on_host(world, task) else (server.host or "",)
    zone, flavor = server.pinned_availability_zone, task.args["flavor"]
    return RequestSpec(server, resources, zone, task.args.get("host"), exclude, flavor=flavor)


def retry_resize(world: World, server: Server, task: Task, failure: TaskFailed) -> TaskFailed | None:
    """
    Prepare a resize on another host after it has failed on one. A requested host has no alternates.

    Source: nova/compute/manager.py, _do_prep_resize; nova/conductor/tasks/migrate.py; nova/conductor/manager.py,
    _cold_migrate.
    """
    migration = get_migration(world, task)
    if failure.unplaced or migration is None or migration.status != "pre-migrating":
        return failure
    for name in CONDUCTOR_EVENTS:
        finish_events(world, server, task.request_id, name=name)
    if task.args.get("host"):
        return failure
    try:
        _update_alternates(world, server, task)
    except TaskFailed as without_host:
        return without_host
    ending = retries.count_failed_attempt(world, server, task, failure, None)
    if ending is not failure:
        finish_events(world, server, task.request_id)
        start_events(world, server, task.request_id, Phase(None, events=CONDUCTOR_EVENTS if ending else ()))
    return ending


def _update_alternates(world: World, server: Server, task: Task) -> None:
    """Remove the host that has just failed from the alternates. Raises TaskFailed: the scheduler finds no host."""
    if "alternates" not in task.args:
        found = select_hosts(world, _build_spec(world, server, task), retries.get_max_attempts(world, task))
        task.args["alternates"] = [host.name for host in found]
    task.args["alternates"] = task.args["alternates"][1:]


def _may_stay_on_host(world: World, task: Task) -> bool:
    return task.action == "resize" and bool(world.option("allow_resize_to_same_host"))


def move_to_target(world: World, server: Server, task: Task) -> None:
    """Move the server to the target after its disks have been copied. Its volumes are reserved meanwhile."""
    migration = get_migration(world, task)
    assert migration is not None
    _check_disks(world, server, task.args["flavor"])
    for volume in volumes.list_volumes(world, server):
        check_reservable(volume)
    set_status(world, migration, "post-migrating")
    reserve_all_volumes(world, server)
    _move_to_host(world, server, migration.dest_host)


def _check_disks(world: World, server: Server, flavor: dict[str, Any]) -> None:
    """
    Fail, and keep the server as it is, if the new flavor has a smaller root disk or ephemeral disk.

    Source: nova/virt/libvirt/driver.py, migrate_disk_and_power_off.
    """
    host = world.tx.get(Host, server.host or "")
    if host is None or host.hypervisor_type.lower() not in KEEPS_DISK_SIZE:
        return
    is_root_smaller = flavor["disk"] < server.flavor["disk"] and not volumes.is_volume_backed(server)
    if is_root_smaller or flavor.get("ephemeral", 0) < _sum_ephemeral_disks(world, server):
        failure = TaskFailed("Resize error: Unable to resize disk down.")
        failure.vm_state = server.vm_state
        raise failure


def _sum_ephemeral_disks(world: World, server: Server) -> int:
    """The size of the server's ephemeral disks in GiB; that of its flavor if it has none."""
    disks = world.tx.query(Attachment, {"server_id": server.id, "source_type": "blank", "destination_type": "local"})
    size = sum(disk.volume_size or 0 for disk in disks if disk.guest_format != "swap")
    return size or int(server.flavor.get("ephemeral", 0))


def finish_resize(world: World, server: Server, task: Task) -> None:
    """Give the server its new flavor, and set the timer that confirms the resize. The power state stays, as in Nova."""
    migration = get_migration(world, task)
    assert migration is not None
    set_status(world, migration, "finished")
    attach_all_volumes(world, server)
    server.flavor = dict(migration.new_flavor)
    server.launched_at = world.time
    if window := world.option("resize_confirm_window"):
        set_timer(world, server, "confirm-resize", window)


def undo_resize(world: World, server: Server, task: Task) -> None:
    """
    Release the target and return to the source; a server whose disks are on the target stays there.

    Source: nova/compute/manager.py, prep_resize, resize_instance and finish_resize on failure.
    """
    migration = get_migration(world, task)
    if migration is None:
        return
    if migration.status == "pre-migrating":
        set_status(world, migration, "error")
        return
    if migration.status == "post-migrating":
        release(world, migration.id)
        _claim_again(world, server)
        set_status(world, migration, "error")
        return
    release(world, server.id)
    transfer(world, migration.id, server.id)
    _move_to_host(world, server, migration.source_host)
    set_status(world, migration, "error")


def _claim_again(world: World, server: Server) -> None:
    """Claim what the old flavor needs, which the server still has."""
    release(world, server.id)
    resources = resources_from_flavor(server.flavor, volumes.is_volume_backed(server))
    claim(world, server.id, server.host or "", resources)


def begin_confirm(world: World, server: Server, args: dict[str, Any]) -> str:
    """Mark the migration, so that a second confirmation does not find it."""
    if migration := find_latest_migration(world, server, "finished"):
        set_status(world, migration, "confirming")
    return ""


def finish_confirm(world: World, server: Server, task: Task) -> None:
    """Release the old host. The server becomes ACTIVE, or SHUTOFF if its guest is off."""
    if migration := find_latest_migration(world, server, "confirming"):
        release(world, migration.id)
        set_status(world, migration, "confirmed")
    server.vm_state = states.STOPPED if server.power_state == states.SHUTDOWN else states.ACTIVE
    server.old_vm_state = None
    drop_timer(world, server, "confirm-resize")


def undo_confirm(world: World, server: Server, task: Task) -> None:
    """Set the migration back to "finished". After a failure it is in error and keeps the claim on the old host."""
    if migration := find_latest_migration(world, server, "confirming"):
        set_status(world, migration, "error" if "failed" in task.args else "finished")


def begin_revert(world: World, server: Server, args: dict[str, Any]) -> str:
    """Mark the migration. A server that was stopped before the resize ends stopped."""
    if migration := find_latest_migration(world, server, "finished"):
        set_status(world, migration, "reverting")
    return Variant.WAS_STOPPED if server.old_vm_state == states.STOPPED else ""


def finish_revert(world: World, server: Server, task: Task) -> None:
    """Release the new host and return to the old one with the old flavor."""
    if migration := find_latest_migration(world, server, "reverting"):
        release(world, server.id)
        transfer(world, migration.id, server.id)
        _move_to_host(world, server, migration.source_host)
        server.flavor = dict(migration.old_flavor)
        set_status(world, migration, "reverted")
        reserve_all_volumes(world, server)
        attach_all_volumes(world, server)
    if task.variant == Variant.WAS_STOPPED:
        server.power_state = states.SHUTDOWN
    server.old_vm_state = None
    server.launched_at = world.time
    drop_timer(world, server, "confirm-resize")


def undo_revert(world: World, server: Server, task: Task) -> None:
    """Set the migration back to "finished". After a failure it is in error."""
    if migration := find_latest_migration(world, server, "reverting"):
        set_status(world, migration, "error" if "failed" in task.args else "finished")


def _move_to_host(world: World, server: Server, host: str | None) -> None:
    server.host = server.node = host
    server.availability_zone = get_zone(world, host)
    network.rebind_ports(world, server)


EFFECTS = {
    "resize": Effect(
        begin_resize,
        {"resize_prep": claim_target, "resize_migrating": move_to_target},
        finish_resize,
        undo_resize,
        retry_resize,
    ),
    "migrate": Effect(
        begin_migration,
        {"resize_prep": claim_target, "resize_migrating": move_to_target},
        finish_resize,
        undo_resize,
        retry_resize,
    ),
    "confirm-resize": Effect(begin_confirm, {}, finish_confirm, undo_confirm),
    "revert-resize": Effect(begin_revert, {}, finish_revert, undo_revert),
}

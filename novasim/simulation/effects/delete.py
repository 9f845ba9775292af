"""Effects of delete, force-delete and restore."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Variant
from novasim.records import Host, Migration, Server, Task
from novasim.simulation import images, network
from novasim.simulation.effects import Effect
from novasim.simulation.instance_actions import record_part
from novasim.simulation.migrations import set_status
from novasim.simulation.scheduling.placement import is_service_up, release
from novasim.simulation.time.timers import drop_tasks, drop_timer, set_timer
from novasim.simulation.volume_attachments import cancel_reservation, detach_all_volumes
from novasim.simulation.world import World


def begin_delete(world: World, server: Server, args: dict[str, Any]) -> str:
    """Soft-delete a server that has run, if reclaim_instance_interval is set and its host is up."""
    variant = begin_force_delete(world, server, args)
    if variant or server.launched_at is None or not world.option("reclaim_instance_interval"):
        return variant
    return Variant.SOFT_DELETE


def begin_force_delete(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Confirm a waiting resize, which frees its other host. Without a host that is up, delete only the record.

    The image of a shelved server is deleted at once, even if the server is only soft-deleted. Args: requester.

    Source: nova/compute/api.py, _delete.
    """
    if server.vm_state in (states.SHELVED, states.SHELVED_OFFLOADED):
        images.delete_for(world, server.shelved_image_id, args.get("requester"))
    _confirm_migrations(world, server)
    host = world.tx.get(Host, server.host) if server.host else None
    return "" if host is not None and is_service_up(host) else Variant.LOCAL_DELETE


def _confirm_migrations(world: World, server: Server) -> None:
    for migration in world.tx.query(Migration, {"server_id": server.id}):
        release(world, migration.id)
        if migration.status == "finished" and server.vm_state == states.RESIZED:
            set_status(world, migration, "confirmed")
            record_part(world, server, "confirmResize", "compute_confirm_resize", migration.source_host)


def finish_delete(world: World, server: Server, task: Task) -> None:
    """Release claims, ports and volumes. A soft-deleted server keeps them, and a timer is set that deletes it."""
    if task.variant == Variant.SOFT_DELETE:
        server.deleted_at = world.time
        set_timer(world, server, "force-delete", world.option("reclaim_instance_interval"))
        return
    release(world, server.id)
    network.unplug_all(world, server)
    detach_all_volumes(world, server)
    for swap in world.tx.query(Task, {"server_id": server.id, "action": "swap-volume"}):
        cancel_reservation(world, swap.args["volume"], swap.args["attachment_id"])
    drop_tasks(world, server)
    server.deleted = True
    server.deleted_at = server.terminated_at = world.time
    server.power_state = states.NOSTATE


def restore(world: World, server: Server, task: Task) -> None:
    """Cancel the deletion. The power state stays, as recorded from Nova."""
    server.deleted_at = None
    drop_timer(world, server, "force-delete")


EFFECTS = {
    "delete": Effect(begin_delete, {}, finish_delete),
    "force-delete": Effect(begin_force_delete, {}, finish_delete),
    "restore": Effect(on_finish=restore),
}

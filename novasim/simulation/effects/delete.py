"""Delete, force-delete, restore: what a server held is given back, at once or when its time is over."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.lifecycle.action import Variant
from novasim.records import Host, Migration, Server, Task
from novasim.simulation import network, volumes
from novasim.simulation.effects import Effect
from novasim.simulation.migrations import set_status
from novasim.simulation.scheduling.placement import is_service_up, release
from novasim.simulation.time.timers import drop_timer, drop_timers, set_timer
from novasim.simulation.world import World


def start_delete(world: World, server: Server, args: dict[str, Any]) -> str:
    """A server on no host goes at once; reclaim_instance_interval lets one that has run wait."""
    variant = start_force_delete(world, server, args)
    if variant or server.launched_at is None or not world.option("reclaim_instance_interval"):
        return variant
    return Variant.SOFT_DELETE


def start_force_delete(world: World, server: Server, args: dict[str, Any]) -> str:
    """A resize that waits is confirmed first, so that its other host is freed. Nobody waits for a host that is down."""
    _settle_moves(world, server)
    host = world.tx.get(Host, server.host) if server.host else None
    return "" if host is not None and is_service_up(host) else Variant.LOCAL_DELETE


def _settle_moves(world: World, server: Server) -> None:
    for migration in world.tx.query(Migration, {"server_id": server.id}):
        release(world, migration.id)
        if migration.status == "finished":
            set_status(world, migration, "confirmed")


def deleted(world: World, server: Server, task: Task) -> None:
    """Soft: it may be restored until its time is over. Else ports, volumes and claims are given back."""
    if task.variant == Variant.SOFT_DELETE:
        server.deleted_at = world.time
        set_timer(world, server, "force-delete", world.option("reclaim_instance_interval"))
        return
    release(world, server.id)
    network.unplug_all(world, server)
    volumes.detach_all_volumes(world, server, deleting=True)
    drop_timers(world, server)
    server.deleted = True
    server.deleted_at = server.terminated_at = world.time
    server.power_state = states.NOSTATE


def restored(world: World, server: Server, task: Task) -> None:
    """The server is back as it was; the power state is not touched, as recorded from Nova."""
    server.deleted_at = None
    drop_timer(world, server, "force-delete")


EFFECTS = {
    "delete": Effect(start_delete, {}, deleted),
    "force-delete": Effect(start_force_delete, {}, deleted),
    "restore": Effect(on_finish=restored),
}

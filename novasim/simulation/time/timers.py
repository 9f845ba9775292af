"""What the system itself will request of a server when a time is over (Nova's periodic tasks)."""

from __future__ import annotations

from novasim.records import Server, Task
from novasim.simulation.world import World

TIMED_ACTIONS = ("force-delete", "shelve-offload", "confirm-resize", "unrescue")
TIMEOUT_OPTIONS = ("instance_build_timeout", "reboot_timeout")
TIMEOUT_BY_ACTION = {"create": "instance_build_timeout", "reboot": "reboot_timeout"}  # how long an action may take


def set_timer(world: World, server: Server, name: str, seconds: float) -> None:
    """
    Let the system look after a server when *seconds* are over, as Nova's periodic tasks do.

    Args:
        name: An action to request then (one of TIMED), or the option whose time is over (one of OPTIONS).
    """
    moment = world.now + seconds
    timer = Task(
        id=f"{server.id} {name}",
        server_id=server.id,
        action=name,
        request_id=world.request_id,
        started=world.now,
        ends=[moment],
        timer=True,
    )
    world.schedule(timer)
    world.new_timers.append(timer.id)


def drop_timers(world: World, server: Server) -> None:
    """Forget what the system meant to do with a server."""
    for action_name in (*TIMED_ACTIONS, *TIMEOUT_OPTIONS):
        drop_timer(world, server, action_name)


def drop_timer(world: World, server: Server, action_name: str) -> None:
    """Forget one of them."""
    if timer := world.tx.get(Task, f"{server.id} {action_name}"):
        world.tx.delete(timer)

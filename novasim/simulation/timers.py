"""What the system itself will request of a server when a time is over (Nova's periodic tasks)."""

from __future__ import annotations

from novasim.records import Server, Task
from novasim.simulation.world import World

TIMED = ("force-delete", "shelve-offload", "confirm-resize", "unrescue")


def set_timer(world: World, server: Server, action_name: str, seconds: float) -> None:
    """Let the system request an action (one of TIMED) on a server after *seconds*, as Nova's periodic tasks do."""
    moment = world.now + seconds
    timer = Task(
        id=f"{server.id} {action_name}", server_id=server.id, action=action_name, request_id=world.request_id,
        started=world.now, ends=[moment], timer=True,
    )  # fmt: skip
    world.tx.put(timer)
    world.cache.setdefault("timers", []).append((moment, timer.id))


def drop_timers(world: World, server: Server) -> None:
    """Forget what the system meant to do with a server."""
    for action_name in TIMED:
        drop_timer(world, server, action_name)


def drop_timer(world: World, server: Server, action_name: str) -> None:
    """Forget one of them."""
    if timer := world.tx.get(Task, f"{server.id} {action_name}"):
        world.tx.delete(timer)

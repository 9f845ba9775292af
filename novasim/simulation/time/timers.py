"""Timers: actions that the system requests on a server after a time, like Nova's periodic tasks."""

from __future__ import annotations

from novasim.records import Server, Task
from novasim.simulation.world import World

TIMEOUT_BY_ACTION = {"create": "instance_build_timeout", "reboot": "reboot_timeout"}  # limits the time of an action


def set_timer(world: World, server: Server, name: str, seconds: float) -> None:
    """
    Set a timer of a server.

    Args:
        name: The action to request, such as force-delete, or the option that limits the time, such as reboot_timeout.
        seconds: From now.
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


def drop_tasks(world: World, server: Server) -> None:
    """Delete all timers and tasks of a server. A host without power would never end the task of an attachment."""
    for task in world.tx.query(Task, {"server_id": server.id}):
        world.tx.delete(task)


def drop_timer(world: World, server: Server, action_name: str) -> None:
    """Delete a timer of a server, if it is set."""
    if timer := world.tx.get(Task, f"{server.id} {action_name}"):
        world.tx.delete(timer)

"""
Updates the record of a server to the power state of its guest.

Source: nova/compute/manager.py, _sync_instance_power_state.
"""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller, Server, Task
from novasim.simulation.time.tasks import start_task
from novasim.simulation.world import World

OFF = (states.SHUTDOWN, states.CRASHED)
STOPPED_WHEN_OFF = (states.ACTIVE, states.PAUSED)
STARTED_WHEN_RUNNING = (states.STOPPED,)


def sync_power_state(world: World, server: Server, power_state: int) -> None:
    """
    Record a guest's power state. Unless a task is running, request a stop or start so that the server agrees with it.

    Args:
        power_state: One of lifecycle.states, such as SHUTDOWN.
    """
    server.power_state = power_state
    world.touch(server)
    if world.tx.get(Task, server.id) is not None:
        return
    if power_state in OFF and server.vm_state in STOPPED_WHEN_OFF:
        _request(world, "stop", server)
    elif power_state == states.RUNNING and server.vm_state in STARTED_WHEN_RUNNING:
        _request(world, "start", server)


def _request(world: World, action: str, server: Server) -> None:
    world.request_id = "req-" + world.ids.uuid()
    start_task(world, ACTIONS[action], server, Caller(server.user_id, server.project_id, ("admin",)), {})

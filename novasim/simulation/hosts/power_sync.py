"""
What Nova does when a guest's power is not what it remembers: the record follows the guest.

Source: nova/compute/manager.py, _sync_instance_power_state.
"""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller, Server, Task
from novasim.simulation.time.tasks import begin
from novasim.simulation.world import World

SHOULD_BE_OFF = (states.STOPPED,)
OFF = (states.SHUTDOWN, states.CRASHED)
STOPPED_WHEN_OFF = (states.ACTIVE, states.PAUSED)


def found(world: World, server: Server, power_state: int) -> None:
    """
    The power of a guest is reported: one that should run and is off counts as stopped, one that was off and runs as
    started.

    Args:
        power_state: One of lifecycle.states, such as SHUTDOWN.
    """
    server.power_state = power_state
    world.touch(server)
    if world.tx.get(Task, server.id) is not None:
        return
    if power_state in OFF and server.vm_state in STOPPED_WHEN_OFF:
        _request(world, "stop", server)
    elif power_state == states.RUNNING and server.vm_state in SHOULD_BE_OFF:
        _request(world, "start", server)


def _request(world: World, action: str, server: Server) -> None:
    world.request_id = "req-" + world.ids.uuid()
    begin(world, ACTIONS[action], server, Caller(server.user_id, server.project_id, ("admin",)), {})

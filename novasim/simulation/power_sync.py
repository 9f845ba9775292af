"""
What Nova does when a guest's power is not what it remembers: the record follows the guest.

Source: nova/compute/manager.py, _sync_instance_power_state.
"""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller, Server, Task
from novasim.simulation.tasks import begin
from novasim.simulation.world import World

OFF = (states.SHUTDOWN, states.CRASHED)
STOPPED_WHEN_OFF = (states.ACTIVE, states.PAUSED)


def found(world: World, server: Server, power_state: int) -> None:
    """
    The host reports the power of a guest. A server that should run and does not is stopped by the system.

    Args:
        power_state: One of lifecycle.states, such as SHUTDOWN.
    """
    server.power_state = power_state
    world.touch(server)
    if world.tx.get(Task, server.id) is None and power_state in OFF and server.vm_state in STOPPED_WHEN_OFF:
        world.request_id = "req-" + world.ids.uuid()
        system = Caller(server.user_id, server.project_id, ("admin",))
        begin(world, ACTIONS["stop"], server, system, {})

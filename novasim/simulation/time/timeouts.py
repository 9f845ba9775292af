"""
Actions that take too long: instance_build_timeout and reboot_timeout (0 for no limit).

Source: nova/compute/manager.py, _check_instance_build_time and _poll_rebooting_instances.
"""

from __future__ import annotations

from collections.abc import Callable

from novasim.lifecycle import states
from novasim.lifecycle.actions import ACTIONS
from novasim.records import Caller, Server, Task
from novasim.simulation.time.tasks import start_task
from novasim.simulation.world import World

SOFT_REBOOTS = frozenset({"rebooting", "reboot_pending", "reboot_started"})


def time_out_build(world: World, server: Server) -> None:
    """Set a server that is still being built to ERROR. Its build continues on its host."""
    if server.vm_state == states.BUILDING:
        server.vm_state = states.ERROR
        world.touch(server)


def time_out_reboot(world: World, server: Server) -> None:
    """Replace a soft reboot that has not finished with a hard reboot."""
    task = world.tx.get(Task, server.id)
    if task is not None and server.task_state in SOFT_REBOOTS:
        world.request_id = "req-" + world.ids.uuid()
        system = Caller(server.user_id, server.project_id, ("admin",))
        start_task(world, ACTIONS["hard-reboot"], server, system, {})


TIMEOUTS: dict[str, Callable[[World, Server], None]] = {
    "instance_build_timeout": time_out_build,
    "reboot_timeout": time_out_reboot,
}

"""What a guest does by itself, inside: it shuts down, crashes, reboots. Nova hears of it from the hypervisor."""

from __future__ import annotations

from novasim.errors import Conflict
from novasim.lifecycle import states
from novasim.records import Server
from novasim.simulation.hosts import power_sync
from novasim.simulation.world import World

ENDS_IN = {"shutdown": states.SHUTDOWN, "crash": states.CRASHED, "reboot": states.RUNNING}


def act(world: World, server: Server, what: str) -> None:
    """
    Let the guest do something.

    Args:
        what: shutdown, crash or reboot.

    Raises:
        Conflict: it does not run.
    """
    if server.power_state != states.RUNNING or server.deleted:
        shown = states.POWER_STATES.get(server.power_state, "pending")
        raise Conflict(reason=f"The guest of {server.name} does not run (power state {shown}), so it cannot {what}.")
    if ENDS_IN[what] != server.power_state:
        power_sync.found(world, server, ENDS_IN[what])

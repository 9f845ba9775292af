"""Events inside a guest, reported to Nova by the hypervisor: shutdown, crash, reboot."""

from __future__ import annotations

from novasim.errors import Conflict
from novasim.lifecycle import states
from novasim.records import Server
from novasim.simulation.hosts.power_sync import sync_power_state
from novasim.simulation.world import World

POWER_STATE_AFTER = {"shutdown": states.SHUTDOWN, "crash": states.CRASHED, "reboot": states.RUNNING}


def apply_event(world: World, server: Server, event: str) -> None:
    """
    Apply an event to a running guest.

    Args:
        event: shutdown, crash or reboot.

    Raises:
        Conflict: The guest is not running.
    """
    if server.power_state != states.RUNNING or server.deleted:
        shown = states.POWER_STATES.get(server.power_state, "pending")
        raise Conflict(reason=f"The guest of {server.name} is not running (power state {shown}), so it cannot {event}.")
    if POWER_STATE_AFTER[event] != server.power_state:
        sync_power_state(world, server, POWER_STATE_AFTER[event])

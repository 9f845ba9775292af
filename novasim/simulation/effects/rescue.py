"""Rescue: boot from another image for a while, with the own disk attached."""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Server, Task
from novasim.simulation.effects import Effect
from novasim.simulation.time.timers import drop_timer, set_timer
from novasim.simulation.world import World


def rescued(world: World, server: Server, task: Task) -> None:
    """The rescue system runs; the option rescue_timeout brings the server back by itself."""
    server.power_state = states.RUNNING
    server.launched_at = world.time
    if timeout := world.option("rescue_timeout"):
        set_timer(world, server, "unrescue", timeout)


def unrescued(world: World, server: Server, task: Task) -> None:
    """The own system runs again."""
    server.power_state = states.RUNNING
    drop_timer(world, server, "unrescue")


EFFECTS = {
    "rescue": Effect(on_finish=rescued),
    "unrescue": Effect(on_finish=unrescued),
}

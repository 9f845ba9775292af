"""Effects of rescue and unrescue."""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Server, Task
from novasim.simulation.effects import Effect
from novasim.simulation.time.timers import drop_timer, set_timer
from novasim.simulation.world import World


def finish_rescue(world: World, server: Server, task: Task) -> None:
    """Boot the rescue system, and set the timer that ends the rescue (rescue_timeout)."""
    server.power_state = states.RUNNING
    server.launched_at = world.time
    if timeout := world.option("rescue_timeout"):
        set_timer(world, server, "unrescue", timeout)


def finish_unrescue(world: World, server: Server, task: Task) -> None:
    """Boot the server's own system again."""
    server.power_state = states.RUNNING
    drop_timer(world, server, "unrescue")


EFFECTS = {
    "rescue": Effect(on_finish=finish_rescue),
    "unrescue": Effect(on_finish=finish_unrescue),
}

"""Effects of the actions that change only the power state: start, stop, reboot, pause, suspend and their reverses."""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Server, Task
from novasim.simulation.effects import Effect, TaskHook
from novasim.simulation.world import World


def _set_power_state(power_state: int) -> TaskHook:
    def set_power_state(world: World, server: Server, task: Task) -> None:
        server.power_state = power_state

    return set_power_state


EFFECTS = {
    "start": Effect(on_finish=_set_power_state(states.RUNNING)),
    "stop": Effect(on_finish=_set_power_state(states.SHUTDOWN)),
    "reboot": Effect(on_finish=_set_power_state(states.RUNNING)),
    "hard-reboot": Effect(on_finish=_set_power_state(states.RUNNING)),
    "pause": Effect(on_finish=_set_power_state(states.POWER_PAUSED)),
    "unpause": Effect(on_finish=_set_power_state(states.RUNNING)),
    "suspend": Effect(on_finish=_set_power_state(states.SHUTDOWN)),  # as libvirt reports it
    "resume": Effect(on_finish=_set_power_state(states.RUNNING)),
}

"""Power: start, stop, reboot, pause, suspend and their reverses set the power state of the guest."""

from __future__ import annotations

from novasim.lifecycle import states
from novasim.records import Server, Task
from novasim.simulation.effects import Effect, Step
from novasim.simulation.world import World


def _powers(power_state: int) -> Step:
    def finish(world: World, server: Server, task: Task) -> None:
        server.power_state = power_state

    return finish


EFFECTS = {
    "start": Effect(on_finish=_powers(states.RUNNING)),
    "stop": Effect(on_finish=_powers(states.SHUTDOWN)),
    "reboot": Effect(on_finish=_powers(states.RUNNING)),
    "hard-reboot": Effect(on_finish=_powers(states.RUNNING)),
    "pause": Effect(on_finish=_powers(states.POWER_PAUSED)),
    "unpause": Effect(on_finish=_powers(states.RUNNING)),
    "suspend": Effect(on_finish=_powers(states.SHUTDOWN)),  # as a libvirt guest reports it
    "resume": Effect(on_finish=_powers(states.RUNNING)),
}

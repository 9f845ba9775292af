"""How long phases take: the row's seconds, the cloud's own settings, and a seeded jitter."""

from __future__ import annotations

from itertools import accumulate

from novasim.lifecycle.action import Action, Phase
from novasim.records import Server
from novasim.simulation.faults import slowness
from novasim.simulation.world import World

JITTER = 0.1


def phase_ends(world: World, action: Action, course: tuple[Phase, ...], server: Server) -> list[float]:
    """The moments (seconds since the epoch) at which the phases of a course end, from now on."""
    lengths = (_seconds(world, action, phase) * slowness(world, action, phase, server) for phase in course)
    return [round(world.now + total, 6) for total in accumulate(lengths)]


def _seconds(world: World, action: Action, phase: Phase) -> float:
    own = world.settings.durations
    seconds = own.get(f"{action.name}.{phase.task_state}", own.get(action.name, phase.seconds))
    return seconds * world.ids.jitter(JITTER) if seconds else 0.0

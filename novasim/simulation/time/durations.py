"""
Durations of phases.

    seconds x (1 + size / reference) x (1 + load) x jitter

seconds: from the action's row or the cloud's own setting. size: of the image, the flavor's disk or its RAM, whichever
the phase grows with. load: the used share of the host's vCPUs, after overcommitment. jitter: up to 10 %, seeded with
the cloud's seed and the request. The option duration_scaling turns size and load off, duration_jitter sets the jitter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate

from novasim.lifecycle.action import Action, Phase
from novasim.records import Host, Image, Server
from novasim.simulation.faults import has_faults, trigger_slowdown
from novasim.simulation.scheduling.placement import get_capacity
from novasim.simulation.world import World

GIB = 1024**3
REFERENCE = {"image": 4.0, "disk": 40.0, "ram": 8.0}  # sizes in GiB that double the duration


def compute_phase_ends(world: World, action: Action, phases: tuple[Phase, ...], server: Server) -> list[float]:
    """
    Compute when each of the phases ends if the first one starts now, in seconds since the epoch.

    It triggers injected faults that lengthen phases, so it is called once for each start of the phases.
    """
    lengths = [_get_base_seconds(world, action, phase) for phase in phases]
    if world.option("duration_scaling"):
        load = 1 + _get_host_load(world, server)
        pairs = zip(phases, lengths, strict=True)
        lengths = [seconds * load * (1 + _get_size_factor(world, phase, server)) for phase, seconds in pairs]
    if jitter := world.option("duration_jitter"):
        factors = _draw_factors(world, lengths, jitter)
        lengths = [seconds * factor for seconds, factor in zip(lengths, factors, strict=True)]
    if has_faults(world):
        lengths = [
            trigger_slowdown(world, action, phase, server) * each for phase, each in zip(phases, lengths, strict=True)
        ]
    return [round(world.now + total, 6) for total in accumulate(lengths)]


@contextmanager
def share_jitter(world: World) -> Iterator[None]:
    """Within the block all tasks of an action have the same jitter, so that no server overtakes an earlier one."""
    world.lookups.shared_jitter = []
    try:
        yield
    finally:
        world.lookups.shared_jitter = None


def _draw_factors(world: World, lengths: list[float], spread: float) -> list[float]:
    """Draw a factor for each phase that takes time, or take those that an earlier task of the block has drawn."""
    shared = world.lookups.shared_jitter
    if shared:
        return shared
    factors = [world.ids.jitter(spread) if seconds else 1.0 for seconds in lengths]
    if shared is not None:
        shared.extend(factors)
    return factors


def _get_base_seconds(world: World, action: Action, phase: Phase) -> float:
    changed = world.settings.durations
    if not changed:
        return phase.seconds
    return changed.get(f"{action.name}.{phase.task_state}", changed.get(action.name, phase.seconds))


def _get_size_factor(world: World, phase: Phase, server: Server) -> float:
    """The size of what a phase grows with, in relation to the reference; 0.0 if it does not grow."""
    if not phase.grows_with:
        return 0.0
    if phase.grows_with == "image":
        image = world.tx.get(Image, server.image_id)
        return (image.size or 0) / GIB / REFERENCE["image"] if image else 0.0
    if phase.grows_with == "disk":
        return float(server.flavor.get("disk", 0) / REFERENCE["disk"])
    if phase.grows_with == "ram":
        return float(server.flavor.get("ram", 0) / 1024 / REFERENCE["ram"])
    return 0.0


def _get_host_load(world: World, server: Server) -> float:
    host = world.tx.get(Host, server.host) if server.host else None
    if host is None:
        return 0.0
    capacity = get_capacity(host)[0]
    return min(host.used_vcpus / capacity, 1.0) if capacity > 0 else 1.0

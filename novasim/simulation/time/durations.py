"""
How long phases take.

    seconds x (1 + size / reference) x (1 + load) x jitter

The seconds are the row's, or the cloud's own setting. The size is what the phase grows with: the image's size, the
flavor's disk or its RAM. The load is the share of the host's vCPUs (after overcommitment) that are given away. The
jitter is within 10 %, by the cloud's seed and the request. The options duration_scaling and duration_jitter turn size
and load, or the jitter, off.
"""

from __future__ import annotations

from itertools import accumulate

from novasim.lifecycle.action import Action, Phase
from novasim.records import Host, Image, Server
from novasim.simulation.faults import get_slow_factor, has_faults
from novasim.simulation.world import World

GIB = 1024**3
REFERENCE = {"image": 4.0, "disk": 40.0, "ram": 8.0}  # GiB for which the time doubles


def compute_phase_ends(world: World, action: Action, course: tuple[Phase, ...], server: Server) -> list[float]:
    """The moments (seconds since the epoch) at which the phases of a course end, from now on."""
    lengths = [_get_base_seconds(world, action, phase) for phase in course]
    if world.option("duration_scaling"):
        load = 1 + _get_host_load(world, server)
        pairs = zip(course, lengths, strict=True)
        lengths = [seconds * load * (1 + _get_size_factor(world, phase, server)) for phase, seconds in pairs]
    if jitter := world.option("duration_jitter"):
        lengths = [seconds and seconds * world.ids.jitter(jitter) for seconds in lengths]
    if has_faults(world):
        lengths = [
            get_slow_factor(world, action, phase, server) * each for phase, each in zip(course, lengths, strict=True)
        ]
    return [round(world.now + total, 6) for total in accumulate(lengths)]


def _get_base_seconds(world: World, action: Action, phase: Phase) -> float:
    own = world.settings.durations
    if not own:
        return phase.seconds
    return own.get(f"{action.name}.{phase.task_state}", own.get(action.name, phase.seconds))


def _get_size_factor(world: World, phase: Phase, server: Server) -> float:
    """By what part of the usual time a phase is longer, for what it has to move."""
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
    room = (host.vcpus - host.reserved_vcpus) * host.cpu_allocation_ratio
    return min(host.used_vcpus / room, 1.0) if room > 0 else 1.0

"""Why a server can or cannot come to each host: the filter that removes the host, in words and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from novasim.records import Host
from novasim.simulation.scheduling import extra_specs
from novasim.simulation.scheduling.placement import zone_of
from novasim.simulation.scheduling.scheduler import Wish, candidates, removed_by
from novasim.simulation.world import World


class Verdict(NamedTuple):
    """
    What the scheduler makes of a host.

    Args:
        removed_by: The first filter that speaks against it, "" if none does. why: that in words.
        rank: Its place among those that are left, 1 for the one that would be chosen; None for a removed one.
    """

    host: str
    removed_by: str
    why: str
    rank: int | None


def verdicts(world: World, wish: Wish) -> Iterator[Verdict]:
    """One for each host, by name."""
    ranks = {host.name: rank for rank, host in enumerate(candidates(world, wish), 1)}
    for host, name in sorted(removed_by(world, wish), key=lambda pair: pair[0].name):
        why = REASONS[name](world, host, wish) if name else ""
        yield Verdict(host.name, name, why, ranks.get(host.name))


def _requested(world: World, host: Host, wish: Wish) -> str:
    return "the server is there now" if host.name in wish.exclude else f"{wish.only} was asked for"


def _service(world: World, host: Host, wish: Wish) -> str:
    if host.disabled:
        return "its service is disabled" + (f": {host.disabled_reason}" if host.disabled_reason else "")
    return "it is forced down" if host.forced_down else "it is down"


def _zone(world: World, host: Host, wish: Wish) -> str:
    return f"it is in zone {zone_of(world, host.name)}, not in {wish.zone}"


def _capacity(world: World, host: Host, wish: Wish) -> str:
    rows = (
        ("vCPUs", host.used_vcpus, (host.vcpus - host.reserved_vcpus) * host.cpu_allocation_ratio),
        ("MiB of RAM", host.used_ram_mb, (host.ram_mb - host.reserved_ram_mb) * host.ram_allocation_ratio),
        ("GiB of disk", host.used_disk_gb, (host.disk_gb - host.reserved_disk_gb) * host.disk_allocation_ratio),
    )
    full = [
        f"{max(room - used, 0):g} {what} are left of {room:g}, {wanted} are wanted"
        for (what, used, room), wanted in zip(rows, wish.wanted, strict=True)
        if used + wanted > room
    ]
    return "; ".join(full)


def _hints(world: World, host: Host, wish: Wish) -> str:
    return "the scheduler hints speak against it: " + ", ".join(sorted(wish.server.scheduler_hints))


REASONS: dict[str, Callable[[World, Host, Wish], str]] = {
    "RequestedHost": _requested,
    "ComputeFilter": _service,
    "AvailabilityZoneFilter": _zone,
    "Capacity": _capacity,
    "ComputeCapabilitiesFilter": lambda world, host, wish: (
        "it lacks " + ", ".join(extra_specs.missing_in_host(host, wish.server))
    ),
    "ImagePropertiesFilter": lambda world, host, wish: (
        "the image wants " + ", ".join(extra_specs.unfit_for_image(host, wish.server))
    ),
    "AggregateInstanceExtraSpecsFilter": lambda world, host, wish: (
        "its aggregates lack " + ", ".join(extra_specs.missing_in_aggregates(world, host, wish.server))
    ),
    "Hints": _hints,
}

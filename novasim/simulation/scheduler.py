"""
Where a server lands: filters remove hosts, weights order the rest, ties go by name.

Source: Nova's default filters and its RAM weigher; the option weight_classes set to [] leaves the order of names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from novasim.records import Host, Server
from novasim.simulation.failures import TaskFailed
from novasim.simulation.placement import zone_of
from novasim.simulation.world import World


class Wish(NamedTuple):
    """
    What a host is looked for.

    Args:
        wanted: vCPUs, RAM in MiB, disk in GiB.
        zone: The availability zone to stay in; None is any.
        only: The one host asked for by name; exclude: hosts that are out of the question.
        forced: The host asked for is taken as it is, past all filters.
    """

    server: Server
    wanted: tuple[int, int, int]
    zone: str | None = None
    only: str | None = None
    exclude: tuple[str, ...] = ()
    forced: bool = False


def is_up(world: World, host: Host, wish: Wish) -> bool:
    """The compute service runs and takes new servers."""
    return host.up and not host.forced_down and not host.disabled


def has_room(world: World, host: Host, wish: Wish) -> bool:
    """vCPUs, RAM and disk fit, with the allocation ratios applied to what is not reserved."""
    vcpus, ram_mb, disk_gb = wish.wanted
    return (
        host.used_vcpus + vcpus <= (host.vcpus - host.reserved_vcpus) * host.cpu_allocation_ratio
        and host.used_ram_mb + ram_mb <= (host.ram_mb - host.reserved_ram_mb) * host.ram_allocation_ratio
        and host.used_disk_gb + disk_gb <= (host.disk_gb - host.reserved_disk_gb) * host.disk_allocation_ratio
    )


def in_zone(world: World, host: Host, wish: Wish) -> bool:
    """The host lies in the zone asked for."""
    return wish.zone is None or zone_of(world, host.name) == wish.zone


def is_wanted(world: World, host: Host, wish: Wish) -> bool:
    """The host is the one asked for, and none of the excluded ones."""
    return host.name not in wish.exclude and (wish.only is None or host.name == wish.only)


FILTERS: dict[str, Callable[[World, Host, Wish], bool]] = {
    "RequestedHost": is_wanted,
    "ComputeFilter": is_up,
    "AvailabilityZoneFilter": in_zone,
    "Capacity": has_room,
}


def candidates(world: World, wish: Wish) -> list[Host]:
    """All hosts that pass every filter, best first."""
    found = [host for host in world.tx.all(Host) if all(passes(world, host, wish) for passes in FILTERS.values())]
    if world.option("weight_classes"):
        found.sort(key=lambda host: host.used_ram_mb - (host.ram_mb - host.reserved_ram_mb) * host.ram_allocation_ratio)
    return found


def select(world: World, wish: Wish) -> Host:
    """
    The host for a server.

    Raises:
        TaskFailed: no host passes the filters, or a forced one does not exist.
    """
    if wish.forced:
        return _forced(world, wish.only or "")
    for host in candidates(world, wish):
        return host
    raise no_valid_host("There are not enough hosts available." if wish.only is None else "")


def _forced(world: World, name: str) -> Host:
    host = world.tx.get(Host, name)
    if host is None:
        raise no_valid_host(f"No such host - host: {name} node: None ")
    return host


def no_valid_host(why: str) -> TaskFailed:
    """Nova's failure when nothing passes the filters."""
    return TaskFailed(f"No valid host was found. {why}")


def removed_by(world: World, wish: Wish) -> Iterable[tuple[Host, str]]:
    """Each host with the first filter that removes it, or "" for one that passes."""
    for host in world.tx.all(Host):
        yield host, next((name for name, passes in FILTERS.items() if not passes(world, host, wish)), "")

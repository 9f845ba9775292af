"""
Where a server lands: filters remove hosts, weights order the rest, ties go by name.

Source: Nova's default filters and its RAM weigher; the option weight_classes set to [] leaves the order of names.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from novasim.records import Host, Server
from novasim.simulation.failures import TaskFailed
from novasim.simulation.scheduling import extra_specs, scheduler_hints
from novasim.simulation.scheduling.placement import BY_LOAD, zone_of
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


def keeps_to_hints(world: World, host: Host, wish: Wish) -> bool:
    """The server's scheduler hints, its group's policy among them, let it come here."""
    return scheduler_hints.allow(world, host, wish.server)


def has_capabilities(world: World, host: Host, wish: Wish) -> bool:
    """The host has what the flavor's extra specs of the scope `capabilities` ask for."""
    return not any(extra_specs.missing_in_host(host, wish.server))


def suits_image(world: World, host: Host, wish: Wish) -> bool:
    """Processor and hypervisor are those that the image's properties ask for."""
    return not any(extra_specs.unfit_for_image(host, wish.server))


def in_wanted_aggregates(world: World, host: Host, wish: Wish) -> bool:
    """The host's aggregates have what the flavor's extra specs of the scope `aggregate_instance_extra_specs` ask."""
    return not any(extra_specs.missing_in_aggregates(world, host, wish.server))


FILTERS: dict[str, Callable[[World, Host, Wish], bool]] = {
    "RequestedHost": is_wanted,
    "ComputeFilter": is_up,
    "AvailabilityZoneFilter": in_zone,
    "Capacity": has_room,
    "ComputeCapabilitiesFilter": has_capabilities,
    "ImagePropertiesFilter": suits_image,
    "AggregateInstanceExtraSpecsFilter": in_wanted_aggregates,
    "Hints": keeps_to_hints,
}


def candidates(world: World, wish: Wish) -> list[Host]:
    """All hosts that pass every filter, best first."""
    found = [host for host in _hosts(world) if _passes(world, host, wish)]
    if world.option("weight_classes"):
        found.sort(key=load)
    return found


def _passes(world: World, host: Host, wish: Wish) -> bool:
    return all(passes(world, host, wish) for passes in FILTERS.values())


def select(world: World, wish: Wish) -> Host:
    """
    The host for a server.

    Raises:
        TaskFailed: no host passes the filters, or a forced one does not exist.
    """
    if wish.forced:
        return _forced(world, wish.only or "")
    if scheduler_hints.gathers(world, wish.server):
        return _by_company(world, wish)
    best_first = _by_load(world) if world.option("weight_classes") else iter(_hosts(world))
    found = next((host for host in best_first if _passes(world, host, wish)), None)
    if found is None:
        raise no_valid_host("There are not enough hosts available." if wish.only is None else "")
    return found


def _by_company(world: World, wish: Wish) -> Host:
    """For the soft policies: the passing host with most, or fewest, members of the server's group."""
    group = scheduler_hints.group_of(world, wish.server)
    found = candidates(world, wish)
    if group is None or not found:
        raise no_valid_host("There are not enough hosts available.")
    present = scheduler_hints.members_by_host(world, wish.server, group)
    return max(found, key=lambda host: scheduler_hints.gathers(world, wish.server) * present[host.name])


def _hosts(world: World) -> list[Host]:
    hosts: list[Host] = world.cache.setdefault("hosts", [])
    if not hosts:
        hosts.extend(world.tx.query(Host))
    return hosts


def _by_load(world: World) -> Iterator[Host]:
    """
    All hosts, the one with most free RAM first, then by name.

    The order is kept from one choice to the next, since a choice changes one host: thousands of servers are placed
    without looking at every host for each. Hosts that have got fuller are put where they belong when they come up;
    when one gets emptier, placement drops the order.
    """
    order = world.cache.get(BY_LOAD)
    if order is None:
        order = world.cache[BY_LOAD] = [(load(host), number, host) for number, host in enumerate(_hosts(world))]
        heapq.heapify(order)
    seen = []
    try:
        while order:
            known, number, host = heapq.heappop(order)
            if known != load(host):
                heapq.heappush(order, (load(host), number, host))
                continue
            seen.append((known, number, host))
            yield host
    finally:
        for entry in seen:
            heapq.heappush(order, entry)


def load(host: Host) -> float:
    """How full a host is: minus its free RAM in MiB, so that the least loaded comes first."""
    return host.used_ram_mb - (host.ram_mb - host.reserved_ram_mb) * host.ram_allocation_ratio


def _forced(world: World, name: str) -> Host:
    host = world.tx.get(Host, name)
    if host is None:
        raise no_valid_host(f"No such host - host: {name} node: None ")
    return host


def no_valid_host(why: str) -> TaskFailed:
    """Nova's failure when nothing passes the filters."""
    return TaskFailed(f"No valid host was found. {why}", unplaced=True)


def removed_by(world: World, wish: Wish) -> Iterable[tuple[Host, str]]:
    """Each host with the first filter that removes it, or "" for one that passes."""
    for host in world.tx.query(Host):
        yield host, next((name for name, passes in FILTERS.items() if not passes(world, host, wish)), "")

"""
Selects a host for a server: filters remove hosts, free RAM orders the rest, and ties go by name.

Source: Nova's default filters and its RAM weigher. The option weight_classes set to [] leaves the order of names.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from novasim.records import Host, Server
from novasim.simulation.failures import TaskFailed
from novasim.simulation.scheduling import extra_specs, scheduler_hints
from novasim.simulation.scheduling.placement import get_capacity, get_usage, get_zone, has_aggregate
from novasim.simulation.world import World


class RequestSpec(NamedTuple):
    """
    What a server needs from a host.

    Args:
        resources: vCPUs, RAM in MiB, disk in GiB.
        zone: The required availability zone; None for any.
        requested_host: The only host to consider; None for all.
        excluded_hosts: Hosts not to consider.
        forced: Whether to take the requested host without filtering it.
    """

    server: Server
    resources: tuple[int, int, int]
    zone: str | None = None
    requested_host: str | None = None
    excluded_hosts: tuple[str, ...] = ()
    forced: bool = False


def is_service_available(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the compute service is up and enabled."""
    return host.up and not host.forced_down and not host.disabled


def has_capacity(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether vCPUs, RAM and disk fit."""
    rows = zip(get_usage(host), spec.resources, get_capacity(host), strict=True)
    return all(used + needed <= capacity for used, needed, capacity in rows)


def is_in_zone(world: World, host: Host, spec: RequestSpec) -> bool:
    """
    Whether the host is in the required zone. A zone without an aggregate, such as the default one, excludes no host.

    Source: nova/scheduler/request_filter.py map_az_to_placement_aggregate.
    """
    return spec.zone in (None, get_zone(world, host.name)) or not has_aggregate(world, str(spec.zone))


def is_requested_host(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the host is the requested one, if any, and not excluded."""
    return host.name not in spec.excluded_hosts and (spec.requested_host is None or host.name == spec.requested_host)


def matches_hints(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the server's scheduler hints, including the policy of its group, allow the host."""
    return scheduler_hints.allow_host(world, host, spec.server)


def matches_capabilities(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the host has the capabilities that the flavor's extra specs (scope `capabilities`) require."""
    return not any(extra_specs.find_missing_in_host(host, spec.server))


def matches_image(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether processor and hypervisor match the image's properties."""
    return not any(extra_specs.find_unfit_for_image(host, spec.server))


def matches_aggregates(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the host's aggregates match the flavor's extra specs (scope `aggregate_instance_extra_specs`)."""
    return not any(extra_specs.find_missing_in_aggregates(world, host, spec.server))


FILTERS: dict[str, Callable[[World, Host, RequestSpec], bool]] = {
    "RequestedHost": is_requested_host,
    "ComputeFilter": is_service_available,
    "AvailabilityZoneFilter": is_in_zone,
    "Capacity": has_capacity,
    "ComputeCapabilitiesFilter": matches_capabilities,
    "ImagePropertiesFilter": matches_image,
    "AggregateInstanceExtraSpecsFilter": matches_aggregates,
    "Hints": matches_hints,
}


def list_candidates(world: World, spec: RequestSpec) -> list[Host]:
    """List the hosts that pass every filter, best first."""
    found = [host for host in _list_hosts(world) if _passes_filters(world, host, spec)]
    if world.option("weight_classes"):
        found.sort(key=ram_load)
    return found


def _passes_filters(world: World, host: Host, spec: RequestSpec) -> bool:
    return all(passes(world, host, spec) for passes in FILTERS.values())


def select_host(world: World, spec: RequestSpec) -> Host:
    """
    Select the best host for a server.

    Raises:
        TaskFailed: No host passes the filters, or a forced one does not exist.
    """
    if spec.forced:
        return _get_forced_host(world, spec.requested_host or "")
    if scheduler_hints.affinity_weight(world, spec.server):
        return _by_affinity(world, spec)
    best_first = _iterate_by_load(world) if world.option("weight_classes") else iter(_list_hosts(world))
    found = next((host for host in best_first if _passes_filters(world, host, spec)), None)
    if found is None:
        raise no_valid_host(_find_reason(world, spec))
    return found


def _find_reason(world: World, spec: RequestSpec) -> str:
    """
    Why no host was found, in Nova's words: none of them if Placement, which knows no services and no filters, has no
    candidate.

    Source: nova/scheduler/manager.py, select_destinations.
    """
    is_candidate = any(
        spec.requested_host in (None, host.name)
        and not host.disabled
        and is_in_zone(world, host, spec)
        and has_capacity(world, host, spec)
        for host in _list_hosts(world)
    )
    return "There are not enough hosts available." if is_candidate else ""


def _by_affinity(world: World, spec: RequestSpec) -> Host:
    """Select the host with most (soft-affinity) or fewest (soft-anti-affinity) members of the server's group."""
    group = scheduler_hints.get_server_group(world, spec.server)
    found = list_candidates(world, spec)
    if group is None or not found:
        raise no_valid_host(_find_reason(world, spec))
    present = scheduler_hints.count_members_by_host(world, spec.server, group)
    return max(found, key=lambda host: scheduler_hints.affinity_weight(world, spec.server) * present[host.name])


def _list_hosts(world: World) -> list[Host]:
    if not world.lookups.hosts:
        world.lookups.hosts = world.tx.query(Host)
    return world.lookups.hosts


def _iterate_by_load(world: World) -> Iterator[Host]:
    """
    All hosts, the one with most free RAM first, then by name.

    The heap is kept from one selection to the next. A selection changes only one host, so thousands of servers are
    placed without looking at every host for each. A host that is fuller than the heap says is pushed back when it is
    popped. When a host gets emptier, placement drops the heap.
    """
    heap = world.lookups.hosts_by_load
    if heap is None:
        heap = [(ram_load(host), number, host) for number, host in enumerate(_list_hosts(world))]
        heapq.heapify(heap)
        world.lookups.hosts_by_load = heap
    seen = []
    try:
        while heap:
            noted_load, number, host = heapq.heappop(heap)
            if noted_load != ram_load(host):
                heapq.heappush(heap, (ram_load(host), number, host))
                continue
            seen.append((noted_load, number, host))
            yield host
    finally:
        for entry in seen:
            heapq.heappush(heap, entry)


def ram_load(host: Host) -> float:
    """Minus the free RAM of a host in MiB, so that sorting puts the least loaded host first."""
    return host.used_ram_mb - get_capacity(host)[1]


def _get_forced_host(world: World, name: str) -> Host:
    host = world.tx.get(Host, name)
    if host is None:
        raise no_valid_host(f"No such host - host: {name} node: None ")
    return host


def no_valid_host(why: str) -> TaskFailed:
    """The failure of a task for which Nova finds no host."""
    return TaskFailed(f"No valid host was found. {why}", unplaced=True)


def list_filter_results(world: World, spec: RequestSpec) -> Iterable[tuple[Host, str]]:
    """List each host with the name of the first filter that removes it, "" for a host that passes."""
    for host in world.tx.query(Host):
        yield host, next((name for name, passes in FILTERS.items() if not passes(world, host, spec)), "")

"""
Selects a host for a server: filters remove hosts, free RAM orders the rest, and ties go by name.

Source: Nova's default filters and its RAM weigher. The option weight_classes set to [] leaves the order of names.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from novasim.records import Host
from novasim.simulation.failures import TaskFailed
from novasim.simulation.scheduling import scheduler_hints
from novasim.simulation.scheduling.filters import has_capacity, is_in_zone, passes_filters
from novasim.simulation.scheduling.placement import get_capacity
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.world import World


def list_candidates(world: World, spec: RequestSpec) -> list[Host]:
    """List the hosts that pass every filter, best first."""
    found = [host for host in _list_hosts(world) if passes_filters(world, host, spec)]
    if world.option("weight_classes"):
        found.sort(key=ram_load)
    return found


def select_host(world: World, spec: RequestSpec) -> Host:
    """
    Select the best host for a server.

    Raises:
        TaskFailed: No host passes the filters, or a forced one does not exist.
    """
    if spec.forced:
        return _get_forced_host(world, spec.requested_host or "")
    _check_group_policy(world, spec)
    if scheduler_hints.affinity_weight(world, spec.server):
        return _by_affinity(world, spec)
    best_first = _iterate_by_load(world) if world.option("weight_classes") else iter(_list_hosts(world))
    found = next((host for host in best_first if passes_filters(world, host, spec)), None)
    if found is None:
        raise no_valid_host(_find_reason(world, spec))
    return found


def _check_group_policy(world: World, spec: RequestSpec) -> None:
    """Fail if the policy of the server's group needs a filter that is not enabled: nova/scheduler/utils.py."""
    group = scheduler_hints.get_server_group(world, spec.server) if spec.server.scheduler_hints else None
    needed = scheduler_hints.FILTER_BY_POLICY.get(group.policy) if group else None
    if needed and needed not in world.option("enabled_filters"):
        raise TaskFailed(f"ServerGroup policy is not supported: {needed} not configured", unplaced=True)


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

"""
Selects a host for a server: filters remove hosts, free RAM orders the rest, and ties go by name.

Source: Nova's default filters and its RAM weigher. The option weight_classes set to [] leaves the order of names.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from itertools import islice

from novasim.records import Host, Image
from novasim.simulation.failures import TaskFailed
from novasim.simulation.scheduling import scheduler_hints
from novasim.simulation.scheduling.filters import has_capacity, is_in_zone, meets_requirements, passes_filters
from novasim.simulation.scheduling.placement import get_ram_capacity
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.world import World

NOT_ENOUGH = "There are not enough hosts available."


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
        TaskFailed: No host passes the filters, or the requested one does not exist.
    """
    return select_hosts(world, spec, 1)[0]


def select_hosts(world: World, spec: RequestSpec, count: int) -> list[Host]:
    """
    Select the best hosts for a server, best first: at least one, at most *count*.

    Raises:
        TaskFailed: No host passes the filters, or the requested one does not exist.
    """
    if spec.forced:
        return [_get_forced_host(world, spec)]
    if spec.skips_filters:
        _get_forced_host(world, spec)
    _check_group_policy(world, spec)
    if spec.extra_specs or spec.image_properties:
        _check_features(world, spec)
    found = list(islice(_iterate_best(world, spec), count))
    if not found:
        raise no_valid_host(_find_reason(world, spec))
    return found


def list_alternates(world: World, spec: RequestSpec, selected: Collection[str], count: int) -> list[str]:
    """List the names of hosts that pass every filter beside the selected ones, best first, at most *count*."""
    others = (host.name for host in _iterate_best(world, spec) if host.name not in selected)
    return list(islice(others, count))


def _iterate_best(world: World, spec: RequestSpec) -> Iterator[Host]:
    if scheduler_hints.affinity_weight(world, spec.server):
        yield from _list_by_affinity(world, spec)
        return
    best_first = _iterate_by_load(world) if world.option("weight_classes") else iter(_list_hosts(world))
    yield from (host for host in best_first if passes_filters(world, host, spec))


def _check_group_policy(world: World, spec: RequestSpec) -> None:
    """Fail if the policy of the server's group needs a filter that is not enabled: nova/scheduler/utils.py."""
    group = scheduler_hints.get_server_group(world, spec.server) if spec.server.scheduler_hints else None
    needed = scheduler_hints.FILTER_BY_POLICY.get(group.policy) if group else None
    if needed and needed not in world.option("enabled_filters"):
        raise TaskFailed(f"ServerGroup policy is not supported: {needed} not configured", unplaced=True)


def _check_features(world: World, spec: RequestSpec) -> None:
    """Fail if the flavor and the image contradict each other in what the scheduler reads of them."""
    from novasim.lifecycle.constraints.conflicts import build_guest
    from novasim.lifecycle.constraints.features import Contradiction, check_features

    image = world.tx.get(Image, spec.server.image_id or spec.server.image_ref)
    name = image.name if image else None
    try:
        check_features(build_guest(spec.flavor or spec.server.flavor, name, None, spec.image_properties))
    except Contradiction as error:
        raise TaskFailed(str(error), code=error.code, unplaced=True) from None


def _find_reason(world: World, spec: RequestSpec) -> str:
    """
    Nova's reason why no host was found. "" if Placement has no candidate: it checks neither services nor filters.

    Source: nova/scheduler/manager.py, select_destinations.
    """
    is_candidate = any(
        spec.requested_host in (None, host.name)
        and spec.requested_node in ("", host.name)
        and not host.disabled
        and is_in_zone(world, host, spec)
        and has_capacity(world, host, spec)
        and meets_requirements(world, host, spec)
        for host in _list_hosts(world)
    )
    return NOT_ENOUGH if is_candidate else ""


def _list_by_affinity(world: World, spec: RequestSpec) -> list[Host]:
    """The candidates with most (soft-affinity) or fewest (soft-anti-affinity) members of the server's group first."""
    group = scheduler_hints.get_server_group(world, spec.server)
    assert group is not None  # only the policy of a group has a weight
    present = scheduler_hints.count_members_by_host(world, spec.server, group)
    weight = scheduler_hints.affinity_weight(world, spec.server)
    return sorted(list_candidates(world, spec), key=lambda host: -weight * present[host.name])


def _list_hosts(world: World) -> list[Host]:
    if not world.lookups.hosts:
        world.lookups.hosts = world.tx.query(Host)
    return world.lookups.hosts


def _iterate_by_load(world: World) -> Iterator[Host]:
    """
    All hosts, ordered by free RAM (most first), then by name.

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
    return host.used_ram_mb - get_ram_capacity(host)


def _get_forced_host(world: World, spec: RequestSpec) -> Host:
    name, node = spec.requested_host, spec.requested_node
    host = world.tx.get(Host, name or node)
    if host is None or node not in ("", host.name):
        raise no_valid_host(f"No such host - host: {name} node: {node or None} ")
    return host


def no_valid_host(why: str) -> TaskFailed:
    """The failure of a task for which Nova finds no host."""
    return TaskFailed(f"No valid host was found. {why}", unplaced=True)

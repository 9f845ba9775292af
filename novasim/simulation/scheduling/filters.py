"""
The scheduler's filters: those that always apply, since Placement does their work, and those of enabled_filters.

Source: nova/scheduler/filters, nova/scheduler/request_filter.py; nova/conf/scheduler.py, enabled_filters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from novasim.records import Host
from novasim.simulation.hosts.cells import is_cell_down
from novasim.simulation.scheduling import extra_specs, scheduler_hints
from novasim.simulation.scheduling.placement import get_zone, has_aggregate, has_room, is_service_up
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.traits import find_unmet_requirements
from novasim.simulation.world import World

Filter = Callable[[World, Host, RequestSpec], bool]


def is_requested_host(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the host is the requested one, if any, and not excluded."""
    if host.name in spec.excluded_hosts or spec.requested_node not in ("", host.name):
        return False
    return spec.requested_host is None or host.name == spec.requested_host


def is_cell_reachable(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the host's cell can be reached. Source: nova/scheduler/host_manager.py, _get_computes_for_cells."""
    return not is_cell_down(world, host.name)


def is_service_available(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the compute service is up and enabled."""
    return is_service_up(host) and not host.disabled


def is_service_enabled(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the compute service is enabled. Source: nova/scheduler/request_filter.py, compute_status_filter."""
    return not host.disabled


def is_in_zone(world: World, host: Host, spec: RequestSpec) -> bool:
    """
    Whether the host is in the required zone. A zone without an aggregate, such as the default one, excludes no host.

    Source: nova/scheduler/request_filter.py map_az_to_placement_aggregate.
    """
    if spec.zone is None or spec.zone == get_zone(world, host.name):
        return True
    return not has_aggregate(world, spec.zone)


def has_capacity(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether vCPUs, RAM and disk fit."""
    return has_room(host, spec.resources)


def meets_requirements(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the host has the traits and resources that the flavor and the image require of Placement."""
    specs, properties = spec.extra_specs, spec.image_properties
    return not (specs or properties) or not any(find_unmet_requirements(host, specs, properties))


def matches_capabilities(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the host has the capabilities that the flavor's extra specs (scope `capabilities`) require."""
    return not spec.extra_specs or not any(extra_specs.find_missing_in_host(host, spec.extra_specs))


def matches_image(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether processor and hypervisor match the image's properties."""
    return not spec.server.image.get("properties") or not any(extra_specs.find_unfit_for_image(host, spec.server))


def matches_aggregates(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether the host's aggregates match the flavor's extra specs (scope `aggregate_instance_extra_specs`)."""
    return not spec.extra_specs or not any(extra_specs.find_missing_in_aggregates(world, host, spec.extra_specs))


def _match_hint(name: str) -> Filter:
    """The filter of a scheduler hint."""
    return lambda world, host, spec: scheduler_hints.allow_host(world, host, spec.server, name)


# Placement and the host manager do the work of these filters, so they cannot be turned off.
ALWAYS = ("Cell", "RequestedHost", "ComputeStatus", "AvailabilityZoneFilter", "Capacity", "Traits")
FILTERS: dict[str, Filter] = {
    "RequestedHost": is_requested_host,
    "Cell": is_cell_reachable,
    "ComputeFilter": is_service_available,
    "ComputeStatus": is_service_enabled,
    "AvailabilityZoneFilter": is_in_zone,
    "Capacity": has_capacity,
    "Traits": meets_requirements,
    "ComputeCapabilitiesFilter": matches_capabilities,
    "ImagePropertiesFilter": matches_image,
    "AggregateInstanceExtraSpecsFilter": matches_aggregates,
    **{name: _match_hint(name) for name in scheduler_hints.CHECKS},
}


def list_active(world: World) -> dict[str, Filter]:
    """The filters that apply in this cloud, by name, in the order in which they are applied."""
    if world.lookups.filters is None:
        active = {*ALWAYS, *world.option("enabled_filters")}
        world.lookups.filters = {name: passes for name, passes in FILTERS.items() if name in active}
    return world.lookups.filters


def passes_filters(world: World, host: Host, spec: RequestSpec) -> bool:
    """Whether a host passes every filter that applies to the request."""
    active = list_active(world)
    if spec.skips_filters:
        return all(active[name](world, host, spec) for name in ALWAYS)
    return all(passes(world, host, spec) for passes in active.values())


def list_filter_results(world: World, spec: RequestSpec) -> Iterable[tuple[Host, str]]:
    """List each host with the name of the first filter that removes it, "" for a host that passes."""
    active = list_active(world)
    for host in world.tx.query(Host):
        yield host, next((name for name, passes in active.items() if not passes(world, host, spec)), "")

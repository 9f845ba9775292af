"""Explains in words and figures which filter removes each host for a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from novasim.records import Host
from novasim.simulation.scheduling import extra_specs
from novasim.simulation.scheduling.filters import list_filter_results
from novasim.simulation.scheduling.placement import get_capacity, get_limits, get_usage, get_zone
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import list_candidates
from novasim.simulation.scheduling.scheduler_hints import CHECKS
from novasim.simulation.scheduling.traits import find_unmet_requirements
from novasim.simulation.world import World

Reason = Callable[[World, Host, RequestSpec], str]

UNITS = ("vCPUs", "MiB of RAM", "GiB of disk")


class Verdict(NamedTuple):
    """
    The scheduler's verdict on a host.

    Args:
        removed_by: The first filter that removes the host; "" if it passes all of them.
        why: The reason in words; "" if the host passes.
        rank: The host's place among those that pass, from 1 for the best; None for a removed host.
    """

    host: str
    removed_by: str
    why: str
    rank: int | None


def explain_hosts(world: World, spec: RequestSpec) -> Iterator[Verdict]:
    """Yield a verdict for each host, ordered by name."""
    ranks = {host.name: rank for rank, host in enumerate(list_candidates(world, spec), 1)}
    for host, name in sorted(list_filter_results(world, spec), key=lambda pair: pair[0].name):
        why = REASONS[name](world, host, spec) if name else ""
        yield Verdict(host.name, name, why, ranks.get(host.name))


def _explain_request(world: World, host: Host, spec: RequestSpec) -> str:
    return (
        "the server is already on this host"
        if host.name in spec.excluded_hosts
        else f"{spec.requested_host} was requested"
    )


def _explain_service(world: World, host: Host, spec: RequestSpec) -> str:
    if host.disabled:
        return "its service is disabled" + (f": {host.disabled_reason}" if host.disabled_reason else "")
    return "it is forced down" if host.forced_down else "it is down"


def _explain_zone(world: World, host: Host, spec: RequestSpec) -> str:
    return f"it is in zone {get_zone(world, host.name)}, not in {spec.zone}"


def _explain_capacity(world: World, host: Host, spec: RequestSpec) -> str:
    rows = zip(UNITS, get_usage(host), spec.resources, get_capacity(host), get_limits(host), strict=True)
    shortages = [_explain_shortage(*row) for row in rows]
    return "; ".join(filter(None, shortages))


def _explain_shortage(unit: str, used: int, needed: int, capacity: float, limit: int) -> str:
    if used + needed > capacity:
        return f"{max(capacity - used, 0):g} of {capacity:g} {unit} are free, {needed} are needed"
    return f"one server can have {limit} {unit}, {needed} are needed" if needed > limit else ""


def _explain_hint(hint: str) -> Reason:
    return lambda world, host, spec: "it does not match the scheduler hints: " + hint


REASONS: dict[str, Reason] = {
    "RequestedHost": _explain_request,
    "Cell": lambda world, host, spec: "its cell cannot be reached",
    "ComputeFilter": _explain_service,
    "ComputeStatus": _explain_service,
    "AvailabilityZoneFilter": _explain_zone,
    "Capacity": _explain_capacity,
    "Traits": lambda world, host, spec: (
        "it does not meet " + ", ".join(find_unmet_requirements(host, spec.extra_specs, spec.image_properties))
    ),
    "ComputeCapabilitiesFilter": lambda world, host, spec: (
        "it lacks " + ", ".join(extra_specs.find_missing_in_host(host, spec.extra_specs))
    ),
    "ImagePropertiesFilter": lambda world, host, spec: (
        "the image requires " + ", ".join(extra_specs.find_unfit_for_image(host, spec.server))
    ),
    "AggregateInstanceExtraSpecsFilter": lambda world, host, spec: (
        "its aggregates lack " + ", ".join(extra_specs.find_missing_in_aggregates(world, host, spec.extra_specs))
    ),
    **{name: _explain_hint(hint) for name, (hint, _) in CHECKS.items()},
}

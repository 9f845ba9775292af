"""The zone and the host that a create request asks for."""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.api.compute import references
from novasim.api.context import Context
from novasim.errors import BadRequest
from novasim.simulation.scheduling.placement import list_aggregates, list_available_zones

OS = "os_compute_api:servers:create:"


class Placement(NamedTuple):
    """
    Where new servers may be placed.

    Args:
        zone: The zone to which they are pinned; None for none.
        host, node: The requested host and hypervisor.
        forced: Whether the scheduler's filters do not look at that host (zone:host:node).
        is_zone_checked: Whether the zone has to be available. Nova does not ask if a colon follows it.
    """

    zone: str | None
    host: str | None
    node: str | None
    forced: bool = False
    is_zone_checked: bool = True


def read_placement(ctx: Context, body: dict[str, Any]) -> Placement:
    """
    Read the zone, and the host that administrators may force (`zone:host:node`) or request (from 2.74).

    Raises:
        BadRequest: the zone has too many parts, or there are two ways to name a host (400).
        Forbidden: the caller may not name a host (403).

    Source: nova/api/openstack/compute/servers.py, create and _process_hosts_for_create.
    """
    zone, host, node = _parse_zone(body.get("availability_zone"))
    forced = bool(host or node)
    if forced:
        ctx.can(OS + "forced_host", {})
        zone = _fit_zone_to_host(ctx, zone, host)
    requested = body.get("host"), body.get("hypervisor_hostname")
    if any(requested):
        ctx.can("compute:servers:create:requested_destination", {})
        if forced:
            raise BadRequest(
                reason="One mechanism with host and/or hypervisor_hostname and another mechanism with "
                "zone:host:node are mutually exclusive."
            )
        return Placement(zone, *requested, is_zone_checked=host is None)
    return Placement(zone, host or None, node, forced, host is None)


def _parse_zone(text: str | None) -> tuple[str | None, str | None, str | None]:
    """The zone, host and node of zone:host:node. Without a host the host is None after "::", "" after one colon."""
    zone, *others = (text or "").split(":")
    if len(others) > 2:
        raise BadRequest(reason="Invalid input received: Unable to parse availability_zone")
    host, node = (*others, None, None)[:2]
    if node is not None and not host:
        host = None
    return zone or None, host, node or None


def _fit_zone_to_host(ctx: Context, zone: str | None, host: str | None) -> str | None:
    """
    The requested zone if a forced host is in it, else None.

    Source: nova/api/openstack/compute/servers.py, _validate_host_availability_zone.
    """
    zones = [
        aggregate.metadata["availability_zone"]
        for aggregate in list_aggregates(ctx.world)
        if host in aggregate.hosts and "availability_zone" in aggregate.metadata
    ]
    actual = zones[0] if zones else ctx.world.option("default_availability_zone")
    return zone if zone == actual else None


def check_zone(ctx: Context, placement: Placement) -> None:
    """Raises BadRequest (400): the zone has no enabled service. Source: nova/compute/api.py, create."""
    zone = placement.zone
    if placement.is_zone_checked and zone and zone not in list_available_zones(ctx.world):
        raise BadRequest(reason="The requested availability zone is not available")


def check_requested_host(ctx: Context, placement: Placement) -> None:
    """
    Raises BadRequest (400): the requested host does not exist, or it is not the one with the requested hypervisor.

    Source: nova/compute/api.py, _validate_host_or_node.
    """
    host, node = placement.host, placement.node
    name = host or node
    if placement.forced or not name:
        return
    if references.find_host(ctx, name) is None or node not in (None, name):
        raise BadRequest(reason=f"Compute host {name} could not be found.")

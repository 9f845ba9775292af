"""What Nova keeps of the order of zones: a host is in one of them at most, and no server changes its own in place."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict
from novasim.records import Aggregate, Server
from novasim.simulation.scheduling.placement import get_zone


def check_change(ctx: Context, aggregate: Aggregate, zone: str | None, what: str) -> None:
    """
    Refuse another zone for an aggregate whose hosts are in a second one, or have servers.

    Args:
        what: The beginning of the refusal.

    Raises:
        BadRequest: the zone cannot change, or has no name (400).
    """
    what = f"{what} {aggregate.number}. Reason: "
    if not zone:
        raise BadRequest(reason=f"{what}Aggregate {aggregate.name} does not support empty named availability zone.")
    if others := _other_zones(ctx, aggregate, aggregate.hosts, zone):
        raise BadRequest(reason=f"{what}One or more hosts already in availability zone(s) {others}.")
    if zone != aggregate.metadata.get("availability_zone") and any(_has_servers(ctx, h) for h in aggregate.hosts):
        raise BadRequest(reason=f"{what}One or more hosts contain instances in this zone.")


def check_added(ctx: Context, aggregate: Aggregate, host: str) -> None:
    """
    Refuse a host that is in another zone already, or whose servers would change their zone.

    Raises:
        Conflict: (409).
    """
    zone = aggregate.metadata.get("availability_zone")
    if zone is None:
        return
    what = f"Cannot add host to aggregate {aggregate.number}. Reason: "
    if others := _other_zones(ctx, aggregate, [host], zone):
        raise Conflict(reason=f"{what}One or more hosts already in availability zone(s) {others}.")
    if zone != get_zone(ctx.world, host) and _has_servers(ctx, host):
        raise Conflict(reason=f"{what}One or more hosts contain instances in this zone.")


def keeps_servers_in(ctx: Context, aggregate: Aggregate, host: str) -> bool:
    """Whether the servers of a host would change their zone if the host left the aggregate."""
    zone = aggregate.metadata.get("availability_zone")
    elsewhere = any(
        other.id != aggregate.id and host in other.hosts and other.metadata.get("availability_zone") == zone
        for other in ctx.world.tx.query(Aggregate)
    )
    default = ctx.world.option("default_availability_zone")
    return zone not in (None, default) and not elsewhere and _has_servers(ctx, host)


def _other_zones(ctx: Context, aggregate: Aggregate, hosts: Iterable[str], zone: str) -> list[str]:
    wanted = set(hosts)
    return [
        found
        for other in ctx.world.tx.query(Aggregate)
        if other.id != aggregate.id and wanted & set(other.hosts)
        if (found := other.metadata.get("availability_zone", zone)) != zone
    ]


def _has_servers(ctx: Context, host: str) -> bool:
    return any(not server.deleted for server in ctx.world.tx.query(Server, {"host": host}))

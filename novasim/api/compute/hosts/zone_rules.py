"""What Nova keeps of the order of zones: a host is in one of them at most, and no server changes its own in place."""

from __future__ import annotations

from collections.abc import Iterable

from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict
from novasim.records import Aggregate, Server

MOVES_SERVERS = (
    "The host cannot be {verb} the aggregate as the availability zone of the host would change from '{before}' to "
    "'{after}' but the host already has {count} instance(s). Changing the AZ of an existing instance is not supported "
    "by this action. Move the instances away from this host then try again. If you need to move the instances between "
    "AZs then you can use shelve_offload and unshelve to achieve this.."
)


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
    if zone != aggregate.metadata.get("availability_zone") and any(_count_servers(ctx, h) for h in aggregate.hosts):
        raise BadRequest(reason=f"{what}One or more hosts contain instances in this zone.")


def check_added(ctx: Context, aggregate: Aggregate, host: str) -> None:
    """
    Refuse a host that is in another zone already, or whose servers would change their zone.

    Raises:
        Conflict: (409).

    Source: nova/compute/api.py is_safe_to_update_az, ensure_no_instances_need_to_move_az_when_host_added.
    """
    zone = aggregate.metadata.get("availability_zone")
    if zone is None:
        return
    what = f"Cannot add host to aggregate {aggregate.number}. Reason: "
    if others := _other_zones(ctx, aggregate, [host], zone):
        raise Conflict(reason=f"{what}One or more hosts already in availability zone(s) {others}.")
    before = _zone_by_aggregates(ctx, host)
    if before != zone and (count := _count_servers(ctx, host)):
        raise Conflict(reason=what + MOVES_SERVERS.format(verb="added to", before=before, after=zone, count=count))


def check_removed(ctx: Context, aggregate: Aggregate, host: str) -> None:
    """
    Refuse to take a host out of the aggregate that gives its servers their zone.

    Raises:
        Conflict: (409).

    Source: nova/compute/api.py ensure_no_instances_need_to_move_az_when_host_removed.
    """
    zone = aggregate.metadata.get("availability_zone")
    after = _zone_by_aggregates(ctx, host, without=aggregate)
    if zone not in (None, after) and (count := _count_servers(ctx, host)):
        what = f"Cannot remove host from aggregate {aggregate.number}. Reason: "
        raise Conflict(reason=what + MOVES_SERVERS.format(verb="removed from", before=zone, after=after, count=count))


def _zone_by_aggregates(ctx: Context, host: str, without: Aggregate | None = None) -> str | None:
    """The zone that aggregates give a host; None if no aggregate does."""
    zones = [
        aggregate.metadata["availability_zone"]
        for aggregate in ctx.world.tx.query(Aggregate)
        if host in aggregate.hosts and "availability_zone" in aggregate.metadata
        if without is None or aggregate.id != without.id
    ]
    return zones[0] if zones else None


def _other_zones(ctx: Context, aggregate: Aggregate, hosts: Iterable[str], zone: str) -> list[str]:
    host_names = set(hosts)
    return [
        other_zone
        for other in ctx.world.tx.query(Aggregate)
        if other.id != aggregate.id and host_names & set(other.hosts)
        if (other_zone := other.metadata.get("availability_zone", zone)) != zone
    ]


def _count_servers(ctx: Context, host: str) -> int:
    return sum(not server.deleted for server in ctx.world.tx.query(Server, {"host": host}))

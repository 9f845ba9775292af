"""Nova's rules for availability zones: a host is in at most one zone, and a server changes its zone only by moving."""

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


def check_change(ctx: Context, aggregate: Aggregate, zone: str | None, prefix: str) -> None:
    """
    Refuse to change the zone of an aggregate whose hosts have servers or are in another zone.

    Args:
        prefix: The beginning of the message.

    Raises:
        BadRequest: the zone cannot change, or has no name (400).
    """
    prefix = f"{prefix} {aggregate.number}. Reason: "
    if not zone:
        raise BadRequest(reason=f"{prefix}Aggregate {aggregate.name} does not support empty named availability zone.")
    if others := _other_zones(ctx, aggregate, aggregate.hosts, zone):
        raise BadRequest(reason=f"{prefix}One or more hosts already in availability zone(s) {others}.")
    if zone != aggregate.metadata.get("availability_zone") and any(_count_servers(ctx, h) for h in aggregate.hosts):
        raise BadRequest(reason=f"{prefix}One or more hosts contain instances in this zone.")


def check_added(ctx: Context, aggregate: Aggregate, host: str) -> None:
    """
    Refuse to add a host to an aggregate if it is in another zone, or if that would change the zone of its servers.

    Raises:
        Conflict: the host cannot join (409).

    Source: nova/compute/api.py is_safe_to_update_az, ensure_no_instances_need_to_move_az_when_host_added.
    """
    zone = aggregate.metadata.get("availability_zone")
    if zone is None:
        return
    prefix = f"Cannot add host to aggregate {aggregate.number}. Reason: "
    if others := _other_zones(ctx, aggregate, [host], zone):
        raise Conflict(reason=f"{prefix}One or more hosts already in availability zone(s) {others}.")
    before = _zone_by_aggregates(ctx, host)
    if before != zone and (count := _count_servers(ctx, host)):
        raise Conflict(reason=prefix + MOVES_SERVERS.format(verb="added to", before=before, after=zone, count=count))


def check_removed(ctx: Context, aggregate: Aggregate, host: str) -> None:
    """
    Refuse to remove a host from an aggregate if that would change the zone of its servers.

    Raises:
        Conflict: the host cannot leave (409).

    Source: nova/compute/api.py ensure_no_instances_need_to_move_az_when_host_removed.
    """
    zone = aggregate.metadata.get("availability_zone")
    after = _zone_by_aggregates(ctx, host, without=aggregate)
    if zone not in (None, after) and (count := _count_servers(ctx, host)):
        prefix = f"Cannot remove host from aggregate {aggregate.number}. Reason: "
        raise Conflict(reason=prefix + MOVES_SERVERS.format(verb="removed from", before=zone, after=after, count=count))


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

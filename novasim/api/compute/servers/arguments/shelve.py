"""Arguments of shelve and unshelve."""

from __future__ import annotations

from typing import Any

from novasim.api.compute import references
from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest, image_requester
from novasim.api.compute.servers.facts import read_facts
from novasim.api.context import Context
from novasim.errors import QuotaExceeded
from novasim.records import Server
from novasim.simulation.quotas import find_quota_excess
from novasim.simulation.scheduling.placement import get_zone, list_available_zones


def read_shelve(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read shelve: no arguments; the caller's project owns the image."""
    return ActionRequest(read_facts(ctx, server), image_requester(ctx))


def read_unshelve(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read unshelve: the new zone (from 2.77) and host (from 2.91). Before 2.77 arguments are ignored."""
    arguments = (arguments or {}) if ctx.minor >= 77 else {}
    names_zone, host_name = "availability_zone" in arguments, arguments.get("host") or None
    zone = arguments.get("availability_zone") if names_zone else server.pinned_availability_zone
    host = references.find_host(ctx, host_name)
    facts = read_facts(
        ctx,
        server,
        host_name=host_name,
        host=host,
        zone=zone,
        zone_known=not names_zone or zone is None or zone in list_available_zones(ctx.world),
        requests_placement=names_zone or bool(host_name),
        host_in_zone=host is None or get_zone(ctx.world, host.name) == zone,
        quota_refusal=_find_quota_refusal(ctx, server),
    )
    args = {"host": host_name, "zone": zone, "pin": names_zone, **image_requester(ctx)}
    return ActionRequest(facts, args)


def _find_quota_refusal(ctx: Context, server: Server) -> QuotaExceeded | None:
    """
    The refusal of a server on no host whose cores and RAM do not fit into the quota; usually they still count.

    Source: nova/compute/api.py, _check_quota_unshelve_offloaded.
    """
    if server.host is not None or not ctx.world.option("count_usage_from_placement"):
        return None
    needed = {"cores": server.flavor["vcpus"], "ram": server.flavor["ram"]}
    return find_quota_excess(ctx.world, server.project_id, server.user_id, needed)


HANDLERS = {"shelve": ActionHandler(read_shelve), "unshelve": ActionHandler(read_unshelve)}

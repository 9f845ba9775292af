"""/allocation_candidates: which hosts have the room and the traits that are asked for."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.placement.hosts import capacity_of, need, provider_id, traits_of, used_of
from novasim.api.placement.queries import asked_resources, asked_traits
from novasim.errors import BadRequest, NotSimulated
from novasim.records import Host

KNOWN = frozenset(("resources", "required", "limit", "group_policy"))


def index(ctx: Context) -> dict[str, Any]:
    """
    Allocation requests and what is known of the hosts in them.

    Raises:
        BadRequest: no resources are named (400). NotSimulated: numbered groups and trees (501).
    """
    need(ctx, "allocation_candidates:list")
    if others := sorted({name for name, _ in ctx.request.query} - KNOWN):
        raise NotSimulated(
            reason=f"Allocation candidates by {', '.join(others)} are not simulated; by resources, "
            "required and limit they are."
        )
    wanted = asked_resources(ctx)
    if not wanted:
        raise BadRequest(reason="Invalid query string parameters: 'resources' is a required property")
    hosts = [host for host in ctx.world.tx.query(Host) if _has_room(ctx, host, wanted)][: _limit(ctx)]
    return {
        "allocation_requests": [_request(ctx, host, wanted) for host in hosts],
        "provider_summaries": {provider_id(ctx, host): _summary(ctx, host, wanted) for host in hosts},
    }


def _limit(ctx: Context) -> int | None:
    limit = ctx.query("limit")
    if limit is None:
        return None
    if not (limit.isascii() and limit.isdigit() and 0 < len(limit) < 10 and int(limit)):
        raise BadRequest(reason=f"Invalid query string parameters: '{limit}' does not match '^[1-9][0-9]*$'")
    return int(limit)


def _has_room(ctx: Context, host: Host, wanted: dict[str, int]) -> bool:
    capacity, used = capacity_of(host), used_of(host)
    fits = all(name in capacity and capacity[name] - used[name] >= amount for name, amount in wanted.items())
    return fits and asked_traits(ctx).fit(traits_of(host))


def _request(ctx: Context, host: Host, wanted: dict[str, int]) -> dict[str, Any]:
    uuid = provider_id(ctx, host)
    if ctx.minor < 12:
        return {"allocations": [{"resource_provider": {"uuid": uuid}, "resources": wanted}]}
    request: dict[str, Any] = {"allocations": {uuid: {"resources": wanted}}}
    return request | {"mappings": {"": [uuid]}} if ctx.minor >= 34 else request


def _summary(ctx: Context, host: Host, wanted: dict[str, int]) -> dict[str, Any]:
    capacity, used = capacity_of(host), used_of(host)
    names = capacity if ctx.minor >= 27 else [name for name in capacity if name in wanted]
    summary: dict[str, Any] = {
        "resources": {name: {"capacity": capacity[name], "used": used[name]} for name in names},
    }
    if ctx.minor >= 17:
        summary["traits"] = traits_of(host)
    if ctx.minor >= 29:
        summary |= {"parent_provider_uuid": None, "root_provider_uuid": provider_id(ctx, host)}
    return summary

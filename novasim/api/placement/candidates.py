"""/allocation_candidates: the hosts that have the requested resources and traits."""

from __future__ import annotations

import re
from typing import Any

from novasim.api.collections import parse_limit
from novasim.api.context import Context
from novasim.api.placement.hosts import check_policy, find_capacity, find_usage, has_resources, provider_uuid
from novasim.api.placement.queries import read_resources, read_traits
from novasim.errors import BadRequest, NotSimulated
from novasim.records import Host
from novasim.simulation.scheduling.traits import list_host_traits

SIMULATED_FILTERS = frozenset(("resources", "required", "limit", "group_policy"))
OTHER_FILTERS = re.compile(
    r"(resources|required|member_of|in_tree)(\d+|_[A-Za-z0-9_-]{1,64})|root_required|same_subtree"
)
UNKNOWN_TRAITS = "No such trait(s): {}."
UNNUMBERED = frozenset(("member_of", "in_tree"))


def index(ctx: Context) -> dict[str, Any]:
    """GET /allocation_candidates: allocation requests, and summaries of their hosts. 400, 403, 501."""
    check_policy(ctx, "allocation_candidates:list")
    _check_filters(ctx)
    requested = read_resources(ctx)
    if not requested:
        raise BadRequest(reason="Invalid query string parameters: 'resources' is a required property")
    hosts = [host for host in ctx.world.tx.query(Host) if _fits(ctx, host, requested)][: _read_limit(ctx)]
    return {
        "allocation_requests": [_request_view(ctx, host, requested) for host in hosts],
        "provider_summaries": {provider_uuid(ctx, host): _summary_view(ctx, host, requested) for host in hosts},
    }


def _check_filters(ctx: Context) -> None:
    others = sorted({name for name, _ in ctx.request.query} - SIMULATED_FILTERS)
    if unknown := [name for name in others if name not in UNNUMBERED and not OTHER_FILTERS.fullmatch(name)]:
        names, verb = ", ".join(map(repr, unknown)), "was" if len(unknown) == 1 else "were"
        message = f"Additional properties are not allowed ({names} {verb} unexpected)"
        raise BadRequest(reason=f"Invalid query string parameters: {message}")
    if others:
        raise NotSimulated(
            reason=f"Allocation candidates by {', '.join(others)} are not simulated, "
            "only those by resources, required and limit."
        )


def _read_limit(ctx: Context) -> int | None:
    limit = ctx.query("limit")
    if limit is None:
        return None
    refusal = BadRequest(reason=f"Invalid query string parameters: '{limit}' does not match '^[1-9][0-9]*$'")
    if limit.startswith("0"):
        raise refusal
    return parse_limit(limit, refusal)


def _fits(ctx: Context, host: Host, requested: dict[str, int]) -> bool:
    return has_resources(host, requested) and read_traits(ctx, UNKNOWN_TRAITS).match(list_host_traits(host))


def _request_view(ctx: Context, host: Host, requested: dict[str, int]) -> dict[str, Any]:
    uuid = provider_uuid(ctx, host)
    if ctx.minor < 12:
        return {"allocations": [{"resource_provider": {"uuid": uuid}, "resources": requested}]}
    request: dict[str, Any] = {"allocations": {uuid: {"resources": requested}}}
    return request | {"mappings": {"": [uuid]}} if ctx.minor >= 34 else request


def _summary_view(ctx: Context, host: Host, requested: dict[str, int]) -> dict[str, Any]:
    capacity, used = find_capacity(host), find_usage(host)
    names = capacity if ctx.minor >= 27 else [name for name in capacity if name in requested]
    summary: dict[str, Any] = {
        "resources": {name: {"capacity": capacity[name], "used": used[name]} for name in names},
    }
    if ctx.minor >= 17:
        summary["traits"] = list_host_traits(host)
    if ctx.minor >= 29:
        summary |= {"parent_provider_uuid": None, "root_provider_uuid": provider_uuid(ctx, host)}
    return summary

"""/allocations and /usages: the resources allocated to servers and migrations."""

from __future__ import annotations

from collections import Counter
from typing import Any

from novasim.api.context import Context
from novasim.api.placement.hosts import allocated_resources, check_policy, get_host, provider_generation, provider_uuid
from novasim.errors import BadRequest
from novasim.records import Allocation, Host, Migration, Server


def list_by_provider(ctx: Context, uuid: str) -> dict[str, Any]:
    """GET /resource_providers/{uuid}/allocations: the allocations of a host, by consumer. 403, 404."""
    check_policy(ctx, "resource_providers:allocations:list")
    host = get_host(ctx, uuid)
    allocations = ctx.world.tx.query(Allocation, {"host": host.name})
    return {
        "allocations": {each.consumer: _allocation_view(ctx, each) for each in allocations},
        "resource_provider_generation": provider_generation(ctx, host),
    }


def _allocation_view(ctx: Context, allocation: Allocation) -> dict[str, Any]:
    view: dict[str, Any] = {"resources": allocated_resources(allocation)}
    return view | {"consumer_generation": 1} if ctx.minor >= 28 else view


def show_by_consumer(ctx: Context, consumer: str) -> dict[str, Any]:
    """GET /allocations/{consumer}: the allocation of a server, or of a migration (its source); it may be empty. 403."""
    check_policy(ctx, "allocations:list")
    allocation = ctx.world.tx.get(Allocation, consumer)
    host = ctx.world.tx.get(Host, allocation.host) if allocation else None
    if allocation is None or host is None:
        return {"allocations": {}}
    view = {"resources": allocated_resources(allocation), "generation": provider_generation(ctx, host)}
    return {"allocations": {provider_uuid(ctx, host): view}, **_consumer_view(ctx, allocation)}


def _consumer_view(ctx: Context, allocation: Allocation) -> dict[str, Any]:
    server = ctx.world.tx.get(Server, allocation.server_id)
    view: dict[str, Any] = {}
    if server and ctx.minor >= 12:
        view = {"project_id": server.project_id, "user_id": server.user_id}
    if ctx.minor >= 28:
        view["consumer_generation"] = 1
    if ctx.minor >= 38:
        view["consumer_type"] = _consumer_type(ctx, allocation)
    return view


def _consumer_type(ctx: Context, allocation: Allocation) -> str:
    return "MIGRATION" if ctx.world.tx.get(Migration, allocation.consumer) else "INSTANCE"


def show_usages(ctx: Context) -> dict[str, Any]:
    """GET /usages: the resources allocated to a project's servers. 400, 403."""
    project = ctx.query("project_id")
    if not project:
        raise BadRequest(reason="Invalid query string parameters: 'project_id' is a required property")
    if project != ctx.caller.project_id:
        check_policy(ctx, "usages")
    allocations = [each for each in ctx.world.tx.query(Allocation) if _matches_owner(ctx, each, project)]
    if ctx.minor < 38:
        return {"usages": dict(_sum_resources(allocations))}
    if (requested := ctx.query("consumer_type")) == "all":
        return {"usages": {"all": _usage_view(allocations)}}
    by_type: dict[str, list[Allocation]] = {"INSTANCE": [], "MIGRATION": []}
    for allocation in allocations:
        by_type[_consumer_type(ctx, allocation)].append(allocation)
    if requested:
        by_type = {requested: by_type.get(requested, [])}
    return {"usages": {kind: _usage_view(group) for kind, group in by_type.items() if group}}


def _matches_owner(ctx: Context, allocation: Allocation, project: str) -> bool:
    server = ctx.world.tx.get(Server, allocation.server_id)
    return server is not None and server.project_id == project and ctx.query("user_id") in (None, server.user_id)


def _sum_resources(allocations: list[Allocation]) -> Counter[str]:
    return sum((Counter(allocated_resources(each)) for each in allocations), Counter())


def _usage_view(allocations: list[Allocation]) -> dict[str, int]:
    return {**_sum_resources(allocations), "consumer_count": len(allocations)}

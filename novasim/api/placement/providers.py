"""/resource_providers: the compute hosts, their inventories, usage, aggregates and traits."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.placement.hosts import (
    check_policy,
    find_usage,
    get_host,
    has_resources,
    inventory_view,
    list_host_aggregates,
    provider_generation,
    provider_uuid,
)
from novasim.api.placement.queries import read_resources, read_traits
from novasim.errors import NotFound
from novasim.records import Host
from novasim.simulation.scheduling.traits import list_host_traits

UNKNOWN_TRAITS = 'Invalid trait(s) in "required" parameter: No such trait(s): {}.'
LINKS = (
    ("self", "", 0),
    ("aggregates", "/aggregates", 1),
    ("inventories", "/inventories", 0),
    ("usages", "/usages", 0),
    ("traits", "/traits", 6),
    ("allocations", "/allocations", 11),
)


def index(ctx: Context) -> dict[str, Any]:
    """GET /resource_providers: the hosts that match the query. 400, 403."""
    check_policy(ctx, "resource_providers:list")
    return {"resource_providers": [_view(ctx, host) for host in ctx.world.tx.query(Host) if _matches_query(ctx, host)]}


def _matches_query(ctx: Context, host: Host) -> bool:
    requested, traits = read_resources(ctx), read_traits(ctx, UNKNOWN_TRAITS)
    uuid, aggregates = provider_uuid(ctx, host), list_host_aggregates(ctx, host)
    return (
        ctx.query("name") in (None, host.name)
        and ctx.query("uuid") in (None, uuid)
        and ctx.query("in_tree") in (None, uuid)
        and all(_matches_member_of(aggregates, expression) for expression in ctx.queries("member_of"))
        and has_resources(host, requested)
        and traits.match(list_host_traits(host))
    )


def _matches_member_of(aggregates: list[str], expression: str) -> bool:
    """Whether one of the aggregates matches UUID or in:UUID,UUID; none may match after "!"."""
    ids = set(expression.removeprefix("!").removeprefix("in:").split(","))
    return bool(ids & set(aggregates)) != expression.startswith("!")


def _view(ctx: Context, host: Host) -> dict[str, Any]:
    uuid = provider_uuid(ctx, host)
    links = [
        {"rel": rel, "href": f"/placement/resource_providers/{uuid}{path}"}
        for rel, path, since in LINKS
        if ctx.minor >= since
    ]
    view = {"uuid": uuid, "name": host.name, "generation": provider_generation(ctx, host), "links": links}
    return view | {"parent_provider_uuid": None, "root_provider_uuid": uuid} if ctx.minor >= 14 else view


def show(ctx: Context, uuid: str) -> dict[str, Any]:
    """GET /resource_providers/{uuid}: one host. 403, 404."""
    check_policy(ctx, "resource_providers:show")
    return _view(ctx, get_host(ctx, uuid))


def list_inventories(ctx: Context, uuid: str) -> dict[str, Any]:
    """GET /resource_providers/{uuid}/inventories: the inventories of a host. 403, 404."""
    check_policy(ctx, "resource_providers:inventories:list")
    host = get_host(ctx, uuid)
    return {"inventories": inventory_view(host), "resource_provider_generation": provider_generation(ctx, host)}


def show_inventory(ctx: Context, uuid: str, name: str) -> dict[str, Any]:
    """GET /resource_providers/{uuid}/inventories/{name}: one inventory of a host. 403, 404."""
    check_policy(ctx, "resource_providers:inventories:show")
    host = get_host(ctx, uuid)
    if name not in inventory_view(host):
        raise NotFound(reason=f"No inventory of class {name} for {uuid}")
    return {**inventory_view(host)[name], "resource_provider_generation": provider_generation(ctx, host)}


def show_usages(ctx: Context, uuid: str) -> dict[str, Any]:
    """GET /resource_providers/{uuid}/usages: the allocated amounts of a host. 403, 404."""
    check_policy(ctx, "resource_providers:usages")
    host = get_host(ctx, uuid)
    return {"usages": find_usage(host), "resource_provider_generation": provider_generation(ctx, host)}


def list_aggregates(ctx: Context, uuid: str) -> dict[str, Any]:
    """GET /resource_providers/{uuid}/aggregates: the aggregates of a host. 403, 404."""
    check_policy(ctx, "resource_providers:aggregates:list")
    host = get_host(ctx, uuid)
    view: dict[str, Any] = {"aggregates": list_host_aggregates(ctx, host)}
    return view | {"resource_provider_generation": provider_generation(ctx, host)} if ctx.minor >= 19 else view


def list_traits(ctx: Context, uuid: str) -> dict[str, Any]:
    """GET /resource_providers/{uuid}/traits: the traits of a host. 403, 404."""
    check_policy(ctx, "resource_providers:traits:list")
    host = get_host(ctx, uuid)
    return {"traits": list_host_traits(host), "resource_provider_generation": provider_generation(ctx, host)}

"""/resource_providers: the compute hosts, with what they have and what is used."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.placement.hosts import (
    aggregates_of,
    capacity_of,
    generation_of,
    host_of,
    inventory_of,
    need,
    provider_id,
    traits_of,
    used_of,
)
from novasim.api.placement.queries import asked_resources, asked_traits
from novasim.errors import NotFound
from novasim.records import Host

LINKS = (
    ("self", "", 0),
    ("aggregates", "/aggregates", 1),
    ("inventories", "/inventories", 0),
    ("usages", "/usages", 0),
    ("traits", "/traits", 6),
    ("allocations", "/allocations", 11),
)


def index(ctx: Context) -> dict[str, Any]:
    """The hosts that the query asks for by name, id, tree, aggregates, room or traits."""
    need(ctx, "resource_providers:list")
    return {"resource_providers": [_view(ctx, host) for host in ctx.world.tx.query(Host) if _asked(ctx, host)]}


def _asked(ctx: Context, host: Host) -> bool:
    wanted, traits = asked_resources(ctx), asked_traits(ctx)
    free = {name: room - used_of(host)[name] for name, room in capacity_of(host).items()}
    uuid = provider_id(ctx, host)
    return (
        ctx.query("name") in (None, host.name)
        and ctx.query("uuid") in (None, uuid)
        and ctx.query("in_tree") in (None, uuid)
        and all(_is_member(aggregates_of(ctx, host), wish) for wish in ctx.queries("member_of"))
        and all(free.get(name, 0) >= amount for name, amount in wanted.items())
        and traits.fit(traits_of(host))
    )


def _is_member(aggregates: list[str], wish: str) -> bool:
    """A UUID, or in: and several; with ! before it, none of them."""
    ids = set(wish.removeprefix("!").removeprefix("in:").split(","))
    return bool(ids & set(aggregates)) != wish.startswith("!")


def _view(ctx: Context, host: Host) -> dict[str, Any]:
    uuid = provider_id(ctx, host)
    links = [
        {"rel": rel, "href": f"/placement/resource_providers/{uuid}{path}"}
        for rel, path, since in LINKS
        if ctx.minor >= since
    ]
    view = {"uuid": uuid, "name": host.name, "generation": generation_of(ctx, host), "links": links}
    return view | {"parent_provider_uuid": None, "root_provider_uuid": uuid} if ctx.minor >= 14 else view


def show(ctx: Context, uuid: str) -> dict[str, Any]:
    """One host."""
    need(ctx, "resource_providers:show")
    return _view(ctx, host_of(ctx, uuid))


def inventories(ctx: Context, uuid: str) -> dict[str, Any]:
    """What it has, by resource class."""
    need(ctx, "resource_providers:inventories:list")
    host = host_of(ctx, uuid)
    return {"inventories": inventory_of(host), "resource_provider_generation": generation_of(ctx, host)}


def inventory(ctx: Context, uuid: str, name: str) -> dict[str, Any]:
    """What it has of one resource class."""
    need(ctx, "resource_providers:inventories:show")
    host = host_of(ctx, uuid)
    if name not in inventory_of(host):
        raise NotFound(reason=f"No inventory of class {name} for {uuid}")
    return {**inventory_of(host)[name], "resource_provider_generation": generation_of(ctx, host)}


def usages(ctx: Context, uuid: str) -> dict[str, Any]:
    """How much of it is used."""
    need(ctx, "resource_providers:usages")
    host = host_of(ctx, uuid)
    return {"usages": used_of(host), "resource_provider_generation": generation_of(ctx, host)}


def aggregates(ctx: Context, uuid: str) -> dict[str, Any]:
    """The aggregates that it is in."""
    need(ctx, "resource_providers:aggregates:list")
    host = host_of(ctx, uuid)
    answer: dict[str, Any] = {"aggregates": aggregates_of(ctx, host)}
    return answer | {"resource_provider_generation": generation_of(ctx, host)} if ctx.minor >= 19 else answer


def traits(ctx: Context, uuid: str) -> dict[str, Any]:
    """What it can do."""
    need(ctx, "resource_providers:traits:list")
    host = host_of(ctx, uuid)
    return {"traits": traits_of(host), "resource_provider_generation": generation_of(ctx, host)}

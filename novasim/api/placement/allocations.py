"""/allocations and /usages: who holds what."""

from __future__ import annotations

from collections import Counter
from typing import Any

from novasim.api.context import Context
from novasim.api.placement.hosts import generation_of, host_of, need, provider_id, resources_of
from novasim.errors import BadRequest
from novasim.records import Allocation, Host, Migration, Server


def of_provider(ctx: Context, uuid: str) -> dict[str, Any]:
    """What is held of one host, by consumer."""
    need(ctx, "resource_providers:allocations:list")
    host = host_of(ctx, uuid)
    held = ctx.world.tx.query(Allocation, {"host": host.name})
    return {
        "allocations": {one.consumer: _held(ctx, one) for one in held},
        "resource_provider_generation": generation_of(ctx, host),
    }


def _held(ctx: Context, held: Allocation) -> dict[str, Any]:
    view: dict[str, Any] = {"resources": resources_of(held)}
    return view | {"consumer_generation": 1} if ctx.minor >= 28 else view


def of_consumer(ctx: Context, consumer: str) -> dict[str, Any]:
    """What a server (or a migration, of the host that is left) holds; nothing is no error."""
    need(ctx, "allocations:list")
    held = ctx.world.tx.get(Allocation, consumer)
    host = ctx.world.tx.get(Host, held.host) if held else None
    if held is None or host is None:
        return {"allocations": {}}
    view = {"resources": resources_of(held), "generation": generation_of(ctx, host)}
    return {"allocations": {provider_id(ctx, host): view}, **_about(ctx, held)}


def _about(ctx: Context, held: Allocation) -> dict[str, Any]:
    server = ctx.world.tx.get(Server, held.server_id)
    about: dict[str, Any] = {}
    if server and ctx.minor >= 12:
        about = {"project_id": server.project_id, "user_id": server.user_id}
    if ctx.minor >= 28:
        about["consumer_generation"] = 1
    if ctx.minor >= 38:
        about["consumer_type"] = _type_of(ctx, held)
    return about


def _type_of(ctx: Context, held: Allocation) -> str:
    return "MIGRATION" if ctx.world.tx.get(Migration, held.consumer) else "INSTANCE"


def usages(ctx: Context) -> dict[str, Any]:
    """
    What a project's servers hold together.

    Raises:
        BadRequest: no project is named (400).
    """
    project = ctx.query("project_id")
    if not project:
        raise BadRequest(reason="Invalid query string parameters: 'project_id' is a required property")
    if project != ctx.caller.project_id:
        need(ctx, "usages")
    held = [one for one in ctx.world.tx.query(Allocation) if _belongs(ctx, one, project)]
    if ctx.minor < 38:
        return {"usages": dict(_sum(held))}
    kinds = {kind: [one for one in held if _type_of(ctx, one) == kind] for kind in ("INSTANCE", "MIGRATION")}
    if (wanted := ctx.query("consumer_type")) == "all":
        return {"usages": {"all": _counted(held)}}
    return {"usages": {kind: _counted(ones) for kind, ones in kinds.items() if ones and wanted in (None, kind)}}


def _belongs(ctx: Context, held: Allocation, project: str) -> bool:
    server = ctx.world.tx.get(Server, held.server_id)
    return server is not None and server.project_id == project and ctx.query("user_id") in (None, server.user_id)


def _sum(held: list[Allocation]) -> Counter[str]:
    return sum((Counter(resources_of(one)) for one in held), Counter())


def _counted(held: list[Allocation]) -> dict[str, int]:
    return {**_sum(held), "consumer_count": len(held)}

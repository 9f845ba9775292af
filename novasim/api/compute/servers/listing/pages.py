"""GET /servers and GET /servers/detail: one page of the servers that a query selects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from novasim.api import schemas
from novasim.api.compute import paging
from novasim.api.compute.servers.listing import sorting
from novasim.api.compute.servers.listing.filters import chosen_servers
from novasim.api.context import Context
from novasim.api.views import servers as views
from novasim.api.views.server_parts import View
from novasim.errors import BadRequest
from novasim.records import Server

RULE = "os_compute_api:servers:"


def index(ctx: Context) -> dict[str, Any]:
    """Servers with id, name and links. Raises: see `_listed`."""
    return _listed(ctx, "index", "servers", views.summary)


def detail(ctx: Context) -> dict[str, Any]:
    """Servers with all their attributes. Raises: see `_listed`."""
    return _listed(ctx, "detail", "servers/detail", views.detail)


def _listed(
    ctx: Context, verb: str, collection: str, view: Callable[[Context, Sequence[Server]], list[View]]
) -> dict[str, Any]:
    """
    One page of the servers that the query selects, in the order it asks for.

    Raises:
        BadRequest: a filter, the order, the limit or the marker means nothing (400).
        Forbidden: what is asked for is not for this caller (403).
    """
    ctx.can(RULE + verb)
    pairs = schemas.drop_unknown_parameters("servers.list", ctx.minor, ctx.request.query)
    servers = chosen_servers(ctx, pairs, f"{RULE}{verb}:get_all_tenants")
    limit, order = paging.read_limit(ctx, pairs), sorting.order_asked(ctx, pairs)
    page = _in_order(ctx, servers, order, paging.read_marker(pairs))[:limit]
    answer: dict[str, Any] = {"servers": view(ctx, page)}
    if links := paging.next_page_links(ctx, pairs, collection, page, limit):
        answer["servers_links"] = links
    return answer


def _in_order(ctx: Context, servers: list[Server], order: list[sorting.Key], marker: str | None) -> Sequence[Server]:
    """The servers sorted, from behind the marker on, which may be any server that ever was."""
    if marker is None:
        sorting.sort(ctx, servers, order)
        return servers
    server = ctx.world.tx.get(Server, marker)
    if server is None:
        raise BadRequest(reason=f"marker [{marker}] not found")
    servers = [*(other for other in servers if other.id != marker), server]
    sorting.sort(ctx, servers, order)
    return paging.skip_to_marker(servers, marker)

"""GET /servers and GET /servers/detail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from novasim.api import schemas
from novasim.api.compute import page_links
from novasim.api.compute.servers.listing import sort_order
from novasim.api.compute.servers.listing.filters import filter_servers
from novasim.api.context import Context
from novasim.api.schemas import Query
from novasim.api.views import servers as views
from novasim.api.views.server_parts import View
from novasim.errors import BadRequest
from novasim.records import Server
from novasim.simulation.hosts.cells import require_cell

RULE = "os_compute_api:servers:"


def index(ctx: Context) -> dict[str, Any]:
    """GET /servers: one page of servers with id, name and links. 400, 403."""
    return _list_page(ctx, "index", "servers", views.summary)


def detail(ctx: Context) -> dict[str, Any]:
    """GET /servers/detail: one page of servers with all attributes. 400, 403."""
    return _list_page(ctx, "detail", "servers/detail", views.detail)


def _list_page(
    ctx: Context, verb: str, collection: str, view: Callable[[Context, Sequence[Server]], list[View]]
) -> dict[str, Any]:
    """
    Filter, sort and cut the list of servers as the query says. Servers in cells that are down come first.

    Raises:
        BadRequest: a filter, the order, the limit or the marker is invalid (400).
        Forbidden: the caller may not list the requested servers, or sort by the key (403).
        CellDown: a cell cannot be reached, and the option says that lists then fail (500).
    """
    ctx.can(RULE + verb)
    pairs = schemas.drop_unknown_parameters("servers.list", ctx.minor, ctx.request.query)
    servers = filter_servers(ctx, pairs, f"{RULE}{verb}:get_all_tenants")
    limit, order = page_links.read_limit(ctx, pairs), sort_order.read_order(ctx, pairs)
    servers, unknown = _split_by_cell(ctx, pairs, servers)
    page = _sort_and_skip(ctx, servers, order, page_links.read_marker(pairs))[:limit]
    body: dict[str, Any] = {"servers": view(ctx, page)}
    if unknown := unknown[: limit - len(page)]:
        from novasim.api.views import down_cells

        unknown_view = down_cells.summary if verb == "index" else down_cells.detail
        body["servers"] = unknown_view(ctx, unknown) + body["servers"]
        page = [*unknown, *page]
    if links := page_links.next_page_links(ctx, pairs, collection, page, limit):
        body["servers_links"] = links
    return body


def _split_by_cell(ctx: Context, pairs: Query, servers: list[Server]) -> tuple[list[Server], list[Server]]:
    """As `cells.split_by_cell`, which is imported only while a cell is down."""
    if not ctx.world.settings.down_cells:
        return servers, []
    from novasim.api.compute.servers.listing.cells import split_by_cell

    return split_by_cell(ctx, pairs, servers)


def _sort_and_skip(
    ctx: Context, servers: list[Server], order: list[sort_order.Key], marker: str | None
) -> Sequence[Server]:
    """The sorted servers after the marker, which may be any server, also a deleted one or one that does not match."""
    if marker is None:
        sort_order.sort(ctx, servers, order)
        return servers
    server = ctx.world.tx.get(Server, marker)
    if server is None:
        raise BadRequest(reason=f"marker [{marker}] not found")
    require_cell(ctx.world, server)
    servers = [*(other for other in servers if other.id != marker), server]
    sort_order.sort(ctx, servers, order)
    return page_links.skip_to_marker(servers, marker)

"""GET /servers and GET /servers/detail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from novasim.api import schemas
from novasim.api.compute import page_links
from novasim.api.compute.servers.listing import sort_order
from novasim.api.compute.servers.listing.listings import Listing, ListRequest, get_listing
from novasim.api.compute.servers.listing.reads import TableReads
from novasim.api.context import Context
from novasim.api.views import servers as views
from novasim.errors import BadRequest
from novasim.records import Server
from novasim.simulation.hosts.cells import require_cell

RULE = "os_compute_api:servers:"
RENDERED = "rendered servers"  # the key of the materialized view
MAX_LISTED = 20_000  # servers of a cloud, above which a page costs less


def index(ctx: Context) -> dict[str, Any]:
    """GET /servers: one page of servers with id, name and links. 400, 403."""
    return _list_page(ctx, "index", "servers")


def detail(ctx: Context) -> dict[str, Any]:
    """GET /servers/detail: one page of servers with all attributes. 400, 403."""
    return _list_page(ctx, "detail", "servers/detail")


def _list_page(ctx: Context, verb: str, collection: str) -> dict[str, Any]:
    """
    Filter, sort and cut the list of servers as the query says. Servers in cells that are down come first.

    Raises:
        BadRequest: a filter, the order, the limit or the marker is invalid (400).
        Forbidden: the caller may not list the requested servers, or sort by the key (403).
        CellDown: a cell cannot be reached, and the option says that lists then fail (500).
    """
    ctx.can(RULE + verb)
    pairs = schemas.drop_unknown_parameters("servers.list", ctx.minor, ctx.request.query)
    request = ListRequest(ctx, pairs, f"{RULE}{verb}:get_all_tenants")
    ids, unknown_ids, limit = _select_page(request)
    body: dict[str, Any] = {"servers": _render(ctx, verb, ids)}
    if unknown := unknown_ids[: limit - len(ids)]:
        from novasim.api.views import down_cells

        unknown_view = down_cells.summary if verb == "index" else down_cells.detail
        body["servers"] = unknown_view(ctx, _get_servers(ctx, unknown)) + body["servers"]
        ids = [*unknown, *ids]
    if links := page_links.next_page_links(ctx, pairs, collection, ids, limit):
        body["servers_links"] = links
    return body


def _select_page(request: ListRequest) -> tuple[Sequence[str], Sequence[str], int]:
    """The IDs of the servers of a page, those of all servers whose cells are down, and the limit of the page."""
    if request.ctx.world.tx.reads_pages and not _is_listed_again(request.ctx):
        from novasim.api.compute.servers.listing.stored_pages import read_page

        if (page := read_page(request)) is not None:
            return page, (), page_links.read_limit(request.ctx, request.pairs)
    listing = get_listing(request)
    limit = page_links.read_limit(request.ctx, request.pairs)
    return _cut_page(request, listing, limit), listing.unknown, limit


def _is_listed_again(ctx: Context) -> bool:
    """
    Whether servers have been listed over HTTP before, and only this process has changed the cloud since.

    Once all servers have been read, a list after a change costs less than reading a page.
    """
    with ctx.world.tx.materialized_views() as stored:
        has_followed = stored is not None and stored.has(RENDERED)
    return has_followed and ctx.world.tx.count(Server) <= MAX_LISTED


def _cut_page(request: ListRequest, listing: Listing, limit: int) -> Sequence[str]:
    """The servers after the marker, which may be any server, also a deleted one or one that does not match."""
    ctx, pairs, _ = request
    marker = page_links.read_marker(pairs)
    if marker is None:
        return listing.ids[:limit]
    server = ctx.world.tx.get(Server, marker)
    if server is None:
        raise BadRequest(reason=f"marker [{marker}] not found")
    require_cell(ctx.world, server)
    order = sort_order.read_order(ctx, pairs)
    start = listing.find_position(sort_order.create_sort_key(order, TableReads(ctx.world.tx))(server))
    return listing.ids[start : start + limit]


def _render(ctx: Context, verb: str, ids: Sequence[str]) -> list[Any]:
    """The servers of a page as the verb shows them; encoded, if the request accepts that."""
    if ctx.request.accepts_fragments and not ctx.world.settings.down_cells:
        from novasim.api.views.rendered import render_page

        kind = ctx.request.endpoint if verb == "index" else views.perspective_of(ctx)
        if (fragments := render_page(ctx, RENDERED, kind, ids)) is not None:
            return fragments
    servers = _get_servers(ctx, ids)
    if verb == "index":
        return [views.summary(ctx.request.endpoint, server) for server in servers]
    view_ctx = views.view_context(ctx, servers)
    return [views.list_entry(view_ctx, server) for server in servers]


def _get_servers(ctx: Context, ids: Iterable[str]) -> list[Server]:
    found = (ctx.world.tx.get(Server, id) for id in ids)
    return [server for server in found if server is not None]

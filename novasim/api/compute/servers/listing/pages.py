"""GET /servers and GET /servers/detail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

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
    listing = _get_listing(ctx, verb, pairs)
    limit = page_links.read_limit(ctx, pairs)
    page = _read_page(ctx, listing, pairs, limit)
    body: dict[str, Any] = {"servers": view(ctx, page)}
    if unknown := _get_servers(ctx, listing.unknown[: limit - len(page)]):
        from novasim.api.views import down_cells

        unknown_view = down_cells.summary if verb == "index" else down_cells.detail
        body["servers"] = unknown_view(ctx, unknown) + body["servers"]
        page = [*unknown, *page]
    if links := page_links.next_page_links(ctx, pairs, collection, page, limit):
        body["servers_links"] = links
    return body


class Listing(NamedTuple):
    """
    All servers that a query selects, on all its pages.

    Args:
        ids: In the order of the query.
        positions: Of each server after itself, by id.
        unknown: IDs of servers to list with status UNKNOWN.
    """

    ids: tuple[str, ...]
    positions: dict[str, int]
    unknown: tuple[str, ...]


def _get_listing(ctx: Context, verb: str, pairs: Query) -> Listing:
    """The listing of a query. That of its first page is kept for the next ones, unless a cell is down."""

    def find() -> Listing:
        return _find_listing(ctx, verb, pairs)

    if ctx.world.settings.down_cells:
        return find()
    others = tuple(pair for pair in pairs if pair[0] not in ("limit", "marker"))
    return ctx.world.tx.get_or_compute(("servers", verb, ctx.minor, ctx.caller, others), find)


def _find_listing(ctx: Context, verb: str, pairs: Query) -> Listing:
    servers = filter_servers(ctx, pairs, f"{RULE}{verb}:get_all_tenants")
    page_links.read_limit(ctx, pairs)  # Nova finds an error in it before one in the order
    order = sort_order.read_order(ctx, pairs)
    servers, unknown = _split_by_cell(ctx, pairs, servers)
    sort_order.sort(ctx, servers, order)
    ids = tuple(server.id for server in servers)
    return Listing(ids, {id: position for position, id in enumerate(ids, 1)}, tuple(server.id for server in unknown))


def _split_by_cell(ctx: Context, pairs: Query, servers: list[Server]) -> tuple[list[Server], list[Server]]:
    """As `cells.split_by_cell`, which is imported only while a cell is down."""
    if not ctx.world.settings.down_cells:
        return servers, []
    from novasim.api.compute.servers.listing.cells import split_by_cell

    return split_by_cell(ctx, pairs, servers)


def _read_page(ctx: Context, listing: Listing, pairs: Query, limit: int) -> list[Server]:
    """The servers after the marker, which may be any server, also a deleted one or one that does not match."""
    marker = page_links.read_marker(pairs)
    if marker is None:
        return _get_servers(ctx, listing.ids[:limit])
    server = ctx.world.tx.get(Server, marker)
    if server is None:
        raise BadRequest(reason=f"marker [{marker}] not found")
    require_cell(ctx.world, server)
    if marker in listing.positions:
        start = listing.positions[marker]
    else:
        servers = [*_get_servers(ctx, listing.ids), server]
        sort_order.sort(ctx, servers, sort_order.read_order(ctx, pairs))
        start = servers.index(server)
    return _get_servers(ctx, listing.ids[start : start + limit])


def _get_servers(ctx: Context, ids: Iterable[str]) -> list[Server]:
    found = (ctx.world.tx.get(Server, id) for id in ids)
    return [server for server in found if server is not None]

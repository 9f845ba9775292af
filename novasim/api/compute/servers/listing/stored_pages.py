"""Pages of servers that the store sorts and cuts, if it can do that without reading the others."""

from __future__ import annotations

from novasim.api.compute import page_links
from novasim.api.compute.servers.listing.conditions import selects_existing
from novasim.api.compute.servers.listing.filters import read_filters
from novasim.api.compute.servers.listing.listings import ListRequest, Selection, read_selection
from novasim.api.compute.servers.listing.reads import TableReads
from novasim.records import Server

FIELDS = {"created_at": "created_at", "uuid": "id"}
"""By column: the field by which the store sorts servers as the column does."""
MAX_LIMIT = 1000  # larger pages are as good as a whole list
MIN_READ = 20  # servers that are read at once, of which some may not be selected


def read_page(request: ListRequest) -> list[str] | None:
    """
    The IDs of the servers of a page; None if all servers that the query selects have to be read to know them.

    Raises:
        BadRequest, Forbidden: as `listings.find_listing`.
    """
    ctx, pairs, _ = request
    selection = read_selection(request)
    limit, is_sorted = page_links.read_limit(ctx, pairs), all(key.column in FIELDS for key in selection.order)
    if not (0 < limit <= MAX_LIMIT and is_sorted) or "name" in selection.where or ctx.world.settings.down_cells:
        return None
    if not selects_existing(read_filters(ctx, pairs, TableReads(ctx.world.tx))):
        return None
    marker = page_links.read_marker(pairs)
    if marker is not None and selection.find_sort_key(ctx.world.tx.get(Server, marker)) is None:
        return None
    return _collect(request, selection, marker, limit)


def _collect(request: ListRequest, selection: Selection, marker: str | None, limit: int) -> list[str]:
    """Read servers in their order until the page is full: each time twice as many, since few may be selected."""
    order = [("-" if key.descending else "") + FIELDS[key.column] for key in selection.order]
    where, ids, count = {**selection.where, "deleted": False}, list[str](), max(limit, MIN_READ)
    while len(ids) < limit:
        servers = request.ctx.world.tx.query(Server, where, order, count, marker)
        ids += [server.id for server in servers if selection.sort_key(server) is not None]
        if len(servers) < count:
            break
        marker, count = servers[-1].id, 2 * count
    return ids[:limit]

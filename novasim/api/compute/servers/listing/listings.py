"""The servers that a query selects, in its order. The latest queries are kept up to date with each change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from novasim.api.compute import page_links
from novasim.api.compute.servers.listing import sort_order
from novasim.api.compute.servers.listing.filters import create_tests, read_filters, read_scope
from novasim.api.compute.servers.listing.reads import TableReads
from novasim.api.compute.servers.listing.sort_order import Key, SortKey
from novasim.api.context import Context
from novasim.api.schemas import Query
from novasim.errors import NovaFault
from novasim.records import Server

if TYPE_CHECKING:
    from novasim.store.documents import Change

MAX_LISTINGS = 8
MAX_SERVERS = 200_000  # in all listings that are kept; each takes about 400 bytes
SORTED_SHARE = 0.05  # of changed servers in a listing, above which all of it is sorted again


class ListRequest(NamedTuple):
    """
    A request for a list of servers.

    Args:
        pairs: The query without the parameters that Nova ignores at this microversion.
        all_tenants_rule: The policy rule for servers of all projects.
    """

    ctx: Context
    pairs: Query
    all_tenants_rule: str


class Selection(NamedTuple):
    """
    How a query selects and sorts servers.

    Args:
        where: Values of fields that all selected servers have.
        sort_key: Returns the sort key of a server with these values; None if it is not selected.
        tables: The names of the tables that this depends on besides that of servers.
    """

    where: dict[str, str]
    sort_key: Callable[[Server], SortKey | None]
    order: Sequence[Key]
    tables: set[str]

    def find_sort_key(self, server: Server | None) -> SortKey | None:
        """The sort key of any server, also one that was not read by *where*; None if it is not selected."""
        if server is None or any(getattr(server, field) != value for field, value in self.where.items()):
            return None
        return self.sort_key(server)


class Listing:
    """
    All servers that a query selects, on all its pages.

    Args:
        keys: The sort keys of the servers by id.
        unknown: IDs of servers to list with status UNKNOWN.

    Attributes:
        ids: In the order of the query.
        stale: IDs of servers that may have changed since the listing was up to date.
    """

    def __init__(self, keys: dict[str, SortKey], selection: Selection, unknown: Sequence[str] = ()) -> None:
        self._keys, self._order, self.tables, self.unknown = keys, selection.order, selection.tables, unknown
        self.ids, self.stale = list(keys), set[str]()
        sort_order.sort(self.ids, keys, self._order)

    def find_position(self, key: SortKey) -> int:
        """The position after a server with that sort key, which need not be in the listing."""
        return sort_order.find_position(self.ids, self._keys, self._order, key)

    def copy(self) -> Listing:
        """A listing that can be changed without this one."""
        other = Listing.__new__(Listing)
        vars(other).update(vars(self))
        other.ids, other._keys = self.ids.copy(), self._keys.copy()
        return other

    def update(self, keys: dict[str, SortKey | None]) -> None:
        """Replace the sort keys of some servers; None for a server that is not selected."""
        selected = {id: key for id, key in keys.items() if key is not None}
        self.ids = [id for id in self.ids if id not in keys]
        for id in keys:
            self._keys.pop(id, None)
        self._keys |= selected
        if len(selected) > SORTED_SHARE * len(self.ids):
            self.ids += selected
            sort_order.sort(self.ids, self._keys, self._order)
            return
        for id, key in selected.items():
            self.ids.insert(self.find_position(key), id)


class ServerListings:
    """The listings of the latest queries: a materialized view of the store."""

    def __init__(self) -> None:
        self._listings: dict[Hashable, Listing] = {}

    def apply(self, changes: Sequence[Change]) -> None:
        """Note which servers have changed. Drop the listings that depend on another table in which something has."""
        tables, ids = {change.table for change in changes}, set(list_server_ids(changes))
        for key, listing in tuple(self._listings.items()):
            listing.stale |= ids
            if tables & listing.tables:
                del self._listings[key]

    def get(self, request: ListRequest, changes: Sequence[Change]) -> Listing:
        """
        The listing of a request.

        Args:
            changes: What its transaction has changed.

        Raises:
            BadRequest, Forbidden: as `find_listing`.
        """
        key = _key_of(request)
        kept = self._listings.get(key)
        if kept is None or any(change.table in kept.tables for change in changes):
            listing = find_listing(request)
            if not changes:
                self._keep(key, listing)
            return listing
        ids = {*kept.stale, *list_server_ids(changes)}
        if not ids:
            _check_scope(request)
            return kept
        try:
            keys = _find_sort_keys(request, ids)
        except NovaFault:
            return find_listing(request)  # which raises the fault that comes first
        listing = kept.copy() if changes else kept
        listing.update(keys)
        if not changes:
            listing.stale = set()
        return listing

    def _keep(self, key: Hashable, listing: Listing) -> None:
        size = sum(len(each.ids) for each in self._listings.values())
        if len(self._listings) >= MAX_LISTINGS or size + len(listing.ids) > MAX_SERVERS:
            self._listings.clear()
        if len(listing.ids) <= MAX_SERVERS:
            self._listings[key] = listing


def get_listing(request: ListRequest) -> Listing:
    """
    The listing of a request, kept for the next one if possible.

    Raises:
        BadRequest, Forbidden, CellDown: as `find_listing`.
    """
    tx = request.ctx.world.tx
    if request.ctx.world.settings.down_cells:
        return find_listing(request)
    with tx.materialized_views() as stored:
        if stored is None:
            return find_listing(request)
        listings: ServerListings = stored.get("server listings", ServerListings)
        return listings.get(request, tx.changes())


def find_listing(request: ListRequest) -> Listing:
    """
    Find and sort the servers of a request.

    Raises:
        BadRequest: a filter, the order or the limit is invalid (400).
        Forbidden: the caller may not list the requested servers, or sort by the key (403).
        CellDown: a cell cannot be reached, and the option says that lists then fail (500).
    """
    ctx = request.ctx
    selection = read_selection(request)
    servers = ctx.world.tx.query(Server, selection.where)
    keys = {server.id: key for server in servers if (key := selection.sort_key(server)) is not None}
    if not ctx.world.settings.down_cells:
        return Listing(keys, selection)
    from novasim.api.compute.servers.listing.cells import split_by_cell

    reachable, unknown = split_by_cell(ctx, request.pairs, [server for server in servers if server.id in keys])
    return Listing({server.id: keys[server.id] for server in reachable}, selection, [server.id for server in unknown])


def read_selection(request: ListRequest) -> Selection:
    """
    How a request selects and sorts servers.

    Raises:
        BadRequest, Forbidden: as `find_listing`.
    """
    ctx, pairs, rule = request
    reads = TableReads(ctx.world.tx)
    filters = read_filters(ctx, pairs, reads)
    tests = create_tests(filters)
    where = read_scope(ctx, filters, rule)
    page_links.read_limit(ctx, pairs)  # Nova finds an error in it before one in the order
    order = sort_order.read_order(ctx, pairs)
    sort_key = sort_order.create_sort_key(order, reads)

    def select(server: Server) -> SortKey | None:
        return sort_key(server) if all(test(server) for test in tests) else None

    return Selection(where, select, order, reads.tables)


def _key_of(request: ListRequest) -> Hashable:
    """Everything that a selection depends on besides stored documents."""
    ctx, pairs, _ = request
    filters = read_filters(ctx, pairs, TableReads(ctx.world.tx))
    order = tuple(pair for pair in pairs if pair[0] in ("sort_key", "sort_dir"))
    return frozenset(filters.values.items()), *filters[1:-1], ctx.caller.project_id, order


def _check_scope(request: ListRequest) -> None:
    """Check again that the caller may see the servers of the requested projects: the policy may have changed."""
    ctx, pairs, rule = request
    read_scope(ctx, read_filters(ctx, pairs, TableReads(ctx.world.tx)), rule)


def _find_sort_keys(request: ListRequest, ids: Iterable[str]) -> dict[str, SortKey | None]:
    """The present sort keys of servers; None for those that are not selected."""
    selection, tx = read_selection(request), request.ctx.world.tx
    return {id: selection.find_sort_key(tx.get(Server, id)) for id in ids}


def list_server_ids(changes: Iterable[Change]) -> Iterable[str]:
    """The ids of the servers that have changed."""
    for change in changes:
        if change.table == Server.table and (document := change.after or change.before):
            yield document["id"]

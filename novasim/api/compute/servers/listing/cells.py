"""
Lists while a cell cannot be reached: its servers are listed with status UNKNOWN, left out, or an error.

Source: nova/api/openstack/compute/servers.py, _is_cell_down_supported; nova/compute/multi_cell_list.py.
"""

from __future__ import annotations

from novasim.api.compute.servers.listing.filters import PAGING_AND_SORTING, keep_permitted
from novasim.api.context import Context
from novasim.api.schemas import Query
from novasim.api.views.down_cells import SINCE
from novasim.errors import CellDown
from novasim.lifecycle.status import is_queued_for_delete
from novasim.records import Server
from novasim.simulation.hosts.cells import is_cell_down, list_reachable


def split_by_cell(ctx: Context, pairs: Query, servers: list[Server]) -> tuple[list[Server], list[Server]]:
    """
    Split servers into those whose cells can be reached, and those to list with status UNKNOWN, oldest first.

    Args:
        pairs: The query. With any filter but all_tenants, with paging or with sorting, no server is UNKNOWN.

    Raises:
        CellDown: a server is left out, but list_records_by_skipping_down_cells is off (500).
    """
    if _shows_unknown(ctx, pairs):
        unknown = [server for server in servers if _is_unknown(ctx, server)]
        return list_reachable(ctx.world, servers), sorted(unknown, key=lambda server: server.created_at)
    if not ctx.world.option("list_records_by_skipping_down_cells"):
        raise CellDown(host=ctx.world.settings.down_cells[0])
    return list_reachable(ctx.world, servers), []


def _shows_unknown(ctx: Context, pairs: Query) -> bool:
    if ctx.minor < SINCE or any(name in PAGING_AND_SORTING for name, _ in ctx.request.query):
        return False
    return keep_permitted(ctx, pairs).keys() <= {"all_tenants"}


def _is_unknown(ctx: Context, server: Server) -> bool:
    """Whether a server is in a cell that is down. Outside of it, nothing is known of servers being deleted."""
    is_going = is_queued_for_delete(server.vm_state, server.task_state)
    return is_cell_down(ctx.world, server.host) and not is_going

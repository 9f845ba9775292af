"""GET /servers/{server_id}."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import find_mapped_server, get_server, target_of
from novasim.api.context import Context
from novasim.api.views import servers as views
from novasim.errors import ServerNotFound
from novasim.lifecycle.status import is_queued_for_delete
from novasim.simulation.hosts.cells import is_cell_down

RULE = "os_compute_api:servers:show"
UNKNOWN_SINCE = 69  # servers in cells that cannot be reached


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    GET /servers/{server_id}: one server with all its attributes. 403, 404, 500.

    From 2.69, of a server in a cell that cannot be reached only what is known outside of it.
    """
    if ctx.world.settings.down_cells and ctx.minor >= UNKNOWN_SINCE:
        server = find_mapped_server(ctx, server_id)
        if is_cell_down(ctx.world, server.host):
            from novasim.api.views import down_cells

            if is_queued_for_delete(server.vm_state, server.task_state):
                raise ServerNotFound(server=server_id)
            ctx.can(RULE, target_of(server))
            return {"server": down_cells.show_view(ctx, server)}
    server = get_server(ctx, server_id)
    ctx.can(RULE, target_of(server))
    return {"server": views.show_view(ctx, server)}

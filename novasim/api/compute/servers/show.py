"""GET /servers/{server_id}."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.views import servers as views


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}: one server with all its attributes. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can("os_compute_api:servers:show", target_of(server))
    return {"server": views.show_view(ctx, server)}

"""/servers/{server_id}/os-server-password: the encrypted password that a guest has posted to the metadata service."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response

RULE = "os_compute_api:os-server-password:"


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-server-password: the password, or an empty text. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    return {"password": server.guest_password}


def clear(ctx: Context, server_id: str) -> Response:
    """DELETE /servers/{server_id}/os-server-password: clear the password. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "clear", target_of(server))
    if server.guest_password:
        server.guest_password = ""
        ctx.world.tx.put(server)
    return Response(204)

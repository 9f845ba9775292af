"""/servers/{server_id}/os-server-password: the encrypted password of a guest; empty, as simulated guests set none."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response

RULE = "os_compute_api:os-server-password:"


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-server-password: an empty password. 403, 404."""
    ctx.can(RULE + "show", target_of(get_server(ctx, server_id)))
    return {"password": ""}


def clear(ctx: Context, server_id: str) -> Response:
    """DELETE /servers/{server_id}/os-server-password: clear the password. 403, 404."""
    ctx.can(RULE + "clear", target_of(get_server(ctx, server_id)))
    return Response(204)

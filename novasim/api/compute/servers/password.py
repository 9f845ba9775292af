"""/servers/{id}/os-server-password: the encrypted password that a guest may leave; simulated guests leave none."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response

RULE = "os_compute_api:os-server-password:"


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """An empty password, as a guest without the agent for it has."""
    ctx.can(RULE + "show", target_of(get_server(ctx, server_id)))
    return {"password": ""}


def clear(ctx: Context, server_id: str) -> Response:
    """Forget the password."""
    ctx.can(RULE + "clear", target_of(get_server(ctx, server_id)))
    return Response(204)

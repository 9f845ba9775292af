"""/servers/{server_id}/shares (from 2.97). No shares exist: their service, Manila, is not simulated."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.errors import NotFound, NotSimulated

RULE = "os_compute_api:os-server-shares:"


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/shares: an empty list. 403, 404."""
    ctx.can(RULE + "index", target_of(get_server(ctx, server_id)))
    return {"shares": []}


def show(ctx: Context, server_id: str, share_id: str) -> None:
    """GET /servers/{server_id}/shares/{share_id}: no share exists. 403, 404."""
    ctx.can(RULE + "show", target_of(get_server(ctx, server_id)))
    raise NotFound(reason=f"Share {share_id} could not be found.")


def create(ctx: Context, server_id: str) -> None:
    """POST /servers/{server_id}/shares: not simulated. 403, 404, 501."""
    ctx.can(RULE + "create", target_of(get_server(ctx, server_id)))
    raise NotSimulated(reason="Shares are not simulated. Use volumes: POST /servers/{server_id}/os-volume_attachments.")


def delete(ctx: Context, server_id: str, share_id: str) -> None:
    """DELETE /servers/{server_id}/shares/{share_id}: no share exists. 403, 404."""
    ctx.can(RULE + "delete", target_of(get_server(ctx, server_id)))
    raise NotFound(reason=f"Share {share_id} could not be found.")

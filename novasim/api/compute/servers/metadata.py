"""/servers/{id}/metadata: items of text that belong to a server."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.action_arguments import check_metadata_quota
from novasim.api.compute.servers.facts import facts
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import require
from novasim.records import Server

RULE = "os_compute_api:server-metadata:"


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """All items."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "index", target_of(server))
    return {"metadata": server.metadata}


def show(ctx: Context, server_id: str, key: str) -> dict[str, Any]:
    """One item."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    return {"meta": {key: _item(server, key)}}


def create(ctx: Context, server_id: str) -> dict[str, Any]:
    """Add items, or change those that are there."""
    server = _changeable(ctx, server_id, "metadata-create")
    return {"metadata": _keep(ctx, server, {**server.metadata, **ctx.body["metadata"]})}


def update_all(ctx: Context, server_id: str) -> dict[str, Any]:
    """Replace all items."""
    server = _changeable(ctx, server_id, "metadata-replace")
    return {"metadata": _keep(ctx, server, dict(ctx.body["metadata"]))}


def update(ctx: Context, server_id: str, key: str) -> dict[str, Any]:
    """Set one item, named alike in path and body."""
    server = _allowed(ctx, server_id, "metadata-set-item")
    item = ctx.body["meta"]
    if key not in item:
        raise BadRequest(reason="Request body and URI mismatch")
    _judge(ctx, server, "metadata-set-item")
    _keep(ctx, server, {**server.metadata, **item})
    return {"meta": item}


def delete(ctx: Context, server_id: str, key: str) -> Response:
    """Remove one item."""
    server = _allowed(ctx, server_id, "metadata-delete-item")
    _item(server, key)
    _judge(ctx, server, "metadata-delete-item")
    _keep(ctx, server, {name: value for name, value in server.metadata.items() if name != key})
    return Response(204)


def _item(server: Server, key: str) -> str:
    if key not in server.metadata:
        raise NotFound(reason="Metadata item was not found")
    return server.metadata[key]


def _changeable(ctx: Context, server_id: str, action: str) -> Server:
    server = _allowed(ctx, server_id, action)
    _judge(ctx, server, action)
    return server


def _allowed(ctx: Context, server_id: str, action: str) -> Server:
    server = get_server(ctx, server_id)
    ctx.can(ACTIONS[action].policy, target_of(server))
    return server


def _judge(ctx: Context, server: Server, action: str) -> None:
    require(ACTIONS[action], server, ctx.caller, facts(ctx, server))


def _keep(ctx: Context, server: Server, metadata: dict[str, str]) -> dict[str, str]:
    check_metadata_quota(ctx, server.project_id, metadata)
    server.metadata = metadata
    ctx.world.touch(server)
    return metadata

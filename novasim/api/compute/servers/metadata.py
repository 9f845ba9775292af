"""/servers/{server_id}/metadata."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.item_quotas import find_metadata_excess
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import raise_first_refusal
from novasim.records import Server
from novasim.simulation.time.tasks import start_task

RULE = "os_compute_api:server-metadata:"


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/metadata: all items. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "index", target_of(server))
    return {"metadata": server.metadata}


def show(ctx: Context, server_id: str, key: str) -> dict[str, Any]:
    """GET /servers/{server_id}/metadata/{key}: one item. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    return {"meta": {key: _get_item(server, key)}}


def create(ctx: Context, server_id: str) -> dict[str, Any]:
    """POST /servers/{server_id}/metadata: add or change items. 403, 404, 409."""
    server = _get_permitted(ctx, server_id, "metadata-create")
    return {"metadata": _replace(ctx, server, "metadata-create", {**server.metadata, **ctx.body["metadata"]})}


def update_all(ctx: Context, server_id: str) -> dict[str, Any]:
    """PUT /servers/{server_id}/metadata: replace all items. 403, 404, 409."""
    server = _get_permitted(ctx, server_id, "metadata-replace")
    return {"metadata": _replace(ctx, server, "metadata-replace", dict(ctx.body["metadata"]))}


def update(ctx: Context, server_id: str, key: str) -> dict[str, Any]:
    """PUT /servers/{server_id}/metadata/{key}: set one item. 400, 403, 404, 409."""
    server = _get_permitted(ctx, server_id, "metadata-set-item")
    item = ctx.body["meta"]
    if key not in item:
        raise BadRequest(reason="Request body and URI mismatch")
    _replace(ctx, server, "metadata-set-item", {**server.metadata, **item})
    return {"meta": item}


def delete(ctx: Context, server_id: str, key: str) -> Response:
    """DELETE /servers/{server_id}/metadata/{key}: remove one item. 403, 404, 409."""
    server = _get_permitted(ctx, server_id, "metadata-delete-item")
    rest = {name: value for name, value in server.metadata.items() if name != key}
    facts = read_facts(ctx, server, metadata_key=key)
    _start(ctx, server, "metadata-delete-item", rest, facts)
    return Response(204)


def _get_item(server: Server, key: str) -> str:
    if key not in server.metadata:
        raise NotFound(reason="Metadata item was not found")
    return server.metadata[key]


def _get_permitted(ctx: Context, server_id: str, action: str) -> Server:
    server = get_server(ctx, server_id)
    ctx.can(ACTIONS[action].policy, target_of(server))
    return server


def _replace(ctx: Context, server: Server, action: str, metadata: dict[str, str]) -> dict[str, str]:
    return _start(
        ctx, server, action, metadata, read_facts(ctx, server, item_refusal=find_metadata_excess(ctx, metadata))
    )


def _start(ctx: Context, server: Server, action: str, metadata: dict[str, str], facts: Facts) -> dict[str, str]:
    raise_first_refusal(ACTIONS[action], server, ctx.caller, facts)
    start_task(ctx.world, ACTIONS[action], server, ctx.caller, {"metadata": metadata})
    return metadata

"""/servers/{server_id}/tags (from 2.26)."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import get_server_of_any_project, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import raise_first_refusal
from novasim.records import Server
from novasim.simulation.time.tasks import start_task

RULE = "os_compute_api:os-server-tags:"


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    GET /servers/{server_id}/tags: all tags. 403, 404.

    Unlike elsewhere a server of another project is forbidden (403), not hidden, as in Nova.
    """
    return {"tags": _get_readable(ctx, server_id, "index").tags}


def show(ctx: Context, server_id: str, tag: str) -> Response:
    """GET /servers/{server_id}/tags/{tag}: 204 if the server has the tag. 403, 404."""
    server = _get_readable(ctx, server_id, "show")
    if tag not in server.tags:
        raise NotFound(reason=f"Server {server.id} has no tag '{tag}'")
    return Response(204)


def update(ctx: Context, server_id: str, tag: str) -> Response:
    """PUT /servers/{server_id}/tags/{tag}: add a tag: 201, or 204 if the server has it. 400, 403, 404, 409."""
    server = _get_changeable(ctx, server_id, "tag-add", tag)
    is_new = tag not in server.tags
    _replace(ctx, server, "tag-add", [*server.tags, tag] if is_new else None)
    if not is_new:
        return Response(204)
    return Response(201, None, {"Location": f"{ctx.request.endpoint}/v2.1/servers/{server.id}/tags/{tag}"})


def update_all(ctx: Context, server_id: str) -> dict[str, Any]:
    """PUT /servers/{server_id}/tags: replace all tags. 403, 404, 409."""
    server = _get_changeable(ctx, server_id, "tag-replace")
    _replace(ctx, server, "tag-replace", ctx.body["tags"])
    return {"tags": server.tags}


def delete(ctx: Context, server_id: str, tag: str) -> Response:
    """DELETE /servers/{server_id}/tags/{tag}: remove a tag. 403, 404, 409."""
    server = _get_changeable(ctx, server_id, "tag-delete", tag)
    _replace(ctx, server, "tag-delete", [each for each in server.tags if each != tag])
    return Response(204)


def delete_all(ctx: Context, server_id: str) -> Response:
    """DELETE /servers/{server_id}/tags: remove all tags. 403, 404, 409."""
    server = _get_changeable(ctx, server_id, "tag-delete-all")
    _replace(ctx, server, "tag-delete-all", [])
    return Response(204)


def _get_readable(ctx: Context, server_id: str, rule: str) -> Server:
    server = get_server_of_any_project(ctx, server_id)
    ctx.can(RULE + rule, target_of(server))
    return server


def _get_changeable(ctx: Context, server_id: str, name: str, tag: str | None = None) -> Server:
    action = ACTIONS[name]
    server = get_server_of_any_project(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    raise_first_refusal(action, server, ctx.caller, read_facts(ctx, server, tag=tag))
    return server


def _replace(ctx: Context, server: Server, action: str, tags: list[str] | None) -> None:
    """Begin the action; None leaves the tags as they are."""
    start_task(ctx.world, ACTIONS[action], server, ctx.caller, None if tags is None else {"tags": tags})

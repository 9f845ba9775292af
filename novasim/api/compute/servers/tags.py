"""/servers/{id}/tags: words by which servers are found (from 2.26)."""

from __future__ import annotations

import re
from typing import Any

from novasim.api.compute.servers.facts import facts
from novasim.api.compute.servers.lookup import get_server_of_any_project, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import require
from novasim.records import Server

RULE = "os_compute_api:os-server-tags:"
MAX_TAGS, MAX_LENGTH = 50, 60


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """All tags. Unlike elsewhere, another project's server is refused (403) rather than hidden, as in Nova."""
    return {"tags": _readable(ctx, server_id, "index").tags}


def show(ctx: Context, server_id: str, tag: str) -> Response:
    """Whether the server has the tag: 204 or 404."""
    server = _readable(ctx, server_id, "show")
    _require_tag(server, tag)
    return Response(204)


def update(ctx: Context, server_id: str, tag: str) -> Response:
    """Add one tag: 201 with its address, 204 if it was there."""
    server = _changeable(ctx, server_id, "tag-add")
    _check(tag)
    if tag in server.tags:
        return Response(204)
    if len(server.tags) >= MAX_TAGS:
        raise BadRequest(reason=f"The number of tags exceeded the per-server limit {MAX_TAGS}")
    _keep(ctx, server, [*server.tags, tag])
    return Response(201, None, {"Location": f"{ctx.request.endpoint}/v2.1/servers/{server.id}/tags/{tag}"})


def update_all(ctx: Context, server_id: str) -> dict[str, Any]:
    """Replace all tags."""
    server = _changeable(ctx, server_id, "tag-replace")
    _keep(ctx, server, ctx.body["tags"])
    return {"tags": server.tags}


def delete(ctx: Context, server_id: str, tag: str) -> Response:
    """Remove one tag."""
    server = _changeable(ctx, server_id, "tag-delete")
    _require_tag(server, tag)
    _keep(ctx, server, [old for old in server.tags if old != tag])
    return Response(204)


def delete_all(ctx: Context, server_id: str) -> Response:
    """Remove all tags."""
    _keep(ctx, _changeable(ctx, server_id, "tag-delete-all"), [])
    return Response(204)


def _readable(ctx: Context, server_id: str, rule: str) -> Server:
    server = get_server_of_any_project(ctx, server_id)
    ctx.can(RULE + rule, target_of(server))
    return server


def _changeable(ctx: Context, server_id: str, name: str) -> Server:
    action = ACTIONS[name]
    server = get_server_of_any_project(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    require(action, server, ctx.caller, facts(ctx, server))
    return server


def _require_tag(server: Server, tag: str) -> None:
    if tag not in server.tags:
        raise NotFound(reason=f"Instance {server.id} has no tag '{tag}'")


def _check(tag: str) -> None:
    if re.search("[,/]", tag):
        raise BadRequest(
            reason=f"Tag '{tag}' is invalid. It must be a non empty string without characters '/' and ','. "
            f"Validation error message: '{tag}' does not match '^[^,/]*$'"
        )
    if len(tag) > MAX_LENGTH:
        raise BadRequest(reason=f"Tag '{tag}' is too long. Maximum length of a tag is {MAX_LENGTH}")


def _keep(ctx: Context, server: Server, tags: list[str]) -> None:
    server.tags = sorted(set(tags))
    ctx.world.touch(server)

"""/os-server-groups: sets of servers that the scheduler places together or apart."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.page_links import read_limit
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden, NotFound
from novasim.records import Server, ServerGroup
from novasim.simulation import quotas
from novasim.simulation.hosts.cells import require_cell
from novasim.strutils import int_from_string

RULE = "os_compute_api:os-server-groups:"


def index(ctx: Context) -> dict[str, Any]:
    """GET /os-server-groups: the groups of the project, or (all_projects, administrators) of every project. 403."""
    ctx.can(RULE + "index")
    if "all_projects" in dict(ctx.request.query) and ctx.caller.is_admin:
        ctx.can(RULE + "index:all_projects", {})
        groups = ctx.world.tx.query(ServerGroup)
    else:
        groups = ctx.world.tx.query(ServerGroup, {"project_id": ctx.caller.project_id})
    start = int_from_string(ctx.query("offset"))
    page = groups[start : start + read_limit(ctx, ctx.request.query)]
    return {"server_groups": [_view(ctx, group) for group in page]}


def show(ctx: Context, group_id: str) -> dict[str, Any]:
    """GET /os-server-groups/{group_id}: one group. 403, 404."""
    return {"server_group": _view(ctx, _get(ctx, group_id, "show"))}


def create(ctx: Context) -> dict[str, Any]:
    """
    POST /os-server-groups: create a group. 400, 403.

    Raises:
        BadRequest: rules for another policy than anti-affinity (400). Forbidden: over quota (403).
    """
    ctx.can(RULE + "create")
    body = ctx.body["server_group"]
    _check_quota(ctx)
    policy = body["policy"] if ctx.minor >= 64 else body["policies"][0]
    rules = body.get("rules") or {}
    if rules and policy != "anti-affinity":
        raise BadRequest(reason="Only anti-affinity policy supports rules.")
    group = ServerGroup(
        id=ctx.world.ids.uuid(),
        name=body["name"],
        policy=policy,
        project_id=ctx.caller.project_id,
        user_id=ctx.caller.user_id,
        rules={name: int(value) for name, value in rules.items()},
    )
    ctx.world.tx.put(group)
    return {"server_group": _view(ctx, group)}


def delete(ctx: Context, group_id: str) -> Response:
    """DELETE /os-server-groups/{group_id}: delete a group. Its servers stay on their hosts. 403, 404."""
    ctx.world.tx.delete(_get(ctx, group_id, "delete"))
    return Response(204)


def _check_quota(ctx: Context) -> None:
    """Refuse (403) more groups than the project or the user may have."""
    project_id = ctx.caller.project_id
    for user_id in (None, ctx.caller.user_id):
        used = quotas.count_usage(ctx.world, project_id, user_id)["server_groups"]
        if not quotas.is_within_limit(quotas.get_limit(ctx.world, project_id, "server_groups", user_id), used + 1):
            raise Forbidden(reason="Quota exceeded, too many server groups.")


def _get(ctx: Context, group_id: str, verb: str) -> ServerGroup:
    group = ctx.world.tx.get(ServerGroup, group_id)
    if group is None or (group.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise NotFound(reason=f"Instance group {group_id} could not be found.")
    ctx.can(RULE + verb, {"project_id": group.project_id, "user_id": group.user_id})
    return group


def _view(ctx: Context, group: ServerGroup) -> dict[str, Any]:
    """A group at the microversion of the request, without deleted servers. CellDown (500) as for these servers."""
    servers = [server for id in group.members if (server := ctx.world.tx.get(Server, id)) and not server.deleted]
    members = [server.id for server in servers]
    for server in servers:
        require_cell(ctx.world, server)
    view: dict[str, Any] = {"id": group.id, "name": group.name}
    if ctx.minor >= 64:
        view |= {"policy": group.policy, "rules": group.rules, "members": members}
    else:
        view |= {"policies": [group.policy], "members": members, "metadata": group.metadata}
    if ctx.minor >= 13:
        view |= {"project_id": group.project_id, "user_id": group.user_id}
    return view

"""The security groups of a server, and groups by the name or id that a request about a server gives."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, list_ports, target_of
from novasim.api.context import Context
from novasim.api.network.visibility import is_own
from novasim.records import SecurityGroup


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-security-groups: the groups of the server's ports, once for each port. 403, 404."""
    from novasim.api.compute.proxies.security_group_views import group_view

    server = get_server(ctx, server_id)
    ctx.can("os_compute_api:os-security-groups:list", target_of(server))
    ids = [id for port in list_ports(ctx, server) for id in port.security_groups]
    groups = [group for id in ids if (group := ctx.world.tx.get(SecurityGroup, id))]
    views = [group_view(ctx, group) for group in groups if is_own(ctx, group)]
    return {"security_groups": sorted(views, key=lambda view: (view["tenant_id"], view["name"]))}


def find_groups(ctx: Context, name_or_id: str) -> tuple[SecurityGroup, ...]:
    """
    The group that the caller can see by id, or else the groups of the caller's project with that name.

    Source: neutronclient/v2_0/client.py, find_resource, which Nova calls with the project of the caller.
    """
    group = ctx.world.tx.get(SecurityGroup, name_or_id)
    if group and is_own(ctx, group):
        return (group,)
    return tuple(ctx.world.tx.query(SecurityGroup, {"project_id": ctx.caller.project_id, "name": name_or_id}))

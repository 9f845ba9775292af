"""The security groups of a server, and groups by the name or id that a request about a server gives."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, list_ports, target_of
from novasim.api.context import Context
from novasim.api.network.visibility import is_own
from novasim.errors import Conflict
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


def find_group(ctx: Context, name_or_id: str) -> SecurityGroup | None:
    """
    A group that the caller can see by id, or else a group of the caller's project by name.

    Raises:
        Conflict: several groups have the name (409).

    Source: neutronclient/v2_0/client.py, find_resource, which Nova calls with the project of the caller.
    """
    group = ctx.world.tx.get(SecurityGroup, name_or_id)
    if group and is_own(ctx, group):
        return group
    named = ctx.world.tx.query(SecurityGroup, {"project_id": ctx.caller.project_id, "name": name_or_id})
    if len(named) > 1:
        raise Conflict(
            reason=f"Multiple security_group matches found for name '{name_or_id}', use an ID to be more specific."
        )
    return named[0] if named else None

"""GET /servers/{server_id}/os-security-groups."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.proxies.security_group_views import group_view
from novasim.api.compute.servers.lookup import get_server, list_ports, target_of
from novasim.api.context import Context
from novasim.api.network.security_groups import security_groups
from novasim.records import SecurityGroup


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-security-groups: the groups of the server's ports, once for each port. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can("os_compute_api:os-security-groups:list", target_of(server))
    ids = [id for port in list_ports(ctx, server) for id in port.security_groups]
    groups = [group for id in ids if (group := ctx.world.tx.get(SecurityGroup, id))]
    views = [group_view(ctx, group) for group in groups if security_groups.is_visible(ctx, group)]
    return {"security_groups": sorted(views, key=lambda view: (view["tenant_id"], view["name"]))}

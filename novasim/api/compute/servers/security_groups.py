"""GET /servers/{server_id}/os-security-groups."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.proxies.security_groups import group_view
from novasim.api.compute.servers.lookup import get_server, list_ports, target_of
from novasim.api.context import Context
from novasim.records import SecurityGroup


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-security-groups: the groups of the server's ports. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can("os_compute_api:os-security-groups:list", target_of(server))
    ids = dict.fromkeys(group for port in list_ports(ctx, server) for group in port.security_groups)
    groups = [group for id in ids if (group := ctx.world.tx.get(SecurityGroup, id))]
    return {"security_groups": [group_view(ctx, group) for group in groups]}

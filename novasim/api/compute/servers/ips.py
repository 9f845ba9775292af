"""/servers/{server_id}/ips: the addresses of a server by network."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.views.addresses import Address, addresses_by_network
from novasim.api.views.related import Related
from novasim.errors import NotFound


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/ips: all addresses. 403, 404."""
    return {"addresses": _read_addresses(ctx, server_id, "index")}


def show(ctx: Context, server_id: str, label: str) -> dict[str, Any]:
    """GET /servers/{server_id}/ips/{label}: the addresses in one network. 403, 404."""
    addresses = _read_addresses(ctx, server_id, "show")
    if label not in addresses:
        raise NotFound(reason="Instance is not a member of specified network")
    return {label: addresses[label]}


def _read_addresses(ctx: Context, server_id: str, verb: str) -> dict[str, list[Address]]:
    server = get_server(ctx, server_id)
    ctx.can(f"os_compute_api:ips:{verb}", target_of(server))
    return addresses_by_network(Related(ctx.world.tx, [server]), server, extended=False)

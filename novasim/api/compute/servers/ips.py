"""GET /servers/{id}/ips: the addresses of a server by network."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.views.addresses import Address, addresses_of
from novasim.api.views.related import Related
from novasim.errors import NotFound


def addresses_index(ctx: Context, server_id: str) -> dict[str, Any]:
    """All addresses. Raises: ServerNotFound (404), PolicyRefusal (403)."""
    return {"addresses": _addresses(ctx, server_id, "index")}


def addresses_show(ctx: Context, server_id: str, label: str) -> dict[str, Any]:
    """
    The addresses in the network of that name.

    Raises:
        NotFound: no such server, or it has no port in such a network (404). PolicyRefusal (403).
    """
    addresses = _addresses(ctx, server_id, "show")
    if label not in addresses:
        raise NotFound(reason="Instance is not a member of specified network")
    return {label: addresses[label]}


def _addresses(ctx: Context, server_id: str, verb: str) -> dict[str, list[Address]]:
    server = get_server(ctx, server_id)
    ctx.can(f"os_compute_api:ips:{verb}", target_of(server))
    return addresses_of(Related(ctx.world.tx, [server]), server, extended=False)

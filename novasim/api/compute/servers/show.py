"""GET and PUT /servers/{id}: one server, and changing what it is called."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.views import servers as views
from novasim.errors import Conflict
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import require

FIELDS = {
    "name": "name",
    "accessIPv4": "access_ip_v4",
    "accessIPv6": "access_ip_v6",
    "description": "description",
    "hostname": "hostname",
    "OS-DCF:diskConfig": "disk_config",
    "pinned_availability_zone": "pinned_availability_zone",
}
"""What an update may change, and the field of the record."""


def show(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    One server with all its attributes.

    Raises:
        ServerNotFound: there is none for this caller (404). PolicyRefusal (403).
    """
    server = get_server(ctx, server_id)
    ctx.can("os_compute_api:servers:show", target_of(server))
    return {"server": views.show_view(ctx, server)}


def update(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    Change the name, the description and what else an update may change; locks do not matter.

    Raises:
        ServerNotFound: there is none for this caller (404). PolicyRefusal (403).
        Conflict: the server is to be pinned to a zone that it is not in (409).

    Source: api-ref 'Update Server'; microversion 2.104.
    """
    server, action = get_server(ctx, server_id), ACTIONS["set"]
    ctx.can(action.policy, target_of(server))
    require(action, server, ctx.caller, Facts(ctx.minor))
    changes = {FIELDS[name]: value for name, value in ctx.body["server"].items()}
    zone = changes.get("pinned_availability_zone")
    if zone is not None and zone != server.availability_zone:
        raise Conflict(reason=f"Instance {server.id} is not in availability zone {zone} and cannot be pinned to it.")
    if changes:
        vars(server).update(changes)
        ctx.world.touch(server)
    return {"server": views.updated_view(ctx, server)}

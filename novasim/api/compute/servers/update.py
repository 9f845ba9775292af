"""PUT /servers/{server_id}."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.views import servers as views
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import raise_first_refusal
from novasim.simulation.time.tasks import start_task
from novasim.strutils import shorten_address

FIELDS = {  # by name in the request: the field of the record
    "name": "name",
    "accessIPv4": "access_ip_v4",
    "accessIPv6": "access_ip_v6",
    "description": "description",
    "hostname": "hostname",
    "OS-DCF:diskConfig": "disk_config",
    "pinned_availability_zone": "pinned_availability_zone",
}


def update(ctx: Context, server_id: str) -> dict[str, Any]:
    """
    PUT /servers/{server_id}: change the name, the description and other attributes. 403, 404, 409.

    Source: api-ref 'Update Server'; microversion 2.104.
    """
    server, action = get_server(ctx, server_id), ACTIONS["set"]
    ctx.can(action.policy, target_of(server))
    zone = ctx.body["server"].get("pinned_availability_zone")
    raise_first_refusal(action, server, ctx.caller, Facts(ctx.minor, zone=zone))
    changes = {FIELDS[name]: value for name, value in ctx.body["server"].items()}
    if "access_ip_v6" in changes:
        changes["access_ip_v6"] = shorten_address(changes["access_ip_v6"])
    start_task(ctx.world, action, server, ctx.caller, {"changes": changes} if changes else None)
    return {"server": views.updated_view(ctx, server)}

"""/os-server-external-events: what other services tell Nova of its servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import NotFound
from novasim.lifecycle import states
from novasim.records import Port, Server
from novasim.simulation import network
from novasim.simulation.hosts.power_sync import sync_power_state
from novasim.simulation.world import World


def create(ctx: Context) -> Response:
    """
    Take events; each is answered with a code of its own: 200, 404 (no such server), 422 (the server is on no host).

    Raises:
        NotFound: not one of them could be taken (404).

    Source: api-ref 'Run Events'; nova/api/openstack/compute/server_external_events.py.
    """
    ctx.can("os_compute_api:os-server-external-events:create", {})
    told = [_told(ctx, event) for event in ctx.body["events"]]
    taken = [event for event in told if event["code"] == 200]
    if not taken:
        raise NotFound(reason="No instances found for any event")
    for event in taken:
        server = ctx.world.tx.get(Server, event["server_uuid"])
        if server is not None and event["name"] in EFFECTS:
            EFFECTS[event["name"]](ctx.world, server, event.get("tag") or "")
    return Response(200 if len(taken) == len(told) else 207, {"events": told})


def _told(ctx: Context, event: dict[str, Any]) -> dict[str, Any]:
    server = ctx.world.tx.get(Server, event["server_uuid"])
    code = 404 if server is None or server.deleted else 422 if server.host is None else 200
    return {**event, "code": code, "status": event.get("status", "completed") if code == 200 else "failed"}


def _power_update(world: World, server: Server, tag: str) -> None:
    """Somebody else switched the machine on or off; the record follows."""
    found = {"POWER_ON": states.RUNNING, "POWER_OFF": states.SHUTDOWN}.get(tag)
    if found is not None:
        sync_power_state(world, server, found)


def _vif_deleted(world: World, server: Server, tag: str) -> None:
    port = world.tx.get(Port, tag)
    if port is not None and port.device_id == server.id:
        network.unplug(world, port)


EFFECTS: dict[str, Callable[[World, Server, str], None]] = {
    "power-update": _power_update,
    "network-vif-deleted": _vif_deleted,
}

"""/os-server-external-events: reports of other services about servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.lifecycle import states
from novasim.records import Host, Port, Server
from novasim.simulation import instance_actions, network
from novasim.simulation.hosts.cells import require_cell
from novasim.simulation.hosts.power_sync import sync_power_state

ACCEPTED = 200
TAG_REQUIRED = ("volume-extended", "power-update", "accelerator-request-bound")
POWER_UPDATES = {  # tag: action in the log, required vm_state and power_state, power_state afterwards
    "POWER_ON": ("start", states.STOPPED, states.SHUTDOWN, states.RUNNING),
    "POWER_OFF": ("stop", states.ACTIVE, states.RUNNING, states.SHUTDOWN),
}
FOLLOWS_POWER = "ironic"  # the only driver that takes over a power state


def create(ctx: Context) -> Response:
    """
    POST /os-server-external-events. 207 if not every event is accepted.

    Each event has a code of its own: 200, 400 (a tag is required), 404 (no such server), 422 (the server has no host).

    Source: nova/api/openstack/compute/server_external_events.py create.
    """
    ctx.can("os_compute_api:os-server-external-events:create", {})
    events = ctx.body["events"]
    codes = [_find_code(ctx, event) for event in events]
    for event, code in zip(events, codes, strict=True):
        if code == ACCEPTED and event["name"] in EFFECTS:
            server = ctx.world.tx.get(Server, event["server_uuid"])
            assert server is not None
            EFFECTS[event["name"]](ctx, server, event.get("tag") or "")
    views = [
        {**event, "status": "completed" if code == ACCEPTED else "failed", "code": code}
        for event, code in zip(events, codes, strict=True)
    ]
    return Response(200 if set(codes) == {ACCEPTED} else 207, {"events": views})


def _find_code(ctx: Context, event: dict[str, Any]) -> int:
    server = ctx.world.tx.get(Server, event["server_uuid"])
    if server is None or server.deleted:
        return 404
    require_cell(ctx.world, server)
    if event["name"] in TAG_REQUIRED and event.get("tag") is None:
        return 400
    return ACCEPTED if server.host else 422


def _update_power(ctx: Context, server: Server, tag: str) -> None:
    """
    Set the power state that the event reports. The action fails with any driver but Ironic.

    Source: nova/compute/manager.py power_update.
    """
    if tag not in POWER_UPDATES:
        return
    name, vm_state, power_state, new_power_state = POWER_UPDATES[tag]
    is_due = (server.vm_state, server.task_state, server.power_state) == (vm_state, None, power_state)
    host = ctx.world.tx.get(Host, server.host or "")
    if is_due and host and host.hypervisor_type == FOLLOWS_POWER:
        sync_power_state(ctx.world, server, new_power_state)
    else:
        error = "NotImplementedError" if is_due else None
        instance_actions.record_external_event(ctx.world, name, "compute_power_update", server, ctx.caller, error)


def _extend_volume(ctx: Context, server: Server, tag: str) -> None:
    instance_actions.record_external_event(ctx.world, "extend_volume", "compute_extend_volume", server, ctx.caller)


def _delete_interface(ctx: Context, server: Server, tag: str) -> None:
    port = ctx.world.tx.get(Port, tag)
    if port is not None and port.device_id == server.id:
        network.unplug(ctx.world, port)


EFFECTS: dict[str, Callable[[Context, Server, str], None]] = {
    "network-vif-deleted": _delete_interface,
    "power-update": _update_power,
    "volume-extended": _extend_volume,
}

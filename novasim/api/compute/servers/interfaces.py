"""/servers/{id}/os-interface: network interfaces that come and go."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.address_actions import ports_of
from novasim.api.compute.servers.creation.networks import free_port, visible_network
from novasim.api.compute.servers.facts import facts
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import require
from novasim.records import Port, Server
from novasim.simulation import network
from novasim.simulation.time.tasks import start_task

RULE = "os_compute_api:os-attach-interfaces:"


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """All interfaces."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "list", target_of(server))
    return {"interfaceAttachments": [_view(ctx, port) for port in ports_of(ctx, server)]}


def show(ctx: Context, server_id: str, port_id: str) -> dict[str, Any]:
    """One interface."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    return {"interfaceAttachment": _view(ctx, _port(ctx, server, port_id, "Port id {} could not be found."))}


def create(ctx: Context, server_id: str) -> Response:
    """
    Plug in an existing port, or a new one on a network.

    Raises:
        BadRequest (400): contradicting arguments. NotFound (404): no such port. Locked, WrongState (409).
    """
    action = ACTIONS["attach-port"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    asked = ctx.body["interfaceAttachment"] if ctx.body else {}
    _check(asked)
    require(action, server, ctx.caller, facts(ctx, server))
    wish = _wish(ctx, server, asked)
    start_task(ctx.world, action, server, ctx.caller, {})
    groups = network.find_security_group_ids(ctx.world, server.project_id, ["default"])
    port = network.plug(ctx.world, server, wish, groups)
    assert port is not None
    return Response(200, {"interfaceAttachment": _view(ctx, port)})


def delete(ctx: Context, server_id: str, port_id: str) -> Response:
    """Unplug an interface."""
    action = ACTIONS["detach-port"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    require(action, server, ctx.caller, facts(ctx, server))
    port = _port(ctx, server, port_id, "Port {} not found")
    start_task(ctx.world, action, server, ctx.caller, {"port": port.id})
    return Response(action.code)


def _check(asked: dict[str, Any]) -> None:
    if asked.get("net_id") and asked.get("port_id"):
        raise BadRequest(reason="Must not input both network_id and port_id")
    if asked.get("fixed_ips") and not asked.get("net_id"):
        raise BadRequest(reason="Must input network_id when request IP address")


def _wish(ctx: Context, server: Server, asked: dict[str, Any]) -> dict[str, Any]:
    tag = {"tag": asked.get("tag")}
    if port_id := asked.get("port_id"):
        return {"port": free_port(ctx, port_id, NotFound).id, **tag}
    if network_id := asked.get("net_id"):
        wish = {"network": visible_network(ctx, network_id).id, **tag}
        if asked.get("fixed_ips"):
            wish["fixed_ip"] = asked["fixed_ips"][0]["ip_address"]
        return wish
    found = network.usable_networks(ctx.world, server.project_id)
    if len(found) != 1:
        raise Conflict(reason="Multiple possible networks found, use a Network ID to be more specific.")
    return {"network": found[0].id, **tag}


def _port(ctx: Context, server: Server, port_id: str, missing: str) -> Port:
    port = ctx.world.tx.get(Port, port_id)
    if port is None or port.device_id != server.id:
        raise NotFound(reason=missing.format(port_id))
    return port


def _view(ctx: Context, port: Port) -> dict[str, Any]:
    view: dict[str, Any] = {
        "fixed_ips": [{"ip_address": ip["ip_address"], "subnet_id": ip["subnet_id"]} for ip in port.fixed_ips],
        "mac_addr": port.mac_address,
        "net_id": port.network_id,
        "port_id": port.id,
        "port_state": port.status,
    }
    if ctx.minor >= 70:
        view["tag"] = port.tag
    return view

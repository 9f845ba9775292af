"""/servers/{server_id}/os-interface: the network interfaces of a server."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.creation.networks import get_free_port, get_usable_network
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import get_server, list_ports, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import require
from novasim.records import Port, Server
from novasim.simulation.network import list_usable_networks
from novasim.simulation.time.tasks import start_task

RULE = "os_compute_api:os-attach-interfaces:"


def index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-interface: all interfaces. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "list", target_of(server))
    return {"interfaceAttachments": [_view(ctx, port) for port in list_ports(ctx, server)]}


def show(ctx: Context, server_id: str, port_id: str) -> dict[str, Any]:
    """GET /servers/{server_id}/os-interface/{port_id}: one interface. 403, 404."""
    server = get_server(ctx, server_id)
    ctx.can(RULE + "show", target_of(server))
    return {"interfaceAttachment": _view(ctx, _get_port(ctx, server, port_id, "Port id {} could not be found."))}


def create(ctx: Context, server_id: str) -> Response:
    """
    POST /servers/{server_id}/os-interface: plug in an existing port, or a new one on a network. 400, 403, 404, 409.

    Raises:
        BadRequest: contradictory arguments (400). NotFound: no such port (404).
        Conflict: the network has to be named, or the port is in use (409).
    """
    action = ACTIONS["attach-port"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    body = ctx.body["interfaceAttachment"] if ctx.body else {}
    _check_body(body)
    require(action, server, ctx.caller, read_facts(ctx, server))
    args = _read_port(ctx, server, body)
    start_task(ctx.world, action, server, ctx.caller, args)
    port = ctx.world.tx.get(Port, args["port"])
    assert port is not None
    return Response(200, {"interfaceAttachment": _view(ctx, port)})


def delete(ctx: Context, server_id: str, port_id: str) -> Response:
    """DELETE /servers/{server_id}/os-interface/{port_id}: unplug an interface. 403, 404, 409."""
    action = ACTIONS["detach-port"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    require(action, server, ctx.caller, read_facts(ctx, server))
    port = _get_port(ctx, server, port_id, "Port {} not found")
    start_task(ctx.world, action, server, ctx.caller, {"port": port.id})
    return Response(action.code)


def _check_body(body: dict[str, Any]) -> None:
    if body.get("net_id") and body.get("port_id"):
        raise BadRequest(reason="Must not input both network_id and port_id")
    if body.get("fixed_ips") and not body.get("net_id"):
        raise BadRequest(reason="Must input network_id when request IP address")


def _read_port(ctx: Context, server: Server, body: dict[str, Any]) -> dict[str, Any]:
    """The port or network that the body names, as the effect needs it."""
    tag = {"tag": body.get("tag")}
    if port_id := body.get("port_id"):
        return {"port": get_free_port(ctx, port_id, NotFound).id, **tag}
    if network_id := body.get("net_id"):
        args = {"network": get_usable_network(ctx, network_id).id, **tag}
        if body.get("fixed_ips"):
            args["fixed_ip"] = body["fixed_ips"][0]["ip_address"]
        return args
    networks = list_usable_networks(ctx.world, server.project_id)
    if len(networks) != 1:
        raise Conflict(reason="Multiple possible networks found, use a Network ID to be more specific.")
    return {"network": networks[0].id, **tag}


def _get_port(ctx: Context, server: Server, port_id: str, message: str) -> Port:
    port = ctx.world.tx.get(Port, port_id)
    if port is None or port.device_id != server.id:
        raise NotFound(reason=message.format(port_id))
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

"""/servers/{server_id}/os-interface: the network interfaces of a server."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.creation.networks import AMBIGUOUS, TOO_MANY_PORTS
from novasim.api.compute.servers.creation.port_checks import (
    check_port_free,
    find_visible_network,
    get_visible_port,
    is_forbidden,
)
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import get_server, list_ports, target_of
from novasim.api.context import Context
from novasim.api.network.quotas import count_free
from novasim.api.request import Response
from novasim.errors import BadRequest, Forbidden, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.preconditions import require
from novasim.records import Network, Port, Server
from novasim.simulation.network import list_usable_networks
from novasim.simulation.network_allocation import (
    NO_SECURITY_GROUPS,
    find_other_name,
    fits_security_groups,
    needs_pci_device,
)
from novasim.simulation.time.tasks import start_task
from novasim.strutils import shorten_address

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
    return {"interfaceAttachment": _view(ctx, _get_port(ctx, server, port_id))}


def create(ctx: Context, server_id: str) -> Response:
    """
    POST /servers/{server_id}/os-interface: plug in an existing port, or a new one on a network. 400, 403, 404, 409.

    Raises:
        BadRequest: contradictory arguments, no or several possible networks, or no free address (400).
        Forbidden: an external network, or no more ports in the quota (403). NotFound: no such port or network (404).
        Conflict: the port or address is in use (409).

    Source: nova/api/openstack/compute/attach_interfaces.py, create.
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
    """
    DELETE /servers/{server_id}/os-interface/{port_id}: unplug an interface. 403, 404, 409.

    Nova looks for the port only on the host, so a port that the server does not have fails in the action log.
    """
    action = ACTIONS["detach-port"]
    server = get_server(ctx, server_id)
    ctx.can(action.policy, target_of(server))
    require(action, server, ctx.caller, read_facts(ctx, server))
    start_task(ctx.world, action, server, ctx.caller, {"port": port_id})
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
        port = get_visible_port(ctx, port_id, NotFound)
        if needs_pci_device(port):
            raise BadRequest(reason=f"Failed to claim PCI device for {server.id} during interface attach")
        if port.project_id != server.project_id:
            raise BadRequest(reason=f"Port {port_id} not usable for instance {server.id}.")
        check_port_free(port)
        if reason := find_other_name(port, server):
            raise BadRequest(reason=reason)
        _check_network(ctx, ctx.world.tx.get(Network, port.network_id), port.network_id)
        return {"port": port.id, **tag}
    network = _choose_network(ctx, server, body.get("net_id"))
    _check_network(ctx, network, network.id)
    if (free := count_free(ctx.world, server.project_id, "port")) is not None and free <= 0:
        raise Forbidden(reason=TOO_MANY_PORTS)
    address = {"fixed_ip": shorten_address(body["fixed_ips"][0]["ip_address"])} if body.get("fixed_ips") else {}
    return {"network": network.id, **tag, **address}


def _choose_network(ctx: Context, server: Server, network_id: str | None) -> Network:
    """The requested network, or else the only one of the project."""
    if network_id:
        if network := find_visible_network(ctx, network_id):
            return network
        raise NotFound(reason=f"Network {network_id} could not be found.")
    networks = list_usable_networks(ctx.world, server.project_id)
    if not networks:
        raise BadRequest(
            reason=f"No specific network was requested and none are available for project '{server.project_id}'."
        )
    if len(networks) > 1:
        raise BadRequest(reason=AMBIGUOUS)
    return networks[0]


def _check_network(ctx: Context, network: Network | None, network_id: str) -> None:
    """Refuse a network that the caller may not use (403), or on which security groups do not work (400)."""
    if network and is_forbidden(ctx, network):
        raise Forbidden(reason=f"It is not allowed to create an interface on external network {network_id}")
    if network and not fits_security_groups(ctx.world, network):
        raise BadRequest(reason=NO_SECURITY_GROUPS)


def _get_port(ctx: Context, server: Server, port_id: str) -> Port:
    port = get_visible_port(ctx, port_id, NotFound)
    if port.device_id != server.id:
        raise NotFound(reason=f"Instance {server.id} does not have a port with id {port_id}")
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

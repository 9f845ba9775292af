"""/servers/{server_id}/os-interface: the network interfaces of a server."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.creation.port_checks import (
    find_visible_network,
    find_visible_port,
    get_visible_port,
    is_forbidden,
)
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import get_server, list_ports, target_of
from novasim.api.context import Context
from novasim.api.request import Response
from novasim.errors import BadRequest, NotFound
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.check import Facts
from novasim.lifecycle.preconditions import raise_first_refusal
from novasim.records import Network, Port, Server
from novasim.simulation.network import list_usable_networks
from novasim.simulation.network_allocation import find_address_refusal, fits_security_groups
from novasim.simulation.service_quotas import count_free_network_resources
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
    facts = read_attach_facts(ctx, server, body)
    raise_first_refusal(action, server, ctx.caller, facts)
    args = _build_args(facts, body)
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
    raise_first_refusal(action, server, ctx.caller, read_facts(ctx, server))
    start_task(ctx.world, action, server, ctx.caller, {"port": port_id})
    return Response(action.success_code)


def _check_body(body: dict[str, Any]) -> None:
    if body.get("net_id") and body.get("port_id"):
        raise BadRequest(reason="Must not input both network_id and port_id")
    if body.get("fixed_ips") and not body.get("net_id"):
        raise BadRequest(reason="Must input network_id when request IP address")


def read_attach_facts(ctx: Context, server: Server, body: dict[str, Any]) -> Facts:
    """Facts for the checks of attach-port. *body* names a port, or a network and an address, or nothing."""
    if port_id := body.get("port_id"):
        port = find_visible_port(ctx, port_id)
        network = ctx.world.tx.get(Network, port.network_id) if port else None
        facts = read_facts(ctx, server, port_ref=port_id, port=port)
        return _add_network(ctx, facts, [network] if network else None)
    network_id = body.get("net_id")
    networks = _list_networks(ctx, server, network_id)
    facts = read_facts(
        ctx,
        server,
        network_ref=network_id,
        ports_left=count_free_network_resources(ctx.world, server.project_id, "port"),
        fixed_ip_ref=_read_address(body),
    )
    facts = _add_network(ctx, facts, networks)
    if len(networks) != 1:
        return facts
    return facts._replace(address_refusal=find_address_refusal(ctx.world, networks[0], facts.fixed_ip_ref))


def _list_networks(ctx: Context, server: Server, network_id: str | None) -> list[Network]:
    """The network that the request names, or else all that servers of the project use by default."""
    if not network_id:
        return list_usable_networks(ctx.world, server.project_id)
    network = find_visible_network(ctx, network_id)
    return [network] if network else []


def _add_network(ctx: Context, facts: Facts, networks: list[Network] | None) -> Facts:
    network = networks[0] if networks and len(networks) == 1 else None
    return facts._replace(
        networks=None if networks is None else tuple(networks),
        network_is_forbidden=network is not None and is_forbidden(ctx, network),
        network_takes_groups=network is None or fits_security_groups(ctx.world, network),
    )


def _read_address(body: dict[str, Any]) -> str | None:
    return shorten_address(body["fixed_ips"][0]["ip_address"]) if body.get("fixed_ips") else None


def _build_args(facts: Facts, body: dict[str, Any]) -> dict[str, Any]:
    """The port or network of a request that every check has accepted, as the effect needs it."""
    tag = {"tag": body.get("tag")}
    if facts.port:
        return {"port": facts.port.id, **tag}
    assert facts.networks
    address = {"fixed_ip": facts.fixed_ip_ref} if facts.fixed_ip_ref else {}
    return {"network": facts.networks[0].id, **tag, **address}


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

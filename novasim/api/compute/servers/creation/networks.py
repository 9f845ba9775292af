"""Networks and ports of a create request."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict, NovaFault
from novasim.records import Network, Port
from novasim.simulation.network import is_address_taken, list_usable_networks

ATTACH_EXTERNAL = "network:attach_external_network"


def read_networks(ctx: Context, body: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """
    Return what `network.plug` needs for each interface of a new server, in order.

    Without networks (before 2.37) or with "auto" the server gets the project's only network, with "none" no interface.

    Raises:
        BadRequest: an unknown network or port, or a port for several servers (400).
        Conflict: the project has several networks, or a port is in use (409).
    """
    networks = body.get("networks")
    if networks == "none":
        return []
    if not networks or networks == "auto":
        return _default_network(ctx, networks == "auto")
    return [_read_network(ctx, item, count) for item in networks]


def _default_network(ctx: Context, auto: bool) -> list[dict[str, Any]]:
    networks = list_usable_networks(ctx.world, ctx.caller.project_id)
    if len(networks) > 1:
        raise Conflict(reason="Multiple possible networks found, use a Network ID to be more specific.")
    if not networks and auto:
        raise BadRequest(reason="Unable to automatically allocate a network for project " + ctx.caller.project_id)
    return [{"network": network.id} for network in networks]


def _read_network(ctx: Context, item: dict[str, Any], count: int) -> dict[str, Any]:
    tag = {"tag": item["tag"]} if item.get("tag") else {}
    if port_id := item.get("port"):
        return {"port": _free_port(ctx, port_id, count).id, **tag}
    if not (network_id := item.get("uuid")):
        raise BadRequest(reason="Bad network format: missing 'uuid'")
    network = get_usable_network(ctx, network_id)
    plug = {"network": network.id, **tag}
    if address := item.get("fixed_ip"):
        if count > 1:
            raise BadRequest(reason="Invalid fixed IPs: they cannot be used for several servers.")
        if is_address_taken(ctx.world, network.id, address):
            raise BadRequest(reason=f"Fixed IP address {address} is already in use on instance.")
        plug["fixed_ip"] = address
    return plug


def get_usable_network(ctx: Context, network_id: str) -> Network:
    """A network on which the caller may create an interface. Raises BadRequest (400)."""
    network = ctx.world.tx.get(Network, network_id)
    if network is None or not (
        network.shared or network.external or network.project_id == ctx.caller.project_id or ctx.caller.is_admin
    ):
        raise BadRequest(reason=f"Network {network_id} could not be found.")
    if network.external and not ctx.is_allowed(ATTACH_EXTERNAL, {}):
        raise BadRequest(reason=f"It is not allowed to create an interface on external network {network_id}")
    return network


def _free_port(ctx: Context, port_id: str, count: int) -> Port:
    if count > 1:
        raise BadRequest(reason="Unable to launch multiple instances with a single configured port ID.")
    return get_free_port(ctx, port_id, BadRequest)


def get_free_port(ctx: Context, port_id: str, missing: type[NovaFault]) -> Port:
    """An unused port of the caller's project. Raises *missing* for an unknown port, Conflict (409) for a used one."""
    port = ctx.world.tx.get(Port, port_id)
    if port is None or (port.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise missing(reason=f"Port id {port_id} could not be found.")
    if port.device_id:
        raise Conflict(reason=f"Port {port_id} is still in use.")
    return port

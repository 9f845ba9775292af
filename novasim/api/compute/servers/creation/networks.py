"""What a create request says about networks, turned into the plugs that the build will make."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict, NovaFault
from novasim.records import Network, Port
from novasim.simulation.network import is_address_taken, list_usable_networks

NETWORK_OF_SERVER = "network:attach_external_network"


def requested_networks(ctx: Context, body: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """
    The plugs of a new server, in order.

    Nothing asked (before 2.37) or "auto" gives the project's one network; "none" gives no interface.

    Raises:
        BadRequest: an unknown network or port, a port for several servers (400).
        Conflict: no choice can be made, or a port is in use (409).
    """
    asked = body.get("networks")
    if asked == "none":
        return []
    if not asked or asked == "auto":
        return _default_plug(ctx, asked == "auto")
    return [_plug(ctx, wish, count) for wish in asked]


def _default_plug(ctx: Context, auto: bool) -> list[dict[str, Any]]:
    found = list_usable_networks(ctx.world, ctx.caller.project_id)
    if len(found) > 1:
        raise Conflict(reason="Multiple possible networks found, use a Network ID to be more specific.")
    if not found and auto:
        raise BadRequest(reason="Unable to automatically allocate a network for project " + ctx.caller.project_id)
    return [{"network": network.id} for network in found]


def _plug(ctx: Context, wish: dict[str, Any], count: int) -> dict[str, Any]:
    tag = {"tag": wish["tag"]} if wish.get("tag") else {}
    if port_id := wish.get("port"):
        return {"port": _free_port(ctx, port_id, count).id, **tag}
    if not (network_id := wish.get("uuid")):
        raise BadRequest(reason="Bad network format: missing 'uuid'")
    network = get_usable_network(ctx, network_id)
    plug = {"network": network.id, **tag}
    if address := wish.get("fixed_ip"):
        if count > 1:
            raise BadRequest(reason="Invalid fixed IPs: they cannot be used for several servers.")
        if is_address_taken(ctx.world, network.id, address):
            raise BadRequest(reason=f"Fixed IP address {address} is already in use on instance.")
        plug["fixed_ip"] = address
    return plug


def get_usable_network(ctx: Context, network_id: str) -> Network:
    """A network that the caller may plug a server into."""
    network = ctx.world.tx.get(Network, network_id)
    if network is None or not (
        network.shared or network.external or network.project_id == ctx.caller.project_id or ctx.caller.is_admin
    ):
        raise BadRequest(reason=f"Network {network_id} could not be found.")
    if network.external and not ctx.is_allowed(NETWORK_OF_SERVER, {}):
        raise BadRequest(reason=f"It is not allowed to create an interface on external network {network_id}")
    return network


def _free_port(ctx: Context, port_id: str, count: int) -> Port:
    if count > 1:
        raise BadRequest(reason="Unable to launch multiple instances with a single configured port ID.")
    return get_free_port(ctx, port_id, BadRequest)


def get_free_port(ctx: Context, port_id: str, missing: type[NovaFault]) -> Port:
    """A port of the caller's project that no server uses; *missing* is the refusal for an unknown one."""
    port = ctx.world.tx.get(Port, port_id)
    if port is None or (port.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise missing(reason=f"Port id {port_id} could not be found.")
    if port.device_id:
        raise Conflict(reason=f"Port {port_id} is still in use.")
    return port

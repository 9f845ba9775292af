"""Networks and ports that a caller may use for a server."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.errors import Conflict, NovaFault
from novasim.records import Network, Port

ATTACH_EXTERNAL = "network:attach_external_network"


def find_visible_network(ctx: Context, network_id: str) -> Network | None:
    """A network that the network service shows to the caller."""
    network = ctx.world.tx.get(Network, network_id)
    if network is None or ctx.caller.is_admin or network.shared or network.external:
        return network
    return network if network.project_id == ctx.caller.project_id else None


def is_forbidden(ctx: Context, network: Network) -> bool:
    """
    Whether the caller may not create interfaces on a network, because it is external and not shared.

    Source: nova/network/neutron.py, _check_external_network_attach.
    """
    return network.external and not network.shared and not ctx.is_allowed(ATTACH_EXTERNAL, {})


def get_free_port(ctx: Context, port_id: str, missing: type[NovaFault]) -> Port:
    """An unused port of the caller's project. Raises *missing* for an unknown port, Conflict (409) for a used one."""
    port = ctx.world.tx.get(Port, port_id)
    if port is None or (port.project_id != ctx.caller.project_id and not ctx.caller.is_admin):
        raise missing(reason=f"Port id {port_id} could not be found.")
    if port.device_id:
        raise Conflict(reason=f"Port {port_id} is still in use.")
    return port

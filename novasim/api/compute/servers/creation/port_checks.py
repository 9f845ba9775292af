"""Networks and ports that a caller may use for a server."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.api.network.visibility import is_network_visible, is_port_visible
from novasim.errors import Conflict, NovaFault
from novasim.records import Network, Port

ATTACH_EXTERNAL = "network:attach_external_network"


def find_visible_network(ctx: Context, network_id: str) -> Network | None:
    """A network that the network service shows to the caller."""
    network = ctx.world.tx.get(Network, network_id)
    return network if network and is_network_visible(ctx, network) else None


def is_forbidden(ctx: Context, network: Network) -> bool:
    """
    Whether the caller may not create interfaces on a network, because it is external and not shared.

    Source: nova/network/neutron.py, _check_external_network_attach.
    """
    return network.external and not network.shared and not ctx.is_allowed(ATTACH_EXTERNAL, {})


def get_visible_port(ctx: Context, port_id: str, missing: type[NovaFault]) -> Port:
    """A port that the network service shows to the caller. Raises *missing* for any other."""
    port = ctx.world.tx.get(Port, port_id)
    if port is None or not is_port_visible(ctx, port):
        raise missing(reason=f"Port id {port_id} could not be found.")
    return port


def check_port_free(port: Port) -> None:
    """Refuse (409) a port that has a device."""
    if port.device_id:
        raise Conflict(reason=f"Port {port.id} is still in use.")

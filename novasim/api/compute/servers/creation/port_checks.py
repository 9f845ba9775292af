"""Networks and ports that a caller may use for a server."""

from __future__ import annotations

from novasim.api.context import Context
from novasim.api.network.visibility import is_network_visible, is_port_visible
from novasim.errors import NovaFault
from novasim.lifecycle.networks import describe_missing_port
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


def find_visible_port(ctx: Context, port_id: str) -> Port | None:
    """A port that the network service shows to the caller."""
    port = ctx.world.tx.get(Port, port_id)
    return port if port and is_port_visible(ctx, port) else None


def get_visible_port(ctx: Context, port_id: str, missing: type[NovaFault]) -> Port:
    """A port that the network service shows to the caller. Raises *missing* for any other."""
    if port := find_visible_port(ctx, port_id):
        return port
    raise missing(reason=describe_missing_port(port_id))

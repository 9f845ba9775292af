"""The networks, ports and security groups that a caller can see."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.records import Network, Port


def is_own(ctx: Context, record: Any) -> bool:
    """Whether a record belongs to the caller's project; to an administrator every record does."""
    is_member: bool = record.project_id == ctx.caller.project_id
    return is_member or ctx.caller.is_admin


def is_network_visible(ctx: Context, network: Network) -> bool:
    """Whether the caller sees a network: an own, a shared or an external one."""
    return is_own(ctx, network) or network.shared or network.external


def is_port_visible(ctx: Context, port: Port) -> bool:
    """Whether the caller sees a port: an own one, or one on an own network."""
    return is_own(ctx, port) or owns_network(ctx, port)


def owns_network(ctx: Context, port: Port) -> bool:
    """Whether the network of a port belongs to the caller's project."""
    network = ctx.world.tx.get(Network, port.network_id)
    return network is not None and network.project_id == ctx.caller.project_id

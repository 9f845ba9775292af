"""/v2.0/networks."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import common, new_fields, project_of, shown
from novasim.api.network.resource import Resource
from novasim.api.network.tables import NETWORK
from novasim.errors import Conflict
from novasim.records import FloatingIp, Network, Port, Router, Subnet


def _view(ctx: Context, network: Network) -> dict[str, Any]:
    return (
        common(network)
        | shown(ctx, NETWORK, network)
        | {
            "status": "ACTIVE",
            "subnets": [subnet.id for subnet in ctx.world.tx.query(Subnet, {"network_id": network.id})],
            "availability_zones": ["nova"],
            "l2_adjacency": True,
        }
    )


def _make(ctx: Context, asked: dict[str, Any]) -> Network:
    fields = new_fields(ctx, NETWORK, asked, "network")
    fields["mtu"] = int(fields["mtu"] or 0) or 1450
    return Network(
        id=ctx.world.ids.uuid(),
        project_id=project_of(ctx, asked),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **fields,
    )


def _change(ctx: Context, network: Network, asked: dict[str, Any]) -> None:
    network.mtu = int(network.mtu or 0) or 1450
    routed = bool(ctx.world.tx.query(Router, {"external_network_id": network.id}))
    if not network.external and (routed or ctx.world.tx.query(FloatingIp, {"network_id": network.id})):
        raise Conflict(
            reason=f"External network {network.id} cannot be updated to be made non-external, since it has existing "
            "gateway ports.",
            type="ExternalNetworkInUse",
        )


def _remove(ctx: Context, network: Network) -> None:
    routed = bool(ctx.world.tx.query(Router, {"external_network_id": network.id}))
    joined = {subnet for router in ctx.world.tx.query(Router) for subnet in router.subnets}
    subnets = ctx.world.tx.query(Subnet, {"network_id": network.id})
    if routed or ctx.world.tx.query(Port, {"network_id": network.id}) or any(subnet.id in joined for subnet in subnets):
        raise Conflict(
            reason=f"Unable to complete operation on network {network.id}. There are one or more ports still in use "
            "on the network.",
            type="NetworkInUse",
        )
    for subnet in subnets:
        ctx.world.tx.delete(subnet)
    ctx.world.tx.delete(network)


networks = Resource(
    Network, "network", _view, _make, _change, _remove, shared=lambda network: network.shared or network.external
)

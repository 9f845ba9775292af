"""/v2.0/networks."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.pools.scopes import find_scopes
from novasim.api.network.provider import set_provider
from novasim.api.network.resource import Resource
from novasim.api.network.tables import NETWORK
from novasim.errors import Conflict
from novasim.records import FloatingIp, Network, Port, Router, Subnet


def _view(ctx: Context, network: Network) -> dict[str, Any]:
    subnets = ctx.world.tx.query(Subnet, {"network_id": network.id})
    return (
        common_view(network)
        | attribute_view(ctx, NETWORK, network)
        | find_scopes(ctx, subnets)
        | {
            "status": "ACTIVE",
            "subnets": [subnet.id for subnet in subnets],
            "availability_zones": ["nova"],
            "l2_adjacency": True,
        }
    )


def _create(ctx: Context, body: dict[str, Any]) -> Network:
    fields = build_fields(ctx, NETWORK, body, "network")
    fields["mtu"] = int(fields["mtu"] or 0) or 1450
    set_provider(ctx, fields["more"])
    return Network(
        id=ctx.world.ids.uuid(),
        project_id=read_project_id(ctx, body),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **fields,
    )


def _apply_update(ctx: Context, network: Network, body: dict[str, Any]) -> None:
    network.mtu = int(network.mtu or 0) or 1450
    _check_sharing(ctx, network, body)
    is_routed = bool(ctx.world.tx.query(Router, {"external_network_id": network.id}))
    if not network.external and (is_routed or ctx.world.tx.query(FloatingIp, {"network_id": network.id})):
        raise Conflict(
            reason=f"External network {network.id} cannot be updated to be made non-external, since it has existing "
            "gateway ports.",
            type="ExternalNetworkInUse",
        )


def _check_sharing(ctx: Context, network: Network, body: dict[str, Any]) -> None:
    """
    Raises Conflict (409): a network is to be shared no longer, and other projects have ports on it.

    Source: neutron/db/db_base_plugin_v2.py, validate_network_rbac_policy_change.
    """
    if "shared" not in body or network.shared:
        return
    ports = ctx.world.tx.query(Port, {"network_id": network.id})
    if any(port.project_id not in ("", network.project_id) for port in ports):
        raise Conflict(
            reason=f"Unable to reconfigure sharing settings for network {network.id}. Multiple tenants are using it.",
            type="InvalidSharedSetting",
        )


def _delete(ctx: Context, network: Network) -> None:
    """Source: neutron/db/l3_db.py, delete_disassociated_floatingips: those of no port do not prevent the deletion."""
    unused = [each for each in ctx.world.tx.query(FloatingIp, {"network_id": network.id}) if each.port_id is None]
    unused_ids = {floating.id for floating in unused}
    all_ports = ctx.world.tx.query(Port, {"network_id": network.id})
    ports = [port for port in all_ports if port.device_id not in unused_ids]
    is_routed = bool(ctx.world.tx.query(Router, {"external_network_id": network.id}))
    routed_subnets = {subnet for router in ctx.world.tx.query(Router) for subnet in router.subnets}
    subnets = ctx.world.tx.query(Subnet, {"network_id": network.id})
    if ports or is_routed or any(subnet.id in routed_subnets for subnet in subnets):
        raise Conflict(
            reason=f"Unable to complete operation on network {network.id}. There are one or more ports still in use on "
            f"the network, id for these ports is: {','.join(port.id for port in ports)}.",
            type="NetworkInUse",
        )
    for record in (*all_ports, *unused, *subnets, network):
        ctx.world.tx.delete(record)


networks = Resource(
    Network,
    "network",
    _view,
    _create,
    _apply_update,
    _delete,
    is_shared=lambda network: network.shared or network.external,
)

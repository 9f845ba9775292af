"""/v2.0/subnets."""

from __future__ import annotations

import ipaddress
from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.networks import networks
from novasim.api.network.resource import Resource
from novasim.api.network.tables import SUBNET
from novasim.errors import BadRequest, Conflict
from novasim.records import Network, Port, Router, Subnet

Range = ipaddress.IPv4Network | ipaddress.IPv6Network


def _view(ctx: Context, subnet: Subnet) -> dict[str, Any]:
    view = common_view(subnet) | attribute_view(ctx, SUBNET, subnet)
    hidden = ("prefixlen", "use_default_subnetpool")
    return {name: value for name, value in view.items() if name not in hidden} | {
        "network_id": subnet.network_id,
        "ip_version": subnet.ip_version,
        "cidr": subnet.cidr,
        "gateway_ip": subnet.gateway_ip,
        "allocation_pools": subnet.allocation_pools or [_default_pool(subnet)],
    }


def _default_pool(subnet: Subnet) -> dict[str, str]:
    net = ipaddress.ip_network(subnet.cidr)
    first = 2 if net.num_addresses > 3 else 0
    return {"start": str(net[first]), "end": str(net[max(first, net.num_addresses - 2)])}


def _create(ctx: Context, body: dict[str, Any]) -> Subnet:
    network = networks.get_own(ctx, body["network_id"])
    cidr = _parse_cidr(body)
    _check_overlap(ctx, network, cidr)
    gateway = body.get("gateway_ip", str(cidr.network_address + (1 if cidr.num_addresses > 1 else 0)))
    pools = body.get("allocation_pools") or []
    _check_gateway(gateway, cidr)
    _check_pools(pools, cidr, gateway)
    return Subnet(
        id=ctx.world.ids.uuid(),
        network_id=network.id,
        project_id=read_project_id(ctx, body),
        cidr=str(cidr),
        ip_version=cidr.version,
        gateway_ip=gateway,
        allocation_pools=pools,
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **build_fields(ctx, SUBNET, body, "subnet"),
    )


def _check_overlap(ctx: Context, network: Network, cidr: Range) -> None:
    for other in ctx.world.tx.query(Subnet, {"network_id": network.id}):
        other_cidr: Any = ipaddress.ip_network(other.cidr)
        if cidr.version == other_cidr.version and cidr.overlaps(other_cidr):
            raise BadRequest(
                reason=f"Invalid input for operation: Requested subnet with cidr: {cidr} for network: {network.id} "
                f"overlaps with another subnet. Current subnet/subnetpool cidrs: [{other_cidr}].",
                type="InvalidInput",
            )


def _parse_cidr(body: dict[str, Any]) -> Range:
    if not body.get("cidr"):
        raise BadRequest(reason="Bad subnets request: a subnetpool must be specified in the absence of a cidr.")
    try:
        cidr = ipaddress.ip_network(body["cidr"], strict=False)
    except ValueError:
        raise BadRequest(reason=f"Invalid input for cidr. Reason: '{body['cidr']}' is not a valid IP subnet.") from None
    if int(body.get("ip_version") or cidr.version) != cidr.version:
        raise BadRequest(
            reason=f"Invalid input for operation: cidr '{cidr}' does not match the ip_version '{body['ip_version']}'.",
            type="InvalidInput",
        )
    return cidr


def _check_gateway(gateway: str | None, cidr: Range) -> None:
    if gateway is not None and ipaddress.ip_address(gateway).version != cidr.version:
        raise BadRequest(
            reason=f"Invalid input for operation: gateway_ip '{gateway}' does not match the ip_version "
            f"'{cidr.version}'.",
            type="InvalidInput",
        )


def _check_pools(pools: list[dict[str, str]], cidr: Any, gateway: str | None) -> None:
    for pool in pools:
        start: Any = ipaddress.ip_address(pool["start"])
        end: Any = ipaddress.ip_address(pool["end"])
        if start.version != end.version or end < start:
            raise BadRequest(reason=f"The allocation pool {start}-{end} is not valid.", type="InvalidAllocationPool")
        if start not in cidr or end not in cidr:
            raise BadRequest(
                reason=f"The allocation pool {start}-{end} spans beyond the subnet cidr {cidr}.",
                type="OutOfBoundsAllocationPool",
            )
        if gateway and start.version == cidr.version and start <= ipaddress.ip_address(gateway) <= end:
            raise Conflict(
                reason=f"Gateway ip {gateway} conflicts with allocation pool {start}-{end}.",
                type="GatewayConflictWithAllocationPools",
            )


def _apply_update(ctx: Context, subnet: Subnet, body: dict[str, Any]) -> None:
    cidr = ipaddress.ip_network(subnet.cidr)
    if "gateway_ip" in body:
        _check_gateway(body["gateway_ip"], cidr)
        subnet.gateway_ip = body["gateway_ip"]
    if "allocation_pools" in body:
        subnet.allocation_pools = body["allocation_pools"] or []
        subnet.next_host = 0
    _check_pools(subnet.allocation_pools, cidr, subnet.gateway_ip)


def _delete(ctx: Context, subnet: Subnet) -> None:
    ports = ctx.world.tx.query(Port, {"network_id": subnet.network_id})
    is_routed = any(subnet.id in router.subnets for router in ctx.world.tx.query(Router))
    if is_routed or any(ip["subnet_id"] == subnet.id for port in ports for ip in port.fixed_ips):
        raise Conflict(
            reason=f"Unable to complete operation on subnet {subnet.id}: One or more ports have an IP allocation from "
            "this subnet.",
            type="SubnetInUse",
        )
    ctx.world.tx.delete(subnet)


class _Subnets(Resource[Subnet]):
    def is_visible(self, ctx: Context, record: Subnet) -> bool:
        """A subnet is visible to its project, and to all if its network is shared (not if it is only external)."""
        network = ctx.world.tx.get(Network, record.network_id)
        return super().is_visible(ctx, record) or (network is not None and network.shared)


subnets = _Subnets(Subnet, "subnet", _view, _create, _apply_update, _delete)

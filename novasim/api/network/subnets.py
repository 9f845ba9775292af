"""/v2.0/subnets."""

from __future__ import annotations

import ipaddress
from typing import Any

from novasim.api.collections import matches_fields
from novasim.api.context import Context
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.networks import networks
from novasim.api.network.pools.allocation import choose_range
from novasim.api.network.resource import Resource
from novasim.api.network.subnet_validation import (
    check_dhcp,
    check_gateway,
    check_modes,
    check_options,
    check_pools,
)
from novasim.api.network.tables import SUBNET
from novasim.errors import BadRequest, Conflict
from novasim.records import Network, Port, Router, Subnet
from novasim.simulation.addresses import ROUTER_INTERFACE, has_automatic_addresses, note_taken_addresses
from novasim.strutils import bool_from_string, shorten_address

Range = ipaddress.IPv4Network | ipaddress.IPv6Network


def _view(ctx: Context, subnet: Subnet) -> dict[str, Any]:
    view = common_view(subnet) | attribute_view(ctx, SUBNET, subnet)
    return view | {
        "subnetpool_id": subnet.more.get("subnetpool_id"),
        "network_id": subnet.network_id,
        "ip_version": subnet.ip_version,
        "cidr": subnet.cidr,
        "gateway_ip": subnet.gateway_ip,
        "allocation_pools": list_pools(subnet),
    }


def list_pools(subnet: Subnet) -> list[dict[str, str]]:
    """The allocation pools of a subnet: its first and last addresses, by default."""
    if subnet.allocation_pools:
        return subnet.allocation_pools
    net = ipaddress.ip_network(subnet.cidr)
    first = 2 if net.num_addresses > 3 else 0
    return [{"start": str(net[first]), "end": str(net[max(first, net.num_addresses - 2)])}]


def _create(ctx: Context, body: dict[str, Any]) -> Subnet:
    network = networks.get_own(ctx, body["network_id"])
    project = read_project_id(ctx, body)
    cidr, pool_id = choose_range(ctx, network, body, project)
    gateway = shorten_address(body.get("gateway_ip", str(cidr.network_address + (1 if cidr.num_addresses > 1 else 0))))
    pools = _read_pools(body)
    check_dhcp(cidr, bool_from_string(body.get("enable_dhcp", True)))
    if "gateway_ip" in body:
        check_gateway(gateway, cidr)
    check_options(body, cidr.version)
    check_modes(body, cidr)
    _check_overlap(ctx, network, cidr)
    check_pools(pools, cidr, gateway)
    fields = build_fields(ctx, SUBNET, body, "subnet")
    if pool_id:
        fields["more"]["subnetpool_id"] = pool_id
    return Subnet(
        id=ctx.world.ids.uuid(),
        network_id=network.id,
        project_id=project,
        cidr=str(cidr),
        ip_version=cidr.version,
        gateway_ip=gateway,
        allocation_pools=pools,
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **fields,
    )


def _read_pools(body: dict[str, Any]) -> list[dict[str, str]]:
    pools = body.get("allocation_pools") or []
    return [{name: shorten_address(text) or "" for name, text in pool.items()} for pool in pools]


def _check_overlap(ctx: Context, network: Network, cidr: Range) -> None:
    for other in ctx.world.tx.query(Subnet, {"network_id": network.id}):
        other_cidr: Any = ipaddress.ip_network(other.cidr)
        if cidr.version == other_cidr.version and cidr.overlaps(other_cidr):
            raise BadRequest(
                reason=f"Invalid input for operation: Requested subnet with cidr: {cidr} for network: {network.id} "
                f"overlaps with another subnet. Current subnet/subnetpool cidrs: [{other_cidr}].",
                type="InvalidInput",
            )


def _apply_update(ctx: Context, subnet: Subnet, body: dict[str, Any]) -> None:
    cidr = ipaddress.ip_network(subnet.cidr)
    if "gateway_ip" in body:
        check_gateway(body["gateway_ip"], cidr)
        _check_gateway_unused(ctx, subnet, shorten_address(body["gateway_ip"]))
        subnet.gateway_ip = shorten_address(body["gateway_ip"])
    check_options(body, subnet.ip_version)
    if "allocation_pools" in body:
        subnet.allocation_pools = _read_pools(body)
        subnet.next_host = 0
    check_pools(subnet.allocation_pools, cidr, subnet.gateway_ip)
    if "allocation_pools" in body:
        note_taken_addresses(ctx.world.tx, subnet)


def _check_gateway_unused(ctx: Context, subnet: Subnet, gateway: str | None) -> None:
    """Refuse (409) to change a gateway that a router has."""
    for port in ctx.world.tx.query(Port, {"network_id": subnet.network_id, "device_owner": ROUTER_INTERFACE}):
        if gateway != subnet.gateway_ip and any(ip["ip_address"] == subnet.gateway_ip for ip in port.fixed_ips):
            raise Conflict(
                reason=f"Current gateway ip {subnet.gateway_ip} already in use by port {port.id}. Unable to update.",
                type="GatewayIpInUse",
            )


def _delete(ctx: Context, subnet: Subnet) -> None:
    """
    Delete a subnet without ports. Addresses that ports chose themselves go with it, but not those of routers.

    Source: neutron/db/db_base_plugin_v2.py _remove_subnet_ip_allocations_from_ports.
    """
    ports = [
        port
        for port in ctx.world.tx.query(Port, {"network_id": subnet.network_id})
        if any(ip["subnet_id"] == subnet.id for ip in port.fixed_ips)
    ]
    is_routed = any(subnet.id in router.subnets for router in ctx.world.tx.query(Router))
    if is_routed or (ports and not has_automatic_addresses(subnet)):
        raise Conflict(
            reason=f"Unable to complete operation on subnet {subnet.id}: One or more ports have an IP allocation from "
            "this subnet.",
            type="SubnetInUse",
        )
    for port in ports:
        port.fixed_ips = [ip for ip in port.fixed_ips if ip["subnet_id"] != subnet.id]
        ctx.world.tx.put(port)
    ctx.world.tx.delete(subnet)


class _Subnets(Resource[Subnet]):
    def is_visible(self, ctx: Context, record: Subnet) -> bool:
        """A subnet is visible to its project, and to all if its network is shared (not if it is only external)."""
        network = ctx.world.tx.get(Network, record.network_id)
        return super().is_visible(ctx, record) or (network is not None and network.shared)

    def matches(self, ctx: Context, view: dict[str, Any]) -> bool:
        """A subnet has no field "shared", but it can be filtered by that of its network."""
        if not ctx.queries("shared"):
            return super().matches(ctx, view)
        network = ctx.world.tx.get(Network, view["network_id"])
        shared = {"shared": network is not None and network.shared}
        return super().matches(ctx, view | shared) and matches_fields(ctx, shared, frozenset())


subnets = _Subnets(Subnet, "subnet", _view, _create, _apply_update, _delete)

"""/v2.0/networks and /v2.0/subnets."""

from __future__ import annotations

import ipaddress
from typing import Any

from novasim.api.context import Context
from novasim.api.network.resource import Resource, assign, common, project_of
from novasim.errors import BadRequest, Conflict, Forbidden
from novasim.records import Network, Port, Subnet


def _network_view(ctx: Context, network: Network) -> dict[str, Any]:
    view = common(network) | {
        "admin_state_up": network.admin_state_up,
        "status": "ACTIVE",
        "subnets": [subnet.id for subnet in ctx.world.tx.find(Subnet, network_id=network.id)],
        "shared": network.shared,
        "router:external": network.external,
        "mtu": network.mtu,
        "port_security_enabled": network.port_security_enabled,
        "availability_zone_hints": [],
        "availability_zones": ["nova"],
        "ipv4_address_scope": None,
        "ipv6_address_scope": None,
        "qos_policy_id": None,
        "is_default": False,
        "l2_adjacency": True,
        "dns_domain": "",
    }
    if ctx.caller.is_admin:
        view |= {
            "provider:network_type": "geneve",
            "provider:physical_network": None,
            "provider:segmentation_id": 1,
        }
    return view


def _make_network(ctx: Context, asked: dict[str, Any]) -> Network:
    if (asked.get("shared") or asked.get("router:external")) and not ctx.caller.is_admin:
        raise Forbidden(reason="rule:create_network:shared is disallowed by policy")
    return Network(
        id=ctx.world.ids.uuid(), name=asked.get("name", ""), project_id=project_of(ctx, asked),
        shared=bool(asked.get("shared", False)), external=bool(asked.get("router:external", False)),
        admin_state_up=asked.get("admin_state_up", True), description=asked.get("description", ""),
        port_security_enabled=asked.get("port_security_enabled", True), mtu=int(asked.get("mtu", 1450)),
        created_at=ctx.world.time, updated_at=ctx.world.time,
    )  # fmt: skip


def _change_network(ctx: Context, network: Network, asked: dict[str, Any]) -> None:
    if "router:external" in asked:
        network.external = bool(asked.pop("router:external"))
    assign(network, asked, ("name", "description", "admin_state_up", "shared", "mtu", "port_security_enabled"))


def _remove_network(ctx: Context, network: Network) -> None:
    if ctx.world.tx.find(Port, network_id=network.id):
        raise Conflict(
            reason=f"Unable to complete operation on network {network.id}. There are one or more ports still in use "
            "on the network."
        )
    for subnet in ctx.world.tx.find(Subnet, network_id=network.id):
        ctx.world.tx.delete(subnet)
    ctx.world.tx.delete(network)


networks = Resource(
    Network, "network", "networks", _network_view, _make_network, _change_network, _remove_network,
    shared=lambda network: network.shared or network.external,
)  # fmt: skip


def _subnet_view(ctx: Context, subnet: Subnet) -> dict[str, Any]:
    return common(subnet) | {
        "network_id": subnet.network_id,
        "ip_version": subnet.ip_version,
        "cidr": subnet.cidr,
        "gateway_ip": subnet.gateway_ip,
        "enable_dhcp": subnet.enable_dhcp,
        "allocation_pools": subnet.allocation_pools or [_whole_pool(subnet)],
        "dns_nameservers": subnet.dns_nameservers,
        "host_routes": subnet.host_routes,
        "ipv6_address_mode": None,
        "ipv6_ra_mode": None,
        "service_types": [],
        "subnetpool_id": None,
        "segment_id": None,
    }


def _whole_pool(subnet: Subnet) -> dict[str, str]:
    net = ipaddress.ip_network(subnet.cidr)
    return {"start": str(net.network_address + 2), "end": str(net.network_address + (net.num_addresses - 2))}


def _make_subnet(ctx: Context, asked: dict[str, Any]) -> Subnet:
    network = networks.own(ctx, str(asked.get("network_id")))
    cidr = _cidr(asked)
    for other in ctx.world.tx.find(Subnet, network_id=network.id):
        if _overlap(cidr, ipaddress.ip_network(other.cidr)):
            raise BadRequest(
                reason=f"Invalid input for operation: Requested subnet with cidr: {cidr} for network: {network.id} "
                "overlaps with another subnet."
            )
    gateway = asked.get("gateway_ip", str(cidr.network_address + 1))
    return Subnet(
        id=ctx.world.ids.uuid(), name=asked.get("name", ""), network_id=network.id, project_id=project_of(ctx, asked),
        cidr=str(cidr), ip_version=cidr.version, gateway_ip=gateway, enable_dhcp=asked.get("enable_dhcp", True),
        allocation_pools=asked.get("allocation_pools") or [], dns_nameservers=asked.get("dns_nameservers") or [],
        host_routes=asked.get("host_routes") or [], description=asked.get("description", ""),
        created_at=ctx.world.time, updated_at=ctx.world.time,
    )  # fmt: skip


def _cidr(asked: dict[str, Any]) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        cidr = ipaddress.ip_network(str(asked.get("cidr")))
    except ValueError as error:
        raise BadRequest(reason=f"Invalid input for cidr. Reason: {error}.") from None
    if int(asked.get("ip_version") or cidr.version) != cidr.version:
        raise BadRequest(reason=f"Invalid input for operation: cidr {cidr} is not of IP version {asked['ip_version']}.")
    return cidr


def _overlap(one: Any, other: Any) -> bool:
    return one.version == other.version and bool(one.overlaps(other))


def _change_subnet(ctx: Context, subnet: Subnet, asked: dict[str, Any]) -> None:
    fields = ("name", "description", "gateway_ip", "enable_dhcp", "dns_nameservers", "host_routes", "allocation_pools")
    assign(subnet, asked, fields)


def _remove_subnet(ctx: Context, subnet: Subnet) -> None:
    ports = ctx.world.tx.find(Port, network_id=subnet.network_id)
    if any(ip["subnet_id"] == subnet.id for port in ports for ip in port.fixed_ips):
        raise Conflict(
            reason=f"Unable to complete operation on subnet {subnet.id}: One or more ports have an IP allocation from "
            "this subnet."
        )
    ctx.world.tx.delete(subnet)


subnets = Resource(Subnet, "subnet", "subnets", _subnet_view, _make_subnet, _change_subnet, _remove_subnet,
                   shared=lambda subnet: True)  # fmt: skip

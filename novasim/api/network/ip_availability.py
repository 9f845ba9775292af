"""
/v2.0/network-ip-availabilities and /v2.0/floatingip_pools: the addresses of networks.

Source: neutron/db/network_ip_availability_db.py; neutron/db/l3_fip_pools_db.py.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import Any

from novasim.api.collections import CONTROL_KEYS, matches_fields, select_fields
from novasim.api.context import Context
from novasim.api.network.subnets import list_pools
from novasim.errors import BadRequest, NotFound
from novasim.records import Network, Port, Subnet

View = dict[str, Any]
FILTERS = frozenset(("network_id", "network_name", "tenant_id", "project_id", "ip_version"))


def index(ctx: Context) -> View:
    """GET /v2.0/network-ip-availabilities: total and used addresses of networks; empty for members. 400."""
    if unknown := [name for name, _ in ctx.request.query if name not in FILTERS | CONTROL_KEYS]:
        raise BadRequest(reason=f"{unknown} is invalid attribute for filtering", type="HTTPBadRequest")
    networks = ctx.world.tx.query(Network) if ctx.caller.is_admin else []
    used = _count_used(ctx) if networks else Counter()
    views = [_view(ctx, network, used) for network in networks]
    chosen = [
        view for view in views if matches_fields(ctx, view, frozenset(("ip_version",))) and _has_version(ctx, view)
    ]
    return {"network_ip_availabilities": [select_fields(ctx, view) for view in chosen]}


def show(ctx: Context, id: str) -> View:
    """GET /v2.0/network-ip-availabilities/{id}: total and used addresses of one network. 404."""
    network = ctx.world.tx.get(Network, id) if ctx.caller.is_admin else None
    if network is None:
        raise NotFound(reason=f"Network {id} could not be found.", type="NetworkNotFound")
    return {"network_ip_availability": select_fields(ctx, _view(ctx, network, _count_used(ctx, id)))}


def _has_version(ctx: Context, view: View) -> bool:
    return not ctx.queries("ip_version") or bool(view["subnet_ip_availability"])


def _count_used(ctx: Context, network_id: str = "") -> Counter[str]:
    """The number of used addresses by subnet. A floating IP has a port, too."""
    ports = ctx.world.tx.query(Port, {"network_id": network_id} if network_id else {})
    return Counter(ip["subnet_id"] for port in ports for ip in port.fixed_ips)


def _view(ctx: Context, network: Network, used: Counter[str]) -> View:
    versions = ctx.queries("ip_version")
    subnets = [
        {
            "subnet_id": subnet.id,
            "subnet_name": subnet.name,
            "cidr": subnet.cidr,
            "ip_version": subnet.ip_version,
            "total_ips": sum(map(_size, list_pools(subnet))),
            "used_ips": used[subnet.id],
        }
        for subnet in ctx.world.tx.query(Subnet, {"network_id": network.id})
        if not versions or str(subnet.ip_version) in versions
    ]
    return {
        "network_id": network.id,
        "network_name": network.name,
        "tenant_id": network.project_id,
        "project_id": network.project_id,
        "subnet_ip_availability": subnets,
        "total_ips": sum(each["total_ips"] for each in subnets),
        "used_ips": sum(each["used_ips"] for each in subnets),
    }


def _size(pool: dict[str, str]) -> int:
    return int(ipaddress.ip_address(pool["end"])) - int(ipaddress.ip_address(pool["start"])) + 1


def list_floating_ip_pools(ctx: Context) -> View:
    """GET /v2.0/floatingip_pools: the IPv4 subnets of external networks."""
    pools = [
        {
            "subnet_id": subnet.id,
            "subnet_name": subnet.name,
            "tenant_id": ctx.caller.project_id,
            "project_id": ctx.caller.project_id,
            "network_id": network.id,
            "cidr": subnet.cidr,
        }
        for network in ctx.world.tx.query(Network)
        if network.external
        for subnet in ctx.world.tx.query(Subnet, {"network_id": network.id})
        if subnet.ip_version == 4
    ]
    return {"floatingip_pools": [select_fields(ctx, pool) for pool in pools]}

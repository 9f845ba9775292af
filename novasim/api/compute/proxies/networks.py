"""/os-networks, /os-tenant-networks and /os-floating-ips (until 2.35), which Nova forwards to the network service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.service_calls import call_service, get_or_404
from novasim.errors import NotFound
from novasim.records import Network, Port

View = dict[str, Any]

NULLS = ("cidr", "netmask", "gateway", "broadcast", "dns1", "dns2", "cidr_v6", "gateway_v6", "netmask_v6")
ADMIN_NULLS = (
    "created_at",
    "updated_at",
    "deleted_at",
    "deleted",
    "injected",
    "bridge",
    "vlan",
    "vpn_public_address",
    "vpn_public_port",
    "vpn_private_address",
    "dhcp_start",
    "project_id",
    "host",
    "bridge_interface",
    "multi_host",
    "priority",
    "rxtx_base",
    "mtu",
    "dhcp_server",
    "enable_dhcp",
    "share_address",
)


def index(ctx: Context) -> View:
    """GET /os-networks: the networks of the project. Attributes of Nova's former networks are null."""
    return {"networks": [_view(ctx, network) for network in _list_networks(ctx)]}


def _list_networks(ctx: Context) -> list[View]:
    networks: list[View] = call_service(ctx, "network", "GET", "/v2.0/networks")["networks"]
    return networks


def _view(ctx: Context, network: View) -> View:
    names = NULLS + ADMIN_NULLS if ctx.caller.is_admin else NULLS
    return {**dict.fromkeys(names), "id": network["id"], "label": network["name"]}


def show(ctx: Context, id: str) -> View:
    """GET /os-networks/{id}: one network. 404."""
    return {"network": _view(ctx, _get(ctx, id))}


def _get(ctx: Context, id: str) -> View:
    network: View = get_or_404(ctx, "network", f"/v2.0/networks/{id}", "Network not found")["network"]
    return network


def tenant_index(ctx: Context) -> View:
    """GET /os-tenant-networks: ids and names of the networks of the project."""
    return {"networks": [_tenant_view(network) for network in _list_networks(ctx)]}


def tenant_show(ctx: Context, id: str) -> View:
    """GET /os-tenant-networks/{id}: id and name of one network. 404."""
    return {"network": _tenant_view(_get(ctx, id))}


def _tenant_view(network: View) -> View:
    return {"id": network["id"], "cidr": "None", "label": network["name"]}


def pools(ctx: Context) -> View:
    """GET /os-floating-ip-pools: the names of the external networks."""
    external = ctx.world.tx.query(Network, {"external": True})
    return {"floating_ip_pools": [{"name": network.name} for network in external]}


def addresses_index(ctx: Context) -> View:
    """GET /os-floating-ips: the floating IPs of the project."""
    body = call_service(ctx, "network", "GET", "/v2.0/floatingips", project_id=ctx.caller.project_id)
    return {"floating_ips": [_floating_ip_view(ctx, floating_ip) for floating_ip in body["floatingips"]]}


def _floating_ip_view(ctx: Context, floating_ip: View) -> View:
    port = ctx.world.tx.get(Port, floating_ip["port_id"] or "")
    network = ctx.world.tx.get(Network, floating_ip["floating_network_id"])
    return {
        "id": floating_ip["id"],
        "ip": floating_ip["floating_ip_address"],
        "pool": network.name if network else None,
        "fixed_ip": floating_ip["fixed_ip_address"],
        "instance_id": port.device_id if port else None,
    }


def addresses_show(ctx: Context, id: str) -> View:
    """GET /os-floating-ips/{id}: one floating IP. 404."""
    return {"floating_ip": _floating_ip_view(ctx, _get_floating_ip(ctx, id))}


def _get_floating_ip(ctx: Context, id: str) -> View:
    message = f"Floating IP not found for ID {id}"
    floating_ip: View = get_or_404(ctx, "network", f"/v2.0/floatingips/{id}", message)["floatingip"]
    return floating_ip


def addresses_create(ctx: Context) -> View:
    """POST /os-floating-ips: allocate a floating IP from the named or the first pool. 403, 404, 409."""
    name = (ctx.body or {}).get("pool")
    external = ctx.world.tx.query(Network, {"external": True})
    pool = next((network for network in external if name in (None, network.name, network.id)), None)
    if pool is None:
        raise NotFound(reason=f"Floating IP pool {name or ''} not found.".replace("  ", " "))
    body = {"floatingip": {"floating_network_id": pool.id}}
    created = call_service(ctx, "network", "POST", "/v2.0/floatingips", body)["floatingip"]
    return {"floating_ip": _floating_ip_view(ctx, created)}


def addresses_delete(ctx: Context, id: str) -> Response:
    """DELETE /os-floating-ips/{id}: release a floating IP. 404."""
    _get_floating_ip(ctx, id)
    call_service(ctx, "network", "DELETE", f"/v2.0/floatingips/{id}")
    return Response(202)

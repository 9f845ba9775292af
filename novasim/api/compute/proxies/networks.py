"""/os-networks and /os-tenant-networks (until 2.35), which Nova forwards to the network service."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.service_calls import call_service, get_or_404

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

"""/os-networks, /os-tenant-networks, /os-floating-ips: once passed on to the network service (until 2.35)."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.service_calls import call_service, get_or_404
from novasim.errors import NotFound
from novasim.records import Network, Port

View = dict[str, Any]

UNKNOWN = ("cidr", "netmask", "gateway", "broadcast", "dns1", "dns2", "cidr_v6", "gateway_v6", "netmask_v6")
UNKNOWN_TO_ADMIN = (
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
    """The networks that the project can use. What Nova's own networks had, these have not."""
    return {"networks": [_view(ctx, one) for one in call_service(ctx, "network", "GET", "/v2.0/networks")["networks"]]}


def _view(ctx: Context, network: View) -> View:
    names = UNKNOWN + UNKNOWN_TO_ADMIN if ctx.caller.is_admin else UNKNOWN
    return {**dict.fromkeys(names), "id": network["id"], "label": network["name"]}


def show(ctx: Context, id: str) -> View:
    """One network."""
    return {"network": _view(ctx, _get(ctx, id))}


def _get(ctx: Context, id: str) -> View:
    network: View = get_or_404(ctx, "network", f"/v2.0/networks/{id}", "Network not found")["network"]
    return network


def of_project_index(ctx: Context) -> View:
    """The same in short."""
    found = call_service(ctx, "network", "GET", "/v2.0/networks")["networks"]
    return {"networks": [_short(one) for one in found]}


def of_project_show(ctx: Context, id: str) -> View:
    """One of them in short."""
    return {"network": _short(_get(ctx, id))}


def _short(network: View) -> View:
    return {"id": network["id"], "cidr": "None", "label": network["name"]}


def pools(ctx: Context) -> View:
    """The external networks by name."""
    external = ctx.world.tx.query(Network, {"external": True})
    return {"floating_ip_pools": [{"name": network.name} for network in external]}


def addresses_index(ctx: Context) -> View:
    """The floating addresses of the project."""
    own = call_service(ctx, "network", "GET", "/v2.0/floatingips", project_id=ctx.caller.project_id)
    return {"floating_ips": [_address(ctx, one) for one in own["floatingips"]]}


def _address(ctx: Context, floating: View) -> View:
    port = ctx.world.tx.get(Port, floating["port_id"] or "")
    network = ctx.world.tx.get(Network, floating["floating_network_id"])
    return {
        "id": floating["id"],
        "ip": floating["floating_ip_address"],
        "pool": network.name if network else None,
        "fixed_ip": floating["fixed_ip_address"],
        "instance_id": port.device_id if port else None,
    }


def addresses_show(ctx: Context, id: str) -> View:
    """One of them."""
    return {"floating_ip": _address(ctx, _floating(ctx, id))}


def _floating(ctx: Context, id: str) -> View:
    missing = f"Floating IP not found for ID {id}"
    floating: View = get_or_404(ctx, "network", f"/v2.0/floatingips/{id}", missing)["floatingip"]
    return floating


def addresses_create(ctx: Context) -> View:
    """A new one, of the pool that is named or of the first."""
    name = (ctx.body or {}).get("pool")
    external = ctx.world.tx.query(Network, {"external": True})
    pool = next((one for one in external if name in (None, one.name, one.id)), None)
    if pool is None:
        raise NotFound(reason=f"Floating IP pool {name or ''} not found.".replace("  ", " "))
    body = {"floatingip": {"floating_network_id": pool.id}}
    return {"floating_ip": _address(ctx, call_service(ctx, "network", "POST", "/v2.0/floatingips", body)["floatingip"])}


def addresses_delete(ctx: Context, id: str) -> Response:
    """Give one back."""
    _floating(ctx, id)
    call_service(ctx, "network", "DELETE", f"/v2.0/floatingips/{id}")
    return Response(202)

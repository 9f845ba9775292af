"""
/os-floating-ips and /os-floating-ip-pools (until 2.35), which Nova forwards to the network service.

Source: nova/api/openstack/compute/floating_ips.py; nova/network/neutron.py, allocate_floating_ip.
"""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.request import Response
from novasim.api.service_calls import call_service, get_or_404
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound, NovaFault
from novasim.records import Network, Port

View = dict[str, Any]


def pools(ctx: Context) -> View:
    """GET /os-floating-ip-pools: the names of the external networks."""
    return {"floating_ip_pools": [{"name": network.name or network.id} for network in _list_external(ctx)]}


def _list_external(ctx: Context) -> list[Network]:
    return ctx.world.tx.query(Network, {"external": True})


def index(ctx: Context) -> View:
    """GET /os-floating-ips: the floating IPs of the project."""
    body = call_service(ctx, "network", "GET", "/v2.0/floatingips", project_id=ctx.caller.project_id)
    return {"floating_ips": [_view(ctx, floating_ip) for floating_ip in body["floatingips"]]}


def _view(ctx: Context, floating_ip: View) -> View:
    port = ctx.world.tx.get(Port, floating_ip["port_id"] or "")
    network = ctx.world.tx.get(Network, floating_ip["floating_network_id"])
    return {
        "id": floating_ip["id"],
        "ip": floating_ip["floating_ip_address"],
        "pool": (network and network.name) or floating_ip["floating_network_id"],
        "fixed_ip": floating_ip["fixed_ip_address"],
        "instance_id": port.device_id if port else None,
    }


def show(ctx: Context, id: str) -> View:
    """GET /os-floating-ips/{id}: one floating IP. 404."""
    return {"floating_ip": _view(ctx, _get_floating_ip(ctx, id))}


def _get_floating_ip(ctx: Context, id: str) -> View:
    message = f"Floating IP not found for ID {id}"
    floating_ip: View = get_or_404(ctx, "network", f"/v2.0/floatingips/{id}", message)["floatingip"]
    return floating_ip


def create(ctx: Context) -> View:
    """POST /os-floating-ips: allocate a floating IP from the named or the first pool. 400, 403, 404."""
    name = (ctx.body or {}).get("pool")
    body = {"floatingip": {"floating_network_id": _find_pool(ctx, name).id}}
    try:
        created = call_service(ctx, "network", "POST", "/v2.0/floatingips", body)["floatingip"]
    except Conflict as fault:
        raise _convert_refusal(fault, name) from None
    return {"floating_ip": _view(ctx, created)}


def _find_pool(ctx: Context, name: str | None) -> Network:
    """Raises NotFound: no such pool (404). BadRequest: several have the name (400)."""
    external = _list_external(ctx)
    found = [network for network in external if name in (network.name, network.id)] if name else external[:1]
    if len(found) > 1:
        raise BadRequest(reason=f"Multiple floating IP pools matches found for name '{name}'")
    if not found:
        raise NotFound(reason="Floating IP pool not found.")
    return found[0]


def _convert_refusal(fault: NovaFault, pool: str | None) -> NovaFault:
    """Nova's refusal after a conflict in the network service: 403 if a quota is used up, 404 if a pool is."""
    if fault.facts.get("type") == "OverQuota":
        return Forbidden(reason=f"IP allocation over quota in pool {pool}." if pool else "IP allocation over quota.")
    return NotFound(reason=f"No more floating IPs in pool {pool}." if pool else "No more floating IPs available.")


def delete(ctx: Context, id: str) -> Response:
    """DELETE /os-floating-ips/{id}: release a floating IP. 404."""
    _get_floating_ip(ctx, id)
    call_service(ctx, "network", "DELETE", f"/v2.0/floatingips/{id}")
    return Response(202)

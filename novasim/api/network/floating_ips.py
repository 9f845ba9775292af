"""/v2.0/floatingips: addresses of external networks, which stand for fixed ones behind a router."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import common, new_fields, project_of, shown
from novasim.api.network.networks import networks
from novasim.api.network.ports import check_free, ports
from novasim.api.network.resource import Resource
from novasim.api.network.tables import FLOATING_IP
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import FloatingIp, Port, Router
from novasim.simulation.network import create_port

DETAILS = ("name", "network_id", "mac_address", "admin_state_up", "status", "device_id", "device_owner")


def _view(ctx: Context, floating: FloatingIp) -> dict[str, Any]:
    port = ctx.world.tx.get(Port, floating.port_id or "")
    router = _router_of(ctx, floating, port) if port else None
    return (
        common(floating)
        | shown(ctx, FLOATING_IP, floating)
        | {
            "floating_ip_address": floating.address,
            "floating_network_id": floating.network_id,
            "fixed_ip_address": floating.fixed_ip,
            "port_id": floating.port_id,
            "router_id": router.id if router else None,
            "status": "ACTIVE" if floating.port_id else "DOWN",
            "port_details": {name: getattr(port, name) for name in DETAILS} if port else None,
            "port_forwardings": [],
        }
    )


def _router_of(ctx: Context, floating: FloatingIp, port: Port) -> Router | None:
    """The router that joins the port's network and the external one."""
    inside = {ip["subnet_id"] for ip in port.fixed_ips}
    outward = ctx.world.tx.query(Router, {"external_network_id": floating.network_id})
    return next((router for router in outward if inside & set(router.subnets)), None)


def _make(ctx: Context, asked: dict[str, Any]) -> FloatingIp:
    """An address of an external network; it may be given to a port at once."""
    network = networks.get(ctx, asked["floating_network_id"])
    if not network.external:
        raise BadRequest(
            reason=f"Bad floatingip request: Network {network.id} is not a valid external network.", type="BadRequest"
        )
    check_free(ctx, network.id, _wanted(asked))
    holder = create_port(
        ctx.world, network, "", fixed_ips=_wanted(asked), device_owner="network:floatingip", status="N/A"
    )
    usable = [ip["ip_address"] for ip in holder.fixed_ips if ":" not in ip["ip_address"]]
    if not usable:
        raise BadRequest(reason=f"Bad floatingip request: Network {network.id} does not contain any IPv4 subnet.")
    floating = FloatingIp(
        id=ctx.world.ids.uuid(),
        address=usable[0],
        network_id=network.id,
        project_id=project_of(ctx, asked),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **new_fields(ctx, FLOATING_IP, asked, "floatingip"),
    )
    holder.device_id = floating.id
    ctx.world.tx.put(holder)
    if asked.get("port_id"):
        _associate(ctx, floating, asked)
    return floating


def _wanted(asked: dict[str, Any]) -> list[dict[str, str]] | None:
    names = {"ip_address": "floating_ip_address", "subnet_id": "subnet_id"}
    wish = {ours: asked[theirs] for ours, theirs in names.items() if asked.get(theirs)}
    return [wish] if wish else None


def _associate(ctx: Context, floating: FloatingIp, asked: dict[str, Any]) -> None:
    """Let the address stand for one of a port's IPv4 addresses, if a router joins the two networks."""
    port = ports.own(ctx, asked["port_id"])
    fixed = [ip for ip in port.fixed_ips if ":" not in ip["ip_address"]]
    if asked.get("fixed_ip_address"):
        fixed = [ip for ip in fixed if ip["ip_address"] == asked["fixed_ip_address"]]
    if not fixed:
        raise BadRequest(reason=f"Bad floatingip request: Port {port.id} does not have fixed ip address.")
    outward = ctx.world.tx.query(Router, {"external_network_id": floating.network_id})
    if not any(fixed[0]["subnet_id"] in router.subnets for router in outward):
        raise NotFound(
            reason=f"External network {floating.network_id} is not reachable from subnet {fixed[0]['subnet_id']}. "
            f"Therefore, cannot associate Port {port.id} with a Floating IP.",
            type="ExternalGatewayForFloatingIPNotFound",
        )
    _check_free(ctx, floating, port, fixed[0]["ip_address"])
    floating.port_id, floating.fixed_ip = port.id, fixed[0]["ip_address"]


def _check_free(ctx: Context, floating: FloatingIp, port: Port, fixed: str) -> None:
    for other in ctx.world.tx.query(FloatingIp, {"port_id": port.id, "fixed_ip": fixed}):
        if other.id != floating.id and other.network_id == floating.network_id:
            raise Conflict(
                reason=f"Cannot associate floating IP {floating.address} ({floating.id}) with port {port.id} using "
                f"fixed IP {fixed}, as that fixed IP already has a floating IP on external network "
                f"{floating.network_id}.",
                type="FloatingIPPortAlreadyAssociated",
            )


def _change(ctx: Context, floating: FloatingIp, asked: dict[str, Any]) -> None:
    if "port_id" in asked:
        floating.port_id = floating.fixed_ip = None
        if asked["port_id"]:
            _associate(ctx, floating, asked)
    elif asked.get("fixed_ip_address"):
        raise BadRequest(reason="Bad floatingip request: fixed_ip_address cannot be specified without a port_id.")


def _remove(ctx: Context, floating: FloatingIp) -> None:
    for holder in ctx.world.tx.query(Port, {"device_id": floating.id}):
        ctx.world.tx.delete(holder)
    ctx.world.tx.delete(floating)


floating_ips = Resource(FloatingIp, "floatingip", _view, _make, _change, _remove)

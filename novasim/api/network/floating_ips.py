"""/v2.0/floatingips: addresses of external networks, associated with fixed addresses behind a router."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.networks import networks
from novasim.api.network.ports import ports
from novasim.api.network.resource import Resource
from novasim.api.network.tables import FLOATING_IP
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import FloatingIp, Network, Port, Router
from novasim.simulation.network import create_port

DETAILS = ("name", "network_id", "mac_address", "admin_state_up", "status", "device_id", "device_owner")


def _view(ctx: Context, floating: FloatingIp) -> dict[str, Any]:
    port = ctx.world.tx.get(Port, floating.port_id or "")
    router = _find_router(ctx, floating, port) if port else None
    return (
        common_view(floating)
        | attribute_view(ctx, FLOATING_IP, floating)
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


def _find_router(ctx: Context, floating: FloatingIp, port: Port) -> Router | None:
    """Return the router between the port's subnets and the external network."""
    subnets = {ip["subnet_id"] for ip in port.fixed_ips}
    candidates = ctx.world.tx.query(Router, {"external_network_id": floating.network_id})
    return next((router for router in candidates if subnets & set(router.subnets)), None)


def _create(ctx: Context, body: dict[str, Any]) -> FloatingIp:
    """Allocate an address of an external network, and associate it with a port if the body names one."""
    network = _get_external_network(ctx, body["floating_network_id"])
    port = create_port(
        ctx.world, network, "", fixed_ips=_requested_addresses(body), device_owner="network:floatingip", status="N/A"
    )
    usable = [ip["ip_address"] for ip in port.fixed_ips if ":" not in ip["ip_address"]]
    if not usable:
        raise BadRequest(
            reason=f"Bad floatingip request: Network {network.id} does not contain any IPv4 subnet.", type="BadRequest"
        )
    floating = FloatingIp(
        id=ctx.world.ids.uuid(),
        address=_find_ipv4_address(port),
        network_id=network.id,
        project_id=read_project_id(ctx, body),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **build_fields(ctx, FLOATING_IP, body, "floatingip"),
    )
    port.device_id = floating.id
    ctx.world.tx.put(port)
    if body.get("port_id"):
        _associate(ctx, floating, body)
    return floating


def _get_external_network(ctx: Context, id: str) -> Network:
    network = networks.get_or_404(ctx, id)
    if not network.external:
        raise BadRequest(
            reason=f"Bad floatingip request: Network {network.id} is not a valid external network.", type="BadRequest"
        )
    return network


def _find_ipv4_address(port: Port) -> str:
    for ip in port.fixed_ips:
        if ":" not in ip["ip_address"]:
            return ip["ip_address"]
    raise BadRequest(reason=f"Bad floatingip request: Network {port.network_id} does not contain any IPv4 subnet.")


def _requested_addresses(body: dict[str, Any]) -> list[dict[str, str]] | None:
    keys = {"ip_address": "floating_ip_address", "subnet_id": "subnet_id"}
    request = {name: body[key] for name, key in keys.items() if body.get(key)}
    return [request] if request else None


def _associate(ctx: Context, floating: FloatingIp, body: dict[str, Any]) -> None:
    floating.fixed_ip = find_fixed_ip(ctx, floating, body)
    floating.port_id = body["port_id"]


def find_fixed_ip(ctx: Context, floating: FloatingIp, body: dict[str, Any]) -> str:
    """
    Return the IPv4 address that a floating IP gets if it is associated with a port.

    Args:
        body: `port_id`, and optionally `fixed_ip_address`.

    Raises:
        BadRequest: the port has no such address (400).
        NotFound: no such port, or no router connects the networks (404).
        Conflict: the address has another floating IP of the same network (409).
    """
    port = ports.get_own(ctx, body["port_id"])
    fixed = [ip for ip in port.fixed_ips if ":" not in ip["ip_address"]]
    if body.get("fixed_ip_address"):
        fixed = [ip for ip in fixed if ip["ip_address"] == body["fixed_ip_address"]]
    if not fixed:
        raise BadRequest(
            reason=f"Bad floatingip request: Port {port.id} does not have fixed ip address.", type="BadRequest"
        )
    routers = ctx.world.tx.query(Router, {"external_network_id": floating.network_id})
    if not any(fixed[0]["subnet_id"] in router.subnets for router in routers):
        raise NotFound(
            reason=f"External network {floating.network_id} is not reachable from subnet {fixed[0]['subnet_id']}.  "
            f"Therefore, cannot associate Port {port.id} with a Floating IP.",
            type="ExternalGatewayForFloatingIPNotFound",
        )
    _check_not_associated(ctx, floating, port, fixed[0]["ip_address"])
    return fixed[0]["ip_address"]


def _check_not_associated(ctx: Context, floating: FloatingIp, port: Port, fixed: str) -> None:
    for other in ctx.world.tx.query(FloatingIp, {"port_id": port.id, "fixed_ip": fixed}):
        if other.id != floating.id and other.network_id == floating.network_id:
            raise Conflict(
                reason=f"Cannot associate floating IP {floating.address} ({floating.id}) with port {port.id} using "
                f"fixed IP {fixed}, as that fixed IP already has a floating IP on external network "
                f"{floating.network_id}.",
                type="FloatingIPPortAlreadyAssociated",
            )


def _apply_update(ctx: Context, floating: FloatingIp, body: dict[str, Any]) -> None:
    if "port_id" in body:
        floating.port_id = floating.fixed_ip = None
        if body["port_id"]:
            _associate(ctx, floating, body)
    elif body.get("fixed_ip_address"):
        raise BadRequest(
            reason="Bad floatingip request: fixed_ip_address cannot be specified without a port_id.", type="BadRequest"
        )


def _delete(ctx: Context, floating: FloatingIp) -> None:
    for port in ctx.world.tx.query(Port, {"device_id": floating.id}):
        ctx.world.tx.delete(port)
    ctx.world.tx.delete(floating)


floating_ips = Resource(FloatingIp, "floatingip", _view, _create, _apply_update, _delete)

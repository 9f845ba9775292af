"""/v2.0/routers, their interfaces, gateways and routes."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import common, new_fields, project_of, shown
from novasim.api.network.networks import networks
from novasim.api.network.ports import check_free, ports
from novasim.api.network.resource import Resource
from novasim.api.network.subnets import subnets
from novasim.api.network.tables import ROUTER
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import FloatingIp, Network, Port, Router, Subnet
from novasim.simulation.network import create_port
from novasim.strutils import bool_from_string

INTERFACE, GATEWAY = "network:router_interface", "network:router_gateway"


def _view(ctx: Context, router: Router) -> dict[str, Any]:
    return (
        common(router)
        | shown(ctx, ROUTER, router)
        | {"status": "ACTIVE", "external_gateway_info": _gateway_view(ctx, router), "availability_zones": ["nova"]}
    )


def _gateway_view(ctx: Context, router: Router) -> dict[str, Any] | None:
    if not router.external_network_id:
        return None
    held = ctx.world.tx.query(Port, {"device_id": router.id, "device_owner": GATEWAY})
    return {
        "network_id": router.external_network_id,
        "enable_snat": router.more.get("enable_snat", True),
        "external_fixed_ips": [ip for port in held for ip in port.fixed_ips],
        "qos_policy_id": None,
    }


def _make(ctx: Context, asked: dict[str, Any]) -> Router:
    router = Router(
        id=ctx.world.ids.uuid(),
        project_id=project_of(ctx, asked),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **new_fields(ctx, ROUTER, asked, "router"),
    )
    _change(ctx, router, asked)
    return router


def _change(ctx: Context, router: Router, asked: dict[str, Any]) -> None:
    if "external_gateway_info" in asked:
        _set_gateway(ctx, router, asked["external_gateway_info"] or {})


def _set_gateway(ctx: Context, router: Router, info: dict[str, Any]) -> None:
    if info.get("network_id") != router.external_network_id:
        _clear_gateway(ctx, router)
        if info:
            _open_gateway(ctx, router, info)
    if "enable_snat" in info:
        router.more["enable_snat"] = bool_from_string(info["enable_snat"])


def _open_gateway(ctx: Context, router: Router, info: dict[str, Any]) -> None:
    network = networks.get(ctx, info["network_id"])
    if not network.external:
        raise BadRequest(reason=f"Bad router request: Network {network.id} is not an external network.")
    router.external_network_id = network.id
    create_port(
        ctx.world,
        network,
        "",
        fixed_ips=info.get("external_fixed_ips"),
        device_id=router.id,
        device_owner=GATEWAY,
        status="ACTIVE",
    )


def _clear_gateway(ctx: Context, router: Router) -> None:
    if _addresses_through(ctx, router, set(router.subnets)):
        raise Conflict(
            reason=f"Gateway cannot be updated for router {router.id}, since a gateway to external network "
            f"{router.external_network_id} is required by one or more floating IPs.",
            type="RouterExternalGatewayInUseByFloatingIp",
        )
    for port in ctx.world.tx.query(Port, {"device_id": router.id, "device_owner": GATEWAY}):
        ctx.world.tx.delete(port)
    router.external_network_id = None


def _addresses_through(ctx: Context, router: Router, inside: set[str]) -> list[FloatingIp]:
    """Floating addresses that reach ports of these subnets by way of the router."""
    found = []
    for floating in ctx.world.tx.query(FloatingIp, {"network_id": router.external_network_id or "-"}):
        port = ctx.world.tx.get(Port, floating.port_id or "")
        if port and any(ip["subnet_id"] in inside and ip["ip_address"] == floating.fixed_ip for ip in port.fixed_ips):
            found.append(floating)
    return found


def _remove(ctx: Context, router: Router) -> None:
    if router.subnets:
        raise Conflict(reason=f"Router {router.id} still has ports", type="RouterInUse")
    _clear_gateway(ctx, router)
    ctx.world.tx.delete(router)


routers = Resource(Router, "router", _view, _make, _change, _remove)


def add_interface(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/add_router_interface: join a subnet, with its gateway's address or with a port's."""
    router = routers.own(ctx, id)
    given = _given_port(ctx)
    if given and given.device_id:
        raise Conflict(
            reason=f"Unable to complete operation on port {given.id} for network {given.network_id}. Port already has "
            f"an attached device {given.device_id}.",
            type="PortInUse",
        )
    subnet = _subnet_asked(ctx, given)
    if subnet.id in router.subnets:
        raise BadRequest(
            reason=f"Bad router request: Router already has a port on subnet {subnet.id}.", type="BadRequest"
        )
    port = given or _gateway_port(ctx, router, subnet)
    port.device_id, port.device_owner, port.status = router.id, INTERFACE, "ACTIVE"
    router.subnets.append(subnet.id)
    ctx.world.tx.put(port)
    ctx.world.tx.put(router)
    return _interface_view(router, port, subnet)


def _gateway_port(ctx: Context, router: Router, subnet: Subnet) -> Port:
    if not subnet.gateway_ip:
        raise BadRequest(reason="Bad router request: Subnet for router interface must have a gateway IP.")
    network = ctx.world.tx.get(Network, subnet.network_id)
    assert network is not None
    wanted = [{"subnet_id": subnet.id, "ip_address": subnet.gateway_ip}]
    check_free(ctx, network.id, wanted)
    return create_port(ctx.world, network, router.project_id, fixed_ips=wanted)


def remove_interface(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/remove_router_interface: leave a subnet that no floating address needs."""
    router = routers.own(ctx, id)
    subnet = _subnet_asked(ctx, _given_port(ctx))
    if subnet.id not in router.subnets:
        raise NotFound(
            reason=f"Router {router.id} has no interface on subnet {subnet.id}", type="RouterInterfaceNotFoundForSubnet"
        )
    if _addresses_through(ctx, router, {subnet.id}):
        raise Conflict(
            reason=f"Router interface for subnet {subnet.id} on router {router.id} cannot be deleted, as it is "
            "required by one or more floating IPs.",
            type="RouterInterfaceInUseByFloatingIP",
        )
    router.subnets.remove(subnet.id)
    ctx.world.tx.put(router)
    held = [
        port
        for port in ctx.world.tx.query(Port, {"device_id": router.id, "device_owner": INTERFACE})
        if any(ip["subnet_id"] == subnet.id for ip in port.fixed_ips)
    ]
    for port in held:
        ctx.world.tx.delete(port)
    return _interface_view(router, held[0] if held else None, subnet)


def _given_port(ctx: Context) -> Port | None:
    return ports.own(ctx, ctx.body["port_id"]) if ctx.body.get("port_id") else None


def _subnet_asked(ctx: Context, port: Port | None) -> Subnet:
    if port is None:
        return subnets.get(ctx, ctx.body["subnet_id"])
    if not port.fixed_ips:
        raise BadRequest(reason="Bad router request: Router port must have at least one fixed IP.", type="BadRequest")
    return subnets.get(ctx, port.fixed_ips[0]["subnet_id"])


def _interface_view(router: Router, port: Port | None, subnet: Subnet) -> dict[str, Any]:
    return {
        "id": router.id,
        "tenant_id": router.project_id,
        "port_id": port.id if port else None,
        "network_id": subnet.network_id,
        "subnet_id": subnet.id,
        "subnet_ids": [subnet.id],
    }


def add_routes(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/add_extraroutes: routes beside those that are there."""
    return _routed(ctx, id, lambda old, asked: old + [route for route in asked if route not in old])


def remove_routes(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/remove_extraroutes."""
    return _routed(ctx, id, lambda old, asked: [route for route in old if route not in asked])


def _routed(ctx: Context, id: str, change: Any) -> dict[str, Any]:
    router = routers.own(ctx, id)
    router.more["routes"] = change(router.more.get("routes", []), ctx.body["router"]["routes"] or [])
    router.revision += 1
    router.updated_at = ctx.world.time
    ctx.world.tx.put(router)
    return {"router": _view(ctx, router)}

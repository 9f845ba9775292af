"""/v2.0/routers, their interfaces, gateways and routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.networks import networks
from novasim.api.network.ports import ports
from novasim.api.network.resource import Resource
from novasim.api.network.subnets import subnets
from novasim.api.network.tables import ROUTER
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import FloatingIp, Network, Port, Router, Subnet
from novasim.simulation.addresses import change_addresses
from novasim.simulation.network import create_port
from novasim.strutils import bool_from_string

Routes = list[dict[str, str]]

INTERFACE, GATEWAY = "network:router_interface", "network:router_gateway"


def _view(ctx: Context, router: Router) -> dict[str, Any]:
    return (
        common_view(router)
        | attribute_view(ctx, ROUTER, router)
        | {"status": "ACTIVE", "external_gateway_info": _gateway_view(ctx, router), "availability_zones": ["nova"]}
    )


def _gateway_view(ctx: Context, router: Router) -> dict[str, Any] | None:
    if not router.external_network_id:
        return None
    gateways = ctx.world.tx.query(Port, {"device_id": router.id, "device_owner": GATEWAY})
    return {
        "network_id": router.external_network_id,
        "enable_snat": router.more.get("enable_snat", True),
        "external_fixed_ips": [ip for port in gateways for ip in port.fixed_ips],
        "qos_policy_id": None,
    }


def _create(ctx: Context, body: dict[str, Any]) -> Router:
    router = Router(
        id=ctx.world.ids.uuid(),
        project_id=read_project_id(ctx, body),
        created_at=ctx.world.time,
        updated_at=ctx.world.time,
        **build_fields(ctx, ROUTER, body, "router"),
    )
    _apply_update(ctx, router, body)
    return router


def _apply_update(ctx: Context, router: Router, body: dict[str, Any]) -> None:
    if "external_gateway_info" in body:
        _set_gateway(ctx, router, body["external_gateway_info"] or {})


def _set_gateway(ctx: Context, router: Router, info: dict[str, Any]) -> None:
    if info.get("network_id") != router.external_network_id:
        _clear_gateway(ctx, router)
        if info:
            _create_gateway(ctx, router, info)
    elif info.get("external_fixed_ips"):
        _move_gateway(ctx, router, info["external_fixed_ips"])
    if "enable_snat" in info:
        router.more["enable_snat"] = bool_from_string(info["enable_snat"])


def _create_gateway(ctx: Context, router: Router, info: dict[str, Any]) -> None:
    network = networks.get_or_404(ctx, info["network_id"])
    if not network.external:
        raise _bad_request(f"Network {network.id} is not an external network")
    for subnet in ctx.world.tx.query(Subnet, {"network_id": network.id}):
        _check_overlap(ctx, router, subnet)
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


def _move_gateway(ctx: Context, router: Router, addresses: list[dict[str, str]]) -> None:
    """
    Give the gateway of a router other addresses on its present network.

    Source: neutron/db/l3_db.py, _check_for_external_ip_change and _update_current_gw_port.
    """
    network = ctx.world.tx.get(Network, router.external_network_id or "")
    assert network is not None
    for port in ctx.world.tx.query(Port, {"device_id": router.id, "device_owner": GATEWAY}):
        change_addresses(ctx.world, network, port, addresses)


def _clear_gateway(ctx: Context, router: Router) -> None:
    if _find_floating_ips(ctx, router, set(router.subnets)):
        raise Conflict(
            reason=f"Gateway cannot be updated for router {router.id}, since a gateway to external network "
            f"{router.external_network_id} is required by one or more floating IPs.",
            type="RouterExternalGatewayInUseByFloatingIp",
        )
    for port in ctx.world.tx.query(Port, {"device_id": router.id, "device_owner": GATEWAY}):
        ctx.world.tx.delete(port)
    router.external_network_id = None


def _find_floating_ips(ctx: Context, router: Router, subnet_ids: set[str]) -> list[FloatingIp]:
    """Return the floating IPs that reach ports in these subnets through the router."""
    found = []
    for floating in ctx.world.tx.query(FloatingIp, {"network_id": router.external_network_id or "-"}):
        port = ctx.world.tx.get(Port, floating.port_id or "")
        if port and any(
            ip["subnet_id"] in subnet_ids and ip["ip_address"] == floating.fixed_ip for ip in port.fixed_ips
        ):
            found.append(floating)
    return found


def _delete(ctx: Context, router: Router) -> None:
    if router.subnets:
        raise Conflict(reason=f"Router {router.id} still has ports", type="RouterInUse")
    _clear_gateway(ctx, router)
    ctx.world.tx.delete(router)


routers = Resource(Router, "router", _view, _create, _apply_update, _delete)


def add_interface(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/add_router_interface: connect a subnet, or the subnet of a port. 400, 403, 404, 409."""
    router = routers.get_own(ctx, id)
    if {"subnet_id", "port_id"} <= ctx.body.keys():
        raise _bad_request("Cannot specify both subnet-id and port-id")
    requested = _find_requested_port(ctx)
    if requested and requested.device_id:
        raise Conflict(
            reason=f"Unable to complete operation on port {requested.id} for network {requested.network_id}. "
            f"Port already has an attached device {requested.device_id}.",
            type="PortInUse",
        )
    subnet = _find_requested_subnet(ctx, requested)
    if subnet.id in router.subnets:
        raise _bad_request(f"Router already has a port on subnet {subnet.id}")
    _check_overlap(ctx, router, subnet)
    port = requested or _create_interface_port(ctx, router, subnet)
    port.device_id, port.device_owner, port.status = router.id, INTERFACE, "ACTIVE"
    router.subnets.append(subnet.id)
    ctx.world.tx.put(port)
    ctx.world.tx.put(router)
    return _interface_view(router, port, subnet)


def _bad_request(text: str) -> BadRequest:
    return BadRequest(reason=f"Bad router request: {text}.", type="BadRequest")


def _check_overlap(ctx: Context, router: Router, subnet: Subnet) -> None:
    """
    Refuse (400) a subnet whose addresses overlap with those of another subnet of the router or of its gateway.

    Source: neutron/db/l3_db.py _check_for_dup_router_subnets.
    """
    import ipaddress

    cidr: Any = ipaddress.ip_network(subnet.cidr)
    external = ctx.world.tx.query(Subnet, {"network_id": router.external_network_id or "-"})
    for other in (*filter(None, (ctx.world.tx.get(Subnet, id) for id in router.subnets)), *external):
        if other.ip_version == subnet.ip_version and cidr.overlaps(ipaddress.ip_network(other.cidr)):
            raise _bad_request(
                f"Cidr {subnet.cidr} of subnet {subnet.id} overlaps with cidr {other.cidr} of subnet {other.id}"
            )


def _create_interface_port(ctx: Context, router: Router, subnet: Subnet) -> Port:
    if not subnet.gateway_ip:
        raise _bad_request("Subnet for router interface must have a gateway IP")
    network = ctx.world.tx.get(Network, subnet.network_id)
    assert network is not None
    addresses = [{"subnet_id": subnet.id, "ip_address": subnet.gateway_ip}]
    return create_port(ctx.world, network, router.project_id, fixed_ips=addresses, device_owner=INTERFACE)


def remove_interface(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/remove_router_interface: disconnect a subnet. 400, 403, 404, 409."""
    router = routers.get_own(ctx, id)
    requested = _find_requested_port(ctx)
    if requested and requested.device_id != router.id:
        raise NotFound(
            reason=f"Router {router.id} does not have an interface with id {requested.id}",
            type="RouterInterfaceNotFound",
        )
    subnet = _find_requested_subnet(ctx, requested)
    _check_removable(ctx, router, subnet)
    router.subnets.remove(subnet.id)
    ctx.world.tx.put(router)
    interfaces = [
        port
        for port in ctx.world.tx.query(Port, {"device_id": router.id, "device_owner": INTERFACE})
        if any(ip["subnet_id"] == subnet.id for ip in port.fixed_ips)
    ]
    for port in interfaces:
        ctx.world.tx.delete(port)
    return _interface_view(router, interfaces[0] if interfaces else None, subnet)


def _check_removable(ctx: Context, router: Router, subnet: Subnet) -> None:
    if ctx.body.get("subnet_id") not in (None, subnet.id):
        raise BadRequest(
            reason=f"Subnet on port {ctx.body['port_id']} does not match the requested subnet {ctx.body['subnet_id']}.",
            type="SubnetMismatchForPort",
        )
    if subnet.id not in router.subnets:
        raise NotFound(
            reason=f"Router {router.id} has no interface on subnet {subnet.id}", type="RouterInterfaceNotFoundForSubnet"
        )
    if _find_floating_ips(ctx, router, {subnet.id}):
        raise Conflict(
            reason=f"Router interface for subnet {subnet.id} on router {router.id} cannot be deleted, as it is "
            "required by one or more floating IPs.",
            type="RouterInterfaceInUseByFloatingIP",
        )


def _find_requested_port(ctx: Context) -> Port | None:
    return ports.get_own(ctx, ctx.body["port_id"]) if ctx.body.get("port_id") else None


def _find_requested_subnet(ctx: Context, port: Port | None) -> Subnet:
    if port is None:
        return subnets.get_or_404(ctx, ctx.body["subnet_id"])
    if not port.fixed_ips:
        raise _bad_request("Router port must have at least one fixed IP")
    return subnets.get_or_404(ctx, port.fixed_ips[0]["subnet_id"])


def _interface_view(router: Router, port: Port | None, subnet: Subnet) -> dict[str, Any]:
    return {
        "id": router.id,
        "tenant_id": router.project_id,
        "project_id": router.project_id,
        "port_id": port.id if port else None,
        "network_id": subnet.network_id,
        "subnet_id": subnet.id,
        "subnet_ids": [subnet.id],
    }


def add_routes(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/add_extraroutes: add routes. 400, 403, 404."""
    return _change_routes(ctx, id, lambda present, new: present + [route for route in new if route not in present])


def remove_routes(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/remove_extraroutes: remove routes. 400, 403, 404."""
    return _change_routes(ctx, id, lambda present, old: [route for route in present if route not in old])


def _change_routes(ctx: Context, id: str, change: Callable[[Routes, Routes], Routes]) -> dict[str, Any]:
    router = routers.get_own(ctx, id)
    router.more["routes"] = change(router.more.get("routes", []), ctx.body["router"]["routes"] or [])
    router.revision += 1
    router.updated_at = ctx.world.time
    ctx.world.tx.put(router)
    return {"router": _view(ctx, router)}

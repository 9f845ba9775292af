"""/v2.0/ports, /v2.0/floatingips, /v2.0/routers."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.networks import networks, subnets
from novasim.api.network.resource import Resource, assign, common, project_of
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import FloatingIp, Network, Port, Router, Subnet
from novasim.simulation.network import create_port, group_ids, unplug

ROUTER_OWNERS = ("network:router_interface", "network:router_gateway")


def _port_view(ctx: Context, port: Port) -> dict[str, Any]:
    view = common(port) | {
        "network_id": port.network_id,
        "admin_state_up": port.admin_state_up,
        "mac_address": port.mac_address,
        "fixed_ips": port.fixed_ips,
        "device_id": port.device_id,
        "device_owner": port.device_owner,
        "status": port.status,
        "security_groups": port.security_groups,
        "port_security_enabled": True,
        "allowed_address_pairs": [],
        "extra_dhcp_opts": [],
        "binding:vnic_type": "normal",
        "dns_name": "",
        "dns_assignment": [],
        "qos_policy_id": None,
        "propagate_uplink_status": True,
    }
    if ctx.caller.is_admin:
        view |= {
            "binding:host_id": port.host,
            "binding:vif_type": "ovs" if port.host else "unbound",
            "binding:vif_details": {},
            "binding:profile": {},
        }
    return view


def _make_port(ctx: Context, asked: dict[str, Any]) -> Port:
    network = networks.get(ctx, str(asked.get("network_id")))
    project = project_of(ctx, asked)
    groups = asked.get("security_groups")
    return create_port(
        ctx.world, network, project, fixed_ips=asked.get("fixed_ips"), name=asked.get("name", ""),
        security_groups=groups if groups is not None else group_ids(ctx.world, project, ["default"]),
        description=asked.get("description", ""), admin_state_up=asked.get("admin_state_up", True),
        device_id=asked.get("device_id", ""), device_owner=asked.get("device_owner", ""),
    )  # fmt: skip


def _change_port(ctx: Context, port: Port, asked: dict[str, Any]) -> None:
    asked.pop("binding:host_id", None)
    assign(port, asked, ("name", "description", "admin_state_up", "security_groups", "device_id", "device_owner"))


def _remove_port(ctx: Context, port: Port) -> None:
    if port.device_owner in ROUTER_OWNERS:
        raise Conflict(
            reason=f"Port {port.id} cannot be deleted directly via the port API: has device owner {port.device_owner}."
        )
    port.made_by_nova = True
    unplug(ctx.world, port)


ports = Resource(Port, "port", "ports", _port_view, _make_port, _change_port, _remove_port)


def _floating_view(ctx: Context, floating: FloatingIp) -> dict[str, Any]:
    port = ctx.world.tx.get(Port, floating.port_id or "")
    router = next(iter(ctx.world.tx.find(Router, external_network_id=floating.network_id)), None)
    return {name: value for name, value in common(floating).items() if name != "name"} | {
        "floating_ip_address": floating.address,
        "floating_network_id": floating.network_id,
        "fixed_ip_address": floating.fixed_ip,
        "port_id": floating.port_id,
        "router_id": router.id if router and floating.port_id else None,
        "status": "ACTIVE" if floating.port_id else "DOWN",
        "port_details": _port_details(port),
        "dns_domain": "",
        "dns_name": "",
        "qos_policy_id": None,
        "port_forwardings": [],
    }


def _port_details(port: Port | None) -> dict[str, Any] | None:
    if port is None:
        return None
    shown = ("name", "network_id", "mac_address", "admin_state_up", "status", "device_id", "device_owner")
    return {name: getattr(port, name) for name in shown}


def _make_floating(ctx: Context, asked: dict[str, Any]) -> FloatingIp:
    """An address of an external network; it may be given to a port at once."""
    network = networks.get(ctx, str(asked.get("floating_network_id")))
    if not network.external:
        raise BadRequest(reason=f"Bad floatingip request: Network {network.id} is not a valid external network.")
    wanted = asked.get("floating_ip_address")
    holder = create_port(
        ctx.world, network, "", fixed_ips=[{"ip_address": wanted}] if wanted else None,
        device_owner="network:floatingip",
    )  # fmt: skip
    floating = FloatingIp(
        id=ctx.world.ids.uuid(), address=holder.fixed_ips[0]["ip_address"], network_id=network.id,
        project_id=project_of(ctx, asked), description=asked.get("description", ""),
        created_at=ctx.world.time, updated_at=ctx.world.time,
    )  # fmt: skip
    holder.device_id = floating.id
    ctx.world.tx.put(holder)
    if asked.get("port_id"):
        _associate(ctx, floating, asked)
    return floating


def _associate(ctx: Context, floating: FloatingIp, asked: dict[str, Any]) -> None:
    """Let the address stand for one of a port's IPv4 addresses, if a router joins the two networks."""
    port = ports.own(ctx, asked["port_id"])
    fixed = [ip for ip in port.fixed_ips if ":" not in ip["ip_address"]]
    if asked.get("fixed_ip_address"):
        fixed = [ip for ip in fixed if ip["ip_address"] == asked["fixed_ip_address"]]
    if not fixed:
        raise BadRequest(reason=f"Bad floatingip request: Port {port.id} does not have fixed ip address.")
    routers_out = ctx.world.tx.find(Router, external_network_id=floating.network_id)
    if not any(fixed[0]["subnet_id"] in router.subnets for router in routers_out):
        raise NotFound(
            reason=f"External network {floating.network_id} is not reachable from subnet {fixed[0]['subnet_id']}. "
            f"Therefore, cannot associate Port {port.id} with a Floating IP."
        )
    floating.port_id, floating.fixed_ip = port.id, fixed[0]["ip_address"]


def _change_floating(ctx: Context, floating: FloatingIp, asked: dict[str, Any]) -> None:
    if "port_id" in asked:
        floating.port_id = floating.fixed_ip = None
        if asked["port_id"]:
            _associate(ctx, floating, asked)
    floating.description = asked.get("description", floating.description)


def _remove_floating(ctx: Context, floating: FloatingIp) -> None:
    for holder in ctx.world.tx.find(Port, device_id=floating.id):
        ctx.world.tx.delete(holder)
    ctx.world.tx.delete(floating)


floating_ips = Resource(
    FloatingIp, "floatingip", "floatingips", _floating_view, _make_floating, _change_floating, _remove_floating
)


def _router_view(ctx: Context, router: Router) -> dict[str, Any]:
    gateway: dict[str, Any] = {"network_id": router.external_network_id, "enable_snat": True, "external_fixed_ips": []}
    return common(router) | {
        "admin_state_up": router.admin_state_up,
        "status": "ACTIVE",
        "external_gateway_info": gateway if router.external_network_id else None,
        "routes": [],
        "distributed": False,
        "ha": False,
        "availability_zones": ["nova"],
        "availability_zone_hints": [],
        "flavor_id": None,
    }


def _make_router(ctx: Context, asked: dict[str, Any]) -> Router:
    router = Router(
        id=ctx.world.ids.uuid(), name=asked.get("name", ""), project_id=project_of(ctx, asked),
        admin_state_up=asked.get("admin_state_up", True), description=asked.get("description", ""),
        created_at=ctx.world.time, updated_at=ctx.world.time,
    )  # fmt: skip
    _set_gateway(ctx, router, asked)
    return router


def _set_gateway(ctx: Context, router: Router, asked: dict[str, Any]) -> None:
    if "external_gateway_info" not in asked:
        return
    info = asked.pop("external_gateway_info")
    router.external_network_id = None
    if info:
        network = networks.get(ctx, info["network_id"])
        if not network.external:
            raise BadRequest(reason=f"Bad router request: Network {network.id} is not an external network.")
        router.external_network_id = network.id


def _change_router(ctx: Context, router: Router, asked: dict[str, Any]) -> None:
    _set_gateway(ctx, router, asked)
    assign(router, asked, ("name", "description", "admin_state_up"))


def _remove_router(ctx: Context, router: Router) -> None:
    if router.subnets:
        raise Conflict(reason=f"Router {router.id} still has ports")
    ctx.world.tx.delete(router)


routers = Resource(Router, "router", "routers", _router_view, _make_router, _change_router, _remove_router)


def add_interface(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/add_router_interface: join a subnet."""
    router = routers.own(ctx, id)
    subnet = subnets.get(ctx, _subnet_asked(ctx))
    if subnet.id in router.subnets:
        raise BadRequest(reason=f"Bad router request: Router already has a port on subnet {subnet.id}.")
    network = ctx.world.tx.get(Network, subnet.network_id)
    assert network is not None
    port = create_port(
        ctx.world, network, router.project_id, device_id=router.id, device_owner=ROUTER_OWNERS[0], status="ACTIVE"
    )
    router.subnets.append(subnet.id)
    ctx.world.tx.put(router)
    return _interface_view(router, port, subnet)


def remove_interface(ctx: Context, id: str) -> dict[str, Any]:
    """PUT /v2.0/routers/{id}/remove_router_interface: leave a subnet."""
    router = routers.own(ctx, id)
    subnet = subnets.get(ctx, _subnet_asked(ctx))
    if subnet.id not in router.subnets:
        raise NotFound(reason=f"Router {router.id} has no interface on subnet {subnet.id}")
    router.subnets.remove(subnet.id)
    ctx.world.tx.put(router)
    held = ctx.world.tx.find(Port, device_id=router.id, network_id=subnet.network_id)
    for port in held:
        ctx.world.tx.delete(port)
    return _interface_view(router, held[0] if held else None, subnet)


def _subnet_asked(ctx: Context) -> str:
    asked = ctx.body if isinstance(ctx.body, dict) else {}
    if asked.get("subnet_id"):
        return str(asked["subnet_id"])
    port = ports.get(ctx, str(asked.get("port_id")))
    if not port.fixed_ips:
        raise BadRequest(reason="Bad router request: Either subnet_id or port_id must be specified.")
    return port.fixed_ips[0]["subnet_id"]


def _interface_view(router: Router, port: Port | None, subnet: Subnet) -> dict[str, Any]:
    return {
        "id": router.id,
        "tenant_id": router.project_id,
        "port_id": port.id if port else None,
        "network_id": subnet.network_id,
        "subnet_id": subnet.id,
        "subnet_ids": [subnet.id],
    }

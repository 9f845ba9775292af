"""Arguments of the actions on floating IPs, fixed IPs and security groups."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import list_ports
from novasim.api.compute.servers.security_groups import find_groups
from novasim.api.context import Context
from novasim.api.network.floating_ips import find_fixed_ip
from novasim.errors import BadRequest, Conflict, NovaFault
from novasim.lifecycle.check import Facts
from novasim.lifecycle.floating_ip_checks import removed_floating_ip_exists
from novasim.lifecycle.networks import describe_association, missing_floating_ip
from novasim.records import FloatingIp, Port, Server


def read_add_floating_ip(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """The floating IP, and the port and fixed IP that get it (by default the server's first IPv4 address)."""
    address, fixed_ref = arguments["address"], arguments.get("fixed_address")
    ports = list_ports(ctx, server)
    port, fixed_ip = _choose_fixed_ip(ports, fixed_ref)
    floating_ip = _find_floating_ip(ctx, address)
    facts = read_facts(
        ctx,
        server,
        server_ports=tuple(ports),
        floating_ip_ref=address,
        floating_ip=floating_ip,
        fixed_ip_ref=fixed_ref,
        fixed_ip=fixed_ip,
    )
    if floating_ip is None or port is None or fixed_ip is None:
        return ActionRequest(facts, {})
    refusal = _find_association_refusal(ctx, server, floating_ip, port, fixed_ip)
    args = {"floating_ip": floating_ip.id, "port": port.id, "fixed_ip": fixed_ip}
    return ActionRequest(facts._replace(association_refusal=refusal), args)


def _choose_fixed_ip(ports: list[Port], fixed_ref: str | None) -> tuple[Port | None, str | None]:
    """The address that the request names, or else the first IPv4 address, and its port."""
    for port in ports:
        for ip in port.fixed_ips:
            if ip["ip_address"] == fixed_ref or (fixed_ref is None and ":" not in ip["ip_address"]):
                return port, ip["ip_address"]
    return None, None


def _find_association_refusal(
    ctx: Context, server: Server, floating_ip: FloatingIp, port: Port, fixed_ip: str
) -> NovaFault | None:
    """Why the network service does not associate the addresses, in Nova's words."""
    try:
        find_fixed_ip(ctx, floating_ip, {"port_id": port.id, "fixed_ip_address": fixed_ip})
    except Conflict as fault:
        return BadRequest(reason=str(fault))
    except NovaFault as fault:
        return BadRequest(reason=describe_association(server, floating_ip.address, fixed_ip) + str(fault))
    return None


def check_floating_ip(ctx: Context, arguments: Any) -> None:
    """Refuse (404) to remove an unknown floating IP, before the server is looked up."""
    if _find_floating_ip(ctx, arguments["address"]) is None:
        fault = missing_floating_ip(arguments["address"])
        fault.facts["check"] = removed_floating_ip_exists.name
        raise fault


def read_remove_floating_ip(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read remove-floating-ip: the floating IP."""
    floating_ip = _find_floating_ip(ctx, arguments["address"])
    facts = read_facts(
        ctx,
        server,
        server_ports=tuple(list_ports(ctx, server)),
        floating_ip_ref=arguments["address"],
        floating_ip=floating_ip,
    )
    return ActionRequest(facts, {"floating_ip": floating_ip.id if floating_ip else None})


def _find_floating_ip(ctx: Context, address: str) -> FloatingIp | None:
    for floating_ip in ctx.world.tx.query(FloatingIp, {"address": address}):
        if floating_ip.project_id == ctx.caller.project_id or ctx.caller.is_admin:
            return floating_ip
    return None


def read_add_fixed_ip(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read add-fixed-ip: the network on which the server gets another address."""
    return ActionRequest(read_facts(ctx, server), {"network": arguments["networkId"]})


def read_remove_fixed_ip(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read remove-fixed-ip: the address to remove."""
    return ActionRequest(read_facts(ctx, server), {"address": arguments["address"]})


def read_add_security_group(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """The security group, and the ports that join it. A port can be in a group twice, as recorded from Nova."""
    facts = _read_group_facts(ctx, server, arguments)
    ports = [port.id for port in facts.server_ports or ()]
    return ActionRequest(facts, {"group": facts.groups[0].id if facts.groups else None, "ports": ports})


def read_remove_security_group(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """The security group, and the ports that leave it."""
    facts = _read_group_facts(ctx, server, arguments)
    group = facts.groups[0].id if facts.groups else None
    ports = [port.id for port in facts.server_ports or () if group in port.security_groups]
    return ActionRequest(facts, {"group": group, "ports": ports})


def _read_group_facts(ctx: Context, server: Server, arguments: Any) -> Facts:
    name = arguments["name"]
    ports = tuple(list_ports(ctx, server))
    return read_facts(ctx, server, group_ref=name, groups=find_groups(ctx, name), server_ports=ports)


HANDLERS = {
    "add-floating-ip": ActionHandler(read_add_floating_ip),
    "remove-floating-ip": ActionHandler(read_remove_floating_ip, check_first=check_floating_ip),
    "add-fixed-ip": ActionHandler(read_add_fixed_ip),
    "remove-fixed-ip": ActionHandler(read_remove_fixed_ip),
    "add-security-group": ActionHandler(read_add_security_group),
    "remove-security-group": ActionHandler(read_remove_security_group),
}

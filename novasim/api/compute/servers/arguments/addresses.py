"""Arguments of the actions on floating IPs, fixed IPs and security groups."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.arguments import ActionHandler, ActionRequest
from novasim.api.compute.servers.facts import read_facts
from novasim.api.compute.servers.lookup import list_ports
from novasim.api.compute.servers.security_groups import find_group
from novasim.api.context import Context
from novasim.api.network.floating_ips import find_fixed_ip
from novasim.errors import BadRequest, Conflict, NotFound, NovaFault
from novasim.records import FloatingIp, Port, SecurityGroup, Server
from novasim.simulation.network_allocation import NO_SECURITY_GROUPS

NO_SUCH_FLOATING_IP = "Floating IP not found for address {}."


def read_add_floating_ip(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """
    The floating IP, and the port and fixed IP that get it (by default the server's first IPv4 address).

    Raises:
        BadRequest: the server has no address yet, or not that one, or the network service refuses it (400).
        NotFound: no such floating IP (404).

    Source: nova/api/openstack/compute/floating_ips.py, _add_floating_ip.
    """
    address, fixed = arguments["address"], arguments.get("fixed_address")
    port, fixed_ip = _choose_fixed_ip(ctx, server, address, fixed)
    refusal = f"Unable to associate floating IP {address} to fixed IP {fixed_ip} for instance {server.id}. Error: "
    if server.availability_zone is None:  # Nova looks for ports in the server's zone; an offloaded server has none
        raise BadRequest(reason=f"{refusal}Fixed IP not found for address {fixed_ip}.")
    floating_ip = _get_floating_ip(ctx, address, "floating IP not found")
    try:
        find_fixed_ip(ctx, floating_ip, {"port_id": port.id, "fixed_ip_address": fixed_ip})
    except Conflict as fault:
        raise BadRequest(reason=str(fault)) from None
    except NovaFault as fault:
        raise BadRequest(reason=refusal + str(fault)) from None
    return ActionRequest(
        read_facts(ctx, server), {"floating_ip": floating_ip.id, "port": port.id, "fixed_ip": fixed_ip}
    )


def _choose_fixed_ip(ctx: Context, server: Server, address: str, fixed: str | None) -> tuple[Port, str]:
    ports = list_ports(ctx, server)
    fixed_ips = [(port, ip["ip_address"]) for port in ports for ip in port.fixed_ips]
    if not fixed_ips:
        raise BadRequest(reason="No fixed IPs associated to instance" if ports else "Instance network is not ready yet")
    for port, ip in fixed_ips:
        if ip == fixed or (fixed is None and ":" not in ip):
            return port, ip
    if fixed is not None:
        raise BadRequest(reason="Specified fixed address not assigned to instance")
    raise BadRequest(
        reason=f"Unable to associate floating IP {address} to any fixed IPs for instance {server.id}. Instance has no "
        "fixed IPv4 addresses to associate."
    )


def check_floating_ip(ctx: Context, arguments: Any) -> None:
    """Refuse (404) to remove an unknown floating IP, before the server is looked up."""
    _get_floating_ip(ctx, arguments["address"], NO_SUCH_FLOATING_IP)


def read_remove_floating_ip(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """
    The floating IP.

    Raises:
        NotFound: no such floating IP (404). Conflict: it does not belong to this server (409).
    """
    address = arguments["address"]
    floating_ip = _get_floating_ip(ctx, address, NO_SUCH_FLOATING_IP)
    if floating_ip.port_id not in {port.id for port in list_ports(ctx, server)}:
        raise Conflict(reason=f"Floating IP {address} is not associated with instance {server.id}.")
    return ActionRequest(read_facts(ctx, server), {"floating_ip": floating_ip.id})


def _get_floating_ip(ctx: Context, address: str, message: str) -> FloatingIp:
    for floating_ip in ctx.world.tx.query(FloatingIp, {"address": address}):
        if floating_ip.project_id == ctx.caller.project_id or ctx.caller.is_admin:
            return floating_ip
    raise NotFound(reason=message.format(address))


def read_add_fixed_ip(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read add-fixed-ip: the network on which the server gets another address."""
    return ActionRequest(read_facts(ctx, server), {"network": arguments["networkId"]})


def read_remove_fixed_ip(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """Read remove-fixed-ip: the address to remove."""
    return ActionRequest(read_facts(ctx, server), {"address": arguments["address"]})


def read_add_security_group(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """
    The security group, and the ports that join it. A port can be in a group twice, as recorded from Nova.

    Raises:
        BadRequest: the name is blank, or a port has no address or no port security (400).
        NotFound: no such group, or the server has no ports (404). Conflict: several groups have the name (409).
    """
    group, ports = _get_group(ctx, arguments["name"]), _get_ports(ctx, server)
    if not all(_takes_groups(port) for port in ports):
        raise BadRequest(reason=NO_SECURITY_GROUPS)
    return ActionRequest(read_facts(ctx, server), {"group": group.id, "ports": [port.id for port in ports]})


def read_remove_security_group(ctx: Context, server: Server, arguments: Any) -> ActionRequest:
    """
    The security group, and the ports that leave it.

    Raises:
        BadRequest: the name is blank (400). Conflict: several groups have the name (409).
        NotFound: no such group, or no port of the server is in it (404).
    """
    name = arguments["name"]
    group, ports = _get_group(ctx, name), _get_ports(ctx, server)
    leaving = [port.id for port in ports if group.id in port.security_groups]
    if not leaving:
        raise NotFound(reason=f"Security group {name} not associated with the instance {server.id}")
    return ActionRequest(read_facts(ctx, server), {"group": group.id, "ports": leaving})


def _takes_groups(port: Port) -> bool:
    """Source: nova/network/security_group_api.py, _has_security_group_requirements."""
    return bool(port.fixed_ips) and bool(port.more.get("port_security_enabled", True))


def _get_group(ctx: Context, name: str) -> SecurityGroup:
    if not name.strip():
        raise BadRequest(reason="Security group name cannot be empty")
    if group := find_group(ctx, name):
        return group
    raise NotFound(reason=f"Security group {name} is not found for project {ctx.caller.project_id}")


def _get_ports(ctx: Context, server: Server) -> list[Port]:
    if ports := list_ports(ctx, server):
        return ports
    raise NotFound(reason=f"instance_id {server.id} could not be found as device id on any ports")


HANDLERS = {
    "add-floating-ip": ActionHandler(read_add_floating_ip),
    "remove-floating-ip": ActionHandler(read_remove_floating_ip, check_first=check_floating_ip),
    "add-fixed-ip": ActionHandler(read_add_fixed_ip),
    "remove-fixed-ip": ActionHandler(read_remove_fixed_ip),
    "add-security-group": ActionHandler(read_add_security_group),
    "remove-security-group": ActionHandler(read_remove_security_group),
}

"""Floating IPs, fixed IPs and security groups of a server's ports."""

from __future__ import annotations

from typing import Any

from novasim.errors import Conflict
from novasim.records import FloatingIp, Network, Port, Server, Subnet
from novasim.simulation.addresses import change_addresses
from novasim.simulation.effects import Effect
from novasim.simulation.network import keeps_floating_ip
from novasim.simulation.world import World


def add_floating_ip(world: World, server: Server, args: dict[str, Any]) -> str:
    """Associate a floating IP with an address of a port. Args: floating_ip, port (ids), fixed_ip (the address)."""
    _associate(world, args["floating_ip"], args["port"], args["fixed_ip"])
    return ""


def remove_floating_ip(world: World, server: Server, args: dict[str, Any]) -> str:
    """Disassociate a floating IP. Args: floating_ip (id)."""
    _associate(world, args["floating_ip"], None, None)
    return ""


def _associate(world: World, floating_ip_id: str, port_id: str | None, fixed_ip: str | None) -> None:
    if floating_ip := world.tx.get(FloatingIp, floating_ip_id):
        floating_ip.port_id, floating_ip.fixed_ip = port_id, fixed_ip
        world.tx.put(floating_ip)


def add_fixed_ip(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Args: network (id). The first port of the server on it that can gets an address of its first subnet.

    Without such a port the request is accepted and changes nothing, since Nova only sends it to the host.

    Source: nova/network/neutron.py, add_fixed_ip_to_instance.
    """
    network = world.tx.get(Network, args["network"])
    subnets = world.tx.query(Subnet, {"network_id": args["network"]})
    for port in world.tx.query(Port, {"device_id": server.id, "network_id": args["network"]}):
        if network and subnets and _add_address(world, network, port, subnets[0]):
            break
    world.touch(server)
    return ""


def _add_address(world: World, network: Network, port: Port, subnet: Subnet) -> bool:
    """Add an address to a port. Returns False if the network service refuses."""
    try:
        change_addresses(world, network, port, [*port.fixed_ips, {"subnet_id": subnet.id}])
    except Conflict:
        return False
    return True


def remove_fixed_ip(world: World, server: Server, args: dict[str, Any]) -> str:
    """
    Remove an address. Args: address.

    If no port has it, nothing changes, as recorded from Nova; nor if its floating IP prevents that.
    """
    for port in world.tx.query(Port, {"device_id": server.id}):
        kept = [ip for ip in port.fixed_ips if ip["ip_address"] != args["address"]]
        if keeps_floating_ip(world, port, [ip["ip_address"] for ip in kept]):
            port.fixed_ips = kept
            world.tx.put(port)
    world.touch(server)
    return ""


def add_security_group(world: World, server: Server, args: dict[str, Any]) -> str:
    """Add ports to a security group. Args: group, ports (ids)."""
    for port in _ports(world, args["ports"]):
        port.security_groups.append(args["group"])
        world.tx.put(port)
    return ""


def remove_security_group(world: World, server: Server, args: dict[str, Any]) -> str:
    """Remove ports from a security group. Args: group (id), ports (ids of those that are in it)."""
    for port in _ports(world, args["ports"]):
        port.security_groups.remove(args["group"])
        world.tx.put(port)
    return ""


def _ports(world: World, ids: list[str]) -> list[Port]:
    return [port for id in ids if (port := world.tx.get(Port, id))]


EFFECTS = {
    "add-floating-ip": Effect(on_accept=add_floating_ip),
    "remove-floating-ip": Effect(on_accept=remove_floating_ip),
    "add-fixed-ip": Effect(on_accept=add_fixed_ip),
    "remove-fixed-ip": Effect(on_accept=remove_fixed_ip),
    "add-security-group": Effect(on_accept=add_security_group),
    "remove-security-group": Effect(on_accept=remove_security_group),
}

"""Ports and addresses of servers."""

from __future__ import annotations

from typing import Any

from novasim.records import FloatingIp, Network, Port, SecurityGroup, Server
from novasim.simulation.addresses import allocate_addresses
from novasim.simulation.world import World

COMPUTE_OWNER = "compute:"


def list_usable_networks(world: World, project_id: str) -> list[Network]:
    """List the networks that servers of a project use if the request names none."""
    return [
        network
        for network in world.tx.query(Network)
        if (network.shared or network.project_id == project_id) and not network.external
    ]


def create_port(
    world: World, network: Network, project_id: str, fixed_ips: list[dict[str, str]] | None = None, **fields: Any
) -> Port:
    """
    Create a port.

    Args:
        fixed_ips: Subnets or addresses; see `allocate_addresses`. fields: Other fields of the port.

    Raises:
        Conflict: no address is free, or a requested address is taken (409).
        BadRequest: an address is invalid, or an address or subnet does not belong to the network (400).
        NotFound: no such subnet (404).
    """
    port = Port(
        id=world.new_id(),
        network_id=network.id,
        project_id=project_id,
        number=world.allocate_number("ports"),
        created_at=world.time,
        updated_at=world.time,
        **{"mac_address": world.ids.mac()} | fields,
    )
    port.fixed_ips = allocate_addresses(world, network, port, fixed_ips)
    world.tx.put(port)
    return port


def find_security_group_ids(world: World, project_id: str, names: list[str]) -> list[str]:
    """Find the ids of a project's security groups by name or id, each once. Unknown ones are left out."""
    groups = world.query_related(SecurityGroup, "project_id", project_id)
    return list(dict.fromkeys(group.id for name in names for group in groups if name in (group.name, group.id)))


def plug(world: World, server: Server, request: dict[str, Any], groups: list[str]) -> Port | None:
    """
    Bind a port to a server; create it if the request names a network instead.

    Args:
        request: `port` (the id of a port), or `network` (an id) and optionally `fixed_ip`; optionally `tag`.
        groups: Ids of the security groups of a new port.

    Returns:
        The port; None if the requested port or network does not exist any more.
    """
    binding: dict[str, Any] = {
        "device_id": server.id,
        "device_owner": COMPUTE_OWNER + (server.availability_zone or ""),
        "status": "ACTIVE",
        "host": server.host or "",
        "tag": request.get("tag"),
    }
    if request.get("port"):
        return _bind_port(world, request["port"], binding)
    network = world.tx.get(Network, request["network"])
    if network is None:
        return None
    fixed_ips = [{"ip_address": request["fixed_ip"]}] if request.get("fixed_ip") else None
    own = {"made_by_nova": True, "security_groups": list(groups)}
    return create_port(world, network, server.project_id, fixed_ips, **own, **binding)


def _bind_port(world: World, port_id: str, binding: dict[str, Any]) -> Port | None:
    port = world.tx.get(Port, port_id)
    if port:
        port.number = world.allocate_number("ports")
        vars(port).update(binding)
        set_host(world, port, binding["host"])
    return port


def keeps_floating_ip(world: World, port: Port, addresses: list[str | None]) -> bool:
    """
    Whether a port keeps the fixed address of its first floating IP with new addresses. Otherwise they are refused.

    Source: neutron/db/l3_db.py, prevent_internal_ip_change_for_fip.
    """
    floating_ips = world.tx.query(FloatingIp, {"port_id": port.id})
    return not floating_ips or floating_ips[0].fixed_ip in addresses


def get_ip_allocation(port: Port) -> str:
    """Neutron's ip_allocation of a port: "immediate", or "none" if it was created without addresses."""
    return str(port.more.get("ip_allocation", "immediate"))


def unplug(world: World, port: Port) -> None:
    """Unbind a port from its server, and delete it if Nova created it."""
    for floating in world.tx.query(FloatingIp, {"port_id": port.id}):
        floating.port_id = floating.fixed_ip = None
        world.tx.put(floating)
    if port.made_by_nova:
        world.tx.delete(port)
        return
    port.device_id = port.device_owner = port.host = ""
    port.status, port.tag = "DOWN", None
    world.tx.put(port)


def unplug_all(world: World, server: Server) -> None:
    """Unplug all ports of a server; see `unplug`."""
    for port in world.tx.query(Port, {"device_id": server.id}):
        unplug(world, port)


def rebind_ports(world: World, server: Server) -> None:
    """Bind the ports of a server to its present host."""
    for port in world.tx.query(Port, {"device_id": server.id}):
        port.device_owner = COMPUTE_OWNER + (server.availability_zone or "")
        set_host(world, port, server.host)


def set_host(world: World, port: Port, host: str | None) -> None:
    """Bind a port to a host, where it is ACTIVE unless it is disabled; or to none, which keeps its status."""
    port.host = host or ""
    if host:
        port.status = "ACTIVE" if port.admin_state_up else "DOWN"
    world.tx.put(port)

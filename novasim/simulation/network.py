"""Ports and addresses of servers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from novasim.errors import BadRequest, Conflict
from novasim.records import FloatingIp, Network, Port, SecurityGroup, Server, Subnet
from novasim.simulation.world import R, World

COMPUTE_OWNER = "compute:"


def list_usable_networks(world: World, project_id: str) -> list[Network]:
    """List the networks that servers of a project use if the request names none."""
    return [
        network
        for network in world.tx.query(Network)
        if (network.shared or network.project_id == project_id) and not network.external
    ]


def create_port(world: World, network: Network, project_id: str, **fields: Any) -> Port:
    """
    Create a port.

    Args:
        fields: Fields of the port. `fixed_ips` can have subnets or addresses; by default, the port gets an address of
            each subnet.

    Raises:
        Conflict: A subnet has no free address (409).
        BadRequest: An address is invalid or taken, or an address or subnet does not belong to the network (400).
    """
    requested = fields.pop("fixed_ips", None)
    port = Port(
        id=world.ids.uuid(),
        network_id=network.id,
        project_id=project_id,
        mac_address=world.ids.mac(),
        number=world.allocate_number("ports"),
        created_at=world.time,
        updated_at=world.time,
        **fields,
    )
    port.fixed_ips = allocate_addresses(world, network, requested)
    world.tx.put(port)
    return port


def allocate_addresses(world: World, network: Network, requested: list[dict[str, str]] | None) -> list[dict[str, str]]:
    """Allocate the requested addresses, or else one of each subnet. Raises the same errors as `create_port`."""
    if requested:
        return [_allocate_requested_address(world, network, request) for request in requested]
    subnets = _query_related(world, Subnet, "network_id", network.id)
    return [_allocate_next_address(world, subnet) for subnet in subnets]


def _query_related(world: World, kind: type[R], field: str, value: str) -> list[R]:
    """Query the records of a kind by a field. A large request does so thousands of times, so results are kept."""
    key = (kind.table, world.tx.count(kind), field, value)
    if key not in world.lookups.related:
        world.lookups.related[key] = world.tx.query(kind, {field: value})
    return world.lookups.related[key]


def _allocate_requested_address(world: World, network: Network, request: dict[str, str]) -> dict[str, str]:
    import ipaddress

    if "ip_address" not in request:
        return _allocate_in_subnet(world, network, request.get("subnet_id"))
    try:
        address = ipaddress.ip_address(request["ip_address"])
    except ValueError:
        raise BadRequest(
            reason=f"Invalid input for fixed_ips. Reason: '{request['ip_address']}' is not a valid IP address."
        ) from None
    for subnet in world.tx.query(Subnet, {"network_id": network.id}):
        if address in ipaddress.ip_network(subnet.cidr):
            if is_address_taken(world, network.id, str(address)):
                raise BadRequest(reason=f"Fixed IP address {address} is already in use on instance.")
            subnet.requested_addresses.append(str(address))
            world.tx.put(subnet)
            return {"subnet_id": subnet.id, "ip_address": str(address)}
    raise BadRequest(reason=f"Fixed IP address {address} is not a valid address of network {network.id}.")


def _allocate_in_subnet(world: World, network: Network, subnet_id: str | None) -> dict[str, str]:
    for subnet in world.tx.query(Subnet, {"network_id": network.id}):
        if subnet.id == subnet_id:
            return _allocate_next_address(world, subnet)
    raise BadRequest(
        reason=f"Failed to create port on network {network.id}, because fixed_ips included invalid subnet {subnet_id}."
    )


def is_address_taken(world: World, network_id: str, address: str) -> bool:
    """Whether a port of a network has an address."""
    return any(
        address == ip["ip_address"]
        for port in world.tx.query(Port, {"network_id": network_id})
        for ip in port.fixed_ips
    )


def _allocate_next_address(world: World, subnet: Subnet) -> dict[str, str]:
    """
    Allocate the next address of a subnet's pools. Addresses are not reused before the pools are exhausted.

    Until then only requested addresses can be taken, so ports need not be searched.
    """
    pools = _list_pools(subnet)
    start = _parse_cidr(subnet.cidr).network_address
    taken = {*subnet.requested_addresses, subnet.gateway_ip}
    while (host := _get_nth_host(pools, subnet.next_host)) is not None:
        subnet.next_host += 1
        if (address := str(start + host)) not in taken:
            world.tx.put(subnet)
            return {"subnet_id": subnet.id, "ip_address": address}
    return _allocate_freed_address(world, subnet, pools)


def _get_nth_host(pools: list[range], number: int) -> int | None:
    """The host number at a position in all pools together."""
    for pool in pools:
        size = max(0, pool.stop - pool.start)  # len() cannot count a range of IPv6
        if number < size:
            return pool[number]
        number -= size
    return None


def _allocate_freed_address(world: World, subnet: Subnet, pools: list[range]) -> dict[str, str]:
    """Allocate an address that was used before and is free again. Raises Conflict."""
    start = _parse_cidr(subnet.cidr).network_address
    ports = world.tx.query(Port, {"network_id": subnet.network_id})
    taken = {ip["ip_address"] for port in ports for ip in port.fixed_ips} | {subnet.gateway_ip}
    for host in (host for pool in pools for host in pool):
        if (address := str(start + host)) not in taken:
            return {"subnet_id": subnet.id, "ip_address": address}
    raise Conflict(
        reason=f"No more IP addresses available on network {subnet.network_id}.", type="IpAddressGenerationFailure"
    )


def add_address(world: World, port: Port) -> None:
    """Add an address of the network's first subnet to a port."""
    for subnet in world.tx.query(Subnet, {"network_id": port.network_id})[:1]:
        port.fixed_ips.append(_allocate_next_address(world, subnet))
        world.tx.put(port)


@lru_cache(maxsize=64)
def _parse_cidr(cidr: str) -> Any:
    import ipaddress

    return ipaddress.ip_network(cidr)


def _list_pools(subnet: Subnet) -> list[range]:
    """List the ranges of host numbers in a subnet's allocation pools."""
    network = _parse_cidr(subnet.cidr)
    if not subnet.allocation_pools:
        return [range(2, network.num_addresses - 1)]
    import ipaddress

    base = int(network.network_address)
    ends = [
        (ipaddress.ip_address(pool["start"]), ipaddress.ip_address(pool["end"])) for pool in subnet.allocation_pools
    ]
    return [range(int(first) - base, int(last) - base + 1) for first, last in ends]


def find_security_group_ids(world: World, project_id: str, names: list[str]) -> list[str]:
    """Find the ids of a project's security groups by name or id. Unknown ones are left out."""
    groups = _query_related(world, SecurityGroup, "project_id", project_id)
    return [group.id for name in names for group in groups if name in (group.name, group.id)]


def plug(world: World, server: Server, request: dict[str, Any], groups: list[str]) -> Port | None:
    """
    Bind a port to a server; create it if the request names a network instead.

    Args:
        request: `port` (the id of a port), or `network` (an id) and optionally `fixed_ip`; optionally `tag`.
        groups: Ids of the security groups of a new port.

    Returns:
        The port; None if the requested port or network does not exist any more.
    """
    owner = COMPUTE_OWNER + (server.availability_zone or "")
    if request.get("port"):
        port = world.tx.get(Port, request["port"])
        if port:
            port.number = world.allocate_number("ports")
    elif network := world.tx.get(Network, request["network"]):
        fixed_ips = [{"ip_address": request["fixed_ip"]}] if request.get("fixed_ip") else None
        port = create_port(
            world, network, server.project_id, made_by_nova=True, security_groups=list(groups), fixed_ips=fixed_ips
        )
    else:
        return None
    if port:
        port.device_id, port.device_owner, port.status = server.id, owner, "ACTIVE"
        port.host, port.tag = server.host or "", request.get("tag")
        world.tx.put(port)
    return port


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
        port.host = server.host or ""
        port.device_owner = COMPUTE_OWNER + (server.availability_zone or "")
        world.tx.put(port)

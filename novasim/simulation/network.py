"""Ports and addresses: made for a server's build, plugged and unplugged, moved with it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from novasim.errors import BadRequest, Conflict
from novasim.records import FloatingIp, Network, Port, SecurityGroup, Server, Subnet
from novasim.simulation.world import R, World

COMPUTE_OWNER = "compute:"


def usable_networks(world: World, project_id: str) -> list[Network]:
    """The networks that a server of the project can be plugged into without naming one."""
    return [
        network
        for network in world.tx.query(Network)
        if (network.shared or network.project_id == project_id) and not network.external
    ]


def create_port(world: World, network: Network, project_id: str, **fields: Any) -> Port:
    """
    A port with an address of each subnet of its network.

    Args:
        fields: Fields of the port; `fixed_ips` may name subnets or addresses to use.

    Raises:
        Conflict: a subnet has no address left, or the address is taken (409).
        BadRequest: an address outside every subnet (400).
    """
    wanted = fields.pop("fixed_ips", None)
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
    port.fixed_ips = allocate_addresses(world, network, wanted)
    world.tx.put(port)
    return port


def allocate_addresses(world: World, network: Network, wanted: list[dict[str, str]] | None) -> list[dict[str, str]]:
    """Addresses as asked for, or one of each subnet; refusals as for create_port."""
    return (
        [_allocate_requested_address(world, network, ask) for ask in wanted]
        if wanted
        else _allocate_usual_addresses(world, network)
    )


def _allocate_usual_addresses(world: World, network: Network) -> list[dict[str, str]]:
    return [_allocate_next_address(world, subnet) for subnet in _list_subnets(world, network)]


def _list_subnets(world: World, network: Network) -> list[Subnet]:
    return _query_related(world, Subnet, "network_id", network.id)


def _query_related(world: World, kind: type[R], field: str, value: str) -> list[R]:
    """The records of a kind with a value in a field. A big request asks thousands of times, so results are kept."""
    key = (kind.table, world.tx.count(kind), field, value)
    if key not in world.lookups.related:
        world.lookups.related[key] = world.tx.query(kind, {field: value})
    return world.lookups.related[key]


def _allocate_requested_address(world: World, network: Network, ask: dict[str, str]) -> dict[str, str]:
    import ipaddress

    subnets = world.tx.query(Subnet, {"network_id": network.id})
    if "ip_address" not in ask:
        return _allocate_in_subnet(world, network, ask.get("subnet_id"))
    try:
        address = ipaddress.ip_address(ask["ip_address"])
    except ValueError:
        raise BadRequest(
            reason=f"Invalid input for fixed_ips. Reason: '{ask['ip_address']}' is not a valid IP address."
        ) from None
    for subnet in subnets:
        if address in ipaddress.ip_network(subnet.cidr):
            if is_address_taken(world, network.id, str(address)):
                raise BadRequest(reason=f"Fixed IP address {address} is already in use on instance.")
            subnet.asked_for.append(str(address))
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
    """Whether a port of the network has the address."""
    return any(
        address == ip["ip_address"]
        for port in world.tx.query(Port, {"network_id": network_id})
        for ip in port.fixed_ips
    )


def _allocate_next_address(world: World, subnet: Subnet) -> dict[str, str]:
    """
    The next address of a subnet's pools, counted on so that an address is not given twice in a row.

    Only addresses that were asked for can lie ahead; when the pools were gone through once, all ports are looked at.
    """
    pools = _list_pools(subnet)
    start = _parse_cidr(subnet.cidr).network_address
    ahead = {*subnet.asked_for, subnet.gateway_ip}
    while (host := _get_nth_host(pools, subnet.next_host)) is not None:
        subnet.next_host += 1
        if (address := str(start + host)) not in ahead:
            world.tx.put(subnet)
            return {"subnet_id": subnet.id, "ip_address": address}
    return _allocate_freed_address(world, subnet, pools)


def _get_nth_host(pools: list[range], number: int) -> int | None:
    """The host number at a position of the pools, as if they were one."""
    for pool in pools:
        size = max(0, pool.stop - pool.start)  # len() cannot count a range of IPv6
        if number < size:
            return pool[number]
        number -= size
    return None


def _allocate_freed_address(world: World, subnet: Subnet, pools: list[range]) -> dict[str, str]:
    """An address that was given before and is free again."""
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
    """Give a port one more address of its network's first subnet."""
    for subnet in world.tx.query(Subnet, {"network_id": port.network_id})[:1]:
        port.fixed_ips.append(_allocate_next_address(world, subnet))
        world.tx.put(port)


@lru_cache(maxsize=64)
def _parse_cidr(cidr: str) -> Any:
    import ipaddress

    return ipaddress.ip_network(cidr)


def _list_pools(subnet: Subnet) -> list[range]:
    """The host numbers that the subnet gives out, pool by pool."""
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
    """Ids of a project's security groups that are named, or given by id; unknown ones are left out."""
    groups = _query_related(world, SecurityGroup, "project_id", project_id)
    return [group.id for name in names for group in groups if name in (group.name, group.id)]


def plug_requested_networks(world: World, server: Server) -> None:
    """Make and bind the ports that the server was created with."""
    groups = find_security_group_ids(world, server.project_id, server.requested_security_groups or ["default"])
    for wish in server.requested_networks:
        plug(world, server, wish, groups)


def plug(world: World, server: Server, wish: dict[str, Any], groups: list[str]) -> Port | None:
    """
    Plug one interface in.

    Args:
        wish: port (an existing one), or network with an optional fixed_ip; tag.
    """
    owner = COMPUTE_OWNER + (server.availability_zone or "")
    if wish.get("port"):
        port = world.tx.get(Port, wish["port"])
    elif network := world.tx.get(Network, wish["network"]):
        asked = [{"ip_address": wish["fixed_ip"]}] if wish.get("fixed_ip") else None
        port = create_port(
            world, network, server.project_id, made_by_nova=True, security_groups=list(groups), fixed_ips=asked
        )
    else:
        return None
    if port:
        port.device_id, port.device_owner, port.status = server.id, owner, "ACTIVE"
        port.host, port.tag = server.host or "", wish.get("tag")
        world.tx.put(port)
    return port


def unplug(world: World, port: Port) -> None:
    """Free a port: those that Nova made are deleted, others wait for another server."""
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
    """Free all ports of a server."""
    for port in world.tx.query(Port, {"device_id": server.id}):
        unplug(world, port)


def rebind_ports(world: World, server: Server) -> None:
    """The ports are bound to the host that the server is on now."""
    for port in world.tx.query(Port, {"device_id": server.id}):
        port.host = server.host or ""
        port.device_owner = COMPUTE_OWNER + (server.availability_zone or "")
        world.tx.put(port)

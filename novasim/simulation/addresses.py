"""
Addresses of ports: requested, allocated in order, and taken.

Source: neutron/db/ipam_pluggable_backend.py, _allocate_ips_for_port; neutron/db/ipam_backend_mixin.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import Network, Port, Subnet
from novasim.simulation.world import Records, World

FixedIp = dict[str, str]

ROUTER_INTERFACE = "network:router_interface"  # the owner of ports without automatic addresses
AUTO_ADDRESS_MODES = ("slaac", "dhcpv6-stateless")
MAX_NOTED = 100  # addresses in the note of a subnet, beyond which those that are free again are left out


def allocate_addresses(world: World, network: Network, port: Port, requested: list[FixedIp] | None) -> list[FixedIp]:
    """
    Allocate addresses for a port.

    Args:
        requested: Subnets or addresses; by default an address of each IP version.

    Returns:
        The addresses. Every subnet with automatic addresses adds one that follows from the MAC address.

    Raises:
        Conflict: no address is free, or a requested address is taken (409).
        BadRequest: an address is invalid, or an address or subnet does not belong to the network (400).
        NotFound: no such subnet (404).
    """
    subnets = world.query_related(Subnet, "network_id", network.id)
    is_router = port.device_owner == ROUTER_INTERFACE
    automatic = [subnet for subnet in subnets if has_automatic_addresses(subnet) and not is_router]
    if requested is None:
        choices = _list_choices([subnet for subnet in subnets if subnet not in automatic])
        fixed_ips = [_allocate_in_any(world, network, choice) for choice in choices]
    else:
        for subnet in subnets:
            if requested and len(subnet.requested_addresses) >= MAX_NOTED:
                note_taken_addresses(world.tx, subnet)
        chosen = [(request, _find_subnet(world, network, subnets, request)) for request in requested]
        chosen.sort(key=lambda pair: "ip_address" not in pair[0])
        named = [pair for pair in chosen if "ip_address" in pair[0] or pair[1] not in automatic]
        fixed_ips = [_allocate_requested(world, network, port, *pair) for pair in named]
    present = {ip["ip_address"] for ip in fixed_ips}
    derived = [{"subnet_id": subnet.id, "ip_address": derive_address(subnet, port)} for subnet in automatic]
    return fixed_ips + [ip for ip in derived if ip["ip_address"] not in present]


def _list_choices(subnets: list[Subnet]) -> list[list[Subnet]]:
    """The subnets of each IP version; a port gets an address of one of each."""
    choices = ([subnet for subnet in subnets if subnet.ip_version == version] for version in (4, 6))
    return [choice for choice in choices if choice]


def has_free_addresses(world: World, network: Network) -> bool:
    """Whether a new port gets an address of each IP version of the network."""
    subnets = world.query_related(Subnet, "network_id", network.id)
    choices = _list_choices([subnet for subnet in subnets if not has_automatic_addresses(subnet)])
    return all(any(_find_next(world, subnet)[0] for subnet in choice) for choice in choices)


def is_on_network(world: World, network: Network, address: str) -> bool:
    """Whether a port of the network can have an address."""
    return any(_is_usable(subnet, address) for subnet in world.query_related(Subnet, "network_id", network.id))


def change_addresses(world: World, network: Network, port: Port, requested: list[FixedIp]) -> None:
    """
    Set the addresses of a port: keep the requested ones that it has, release the others, allocate the new ones.

    A requested subnet without an address keeps an address that the port has in it.

    Raises:
        Conflict, BadRequest, NotFound: see `allocate_addresses`.
    """
    present = {ip["ip_address"]: ip for ip in port.fixed_ips}
    kept = [present.pop(text) for ip in requested if (text := _normalize(ip)) in present]
    new = [ip for ip in requested if _normalize(ip) not in {one["ip_address"] for one in kept}]
    for request in [ip for ip in new if "ip_address" not in ip]:
        if same := [ip for ip in present.values() if ip["subnet_id"] == request.get("subnet_id")]:
            kept.append(present.pop(same[-1]["ip_address"]))
            new.remove(request)
    port.fixed_ips = kept
    allocated = allocate_addresses(world, network, port, new)
    known = {ip["ip_address"] for ip in kept}
    port.fixed_ips = kept + [ip for ip in allocated if ip["ip_address"] not in known]
    world.tx.put(port)


def _normalize(request: FixedIp) -> str:
    """The requested address in its usual form; "" without one."""
    return str(parse_address(request["ip_address"])) if "ip_address" in request else ""


def has_automatic_addresses(subnet: Subnet) -> bool:
    """Whether ports derive their addresses in a subnet from their MAC addresses."""
    modes = (subnet.more.get("ipv6_address_mode"), subnet.more.get("ipv6_ra_mode"))
    return any(mode in AUTO_ADDRESS_MODES for mode in modes)


def derive_address(subnet: Subnet, port: Port) -> str:
    """The address of a port in a subnet with automatic addresses: its MAC address as EUI-64."""
    octets = bytes.fromhex(port.mac_address.replace(":", ""))
    interface = bytes((octets[0] ^ 2, *octets[1:3], 0xFF, 0xFE, *octets[3:]))
    return str(_parse_cidr(subnet.cidr).network_address + int.from_bytes(interface, "big"))


def _find_subnet(world: World, network: Network, subnets: list[Subnet], request: FixedIp) -> Subnet:
    """The subnet of a requested address. Raises the same errors as `allocate_addresses`."""
    if not subnets:
        raise invalid_input("IP allocation requires subnets for network")
    if "subnet_id" in request:
        return _get_subnet(world, network, request)
    if "ip_address" not in request:
        raise invalid_input("IP allocation requires subnet_id or ip_address")
    for subnet in subnets:
        if _is_usable(subnet, request["ip_address"]):
            return subnet
    raise BadRequest(
        reason=f"IP address {request['ip_address']} is not a valid IP for any of the subnets on the specified network.",
        type="InvalidIpForNetwork",
    )


def _get_subnet(world: World, network: Network, request: FixedIp) -> Subnet:
    id = request["subnet_id"]
    subnet = world.tx.get(Subnet, id)
    if subnet is None:
        raise NotFound(reason=f"Subnet {id} could not be found.", type="SubnetNotFound")
    if subnet.network_id != network.id:
        raise invalid_input(
            f"Failed to create port on network {network.id}, because fixed_ips included invalid subnet {id}"
        )
    if "ip_address" in request and not _is_usable(subnet, request["ip_address"]):
        raise BadRequest(
            reason=f"IP address {request['ip_address']} is not a valid IP for the specified subnet.",
            type="InvalidIpForSubnet",
        )
    return subnet


def invalid_input(text: str) -> BadRequest:
    """The refusal of the network service for arguments that contradict each other."""
    return BadRequest(reason=f"Invalid input for operation: {text}.", type="InvalidInput")


def _is_usable(subnet: Subnet, text: str) -> bool:
    """Whether an address belongs to a subnet, and is neither its network nor its broadcast address."""
    address, net = parse_address(text), _parse_cidr(subnet.cidr)
    if address not in net:
        return False
    if net.version == 6:
        return bool(address != net.network_address or net.prefixlen >= 127)
    return net.prefixlen >= 31 or address not in (net.network_address, net.broadcast_address)


def parse_address(text: str) -> Any:
    """An IP address. Raises BadRequest: it is invalid (400)."""
    import ipaddress

    try:
        return ipaddress.ip_address(text)
    except ValueError:
        reason = f"Invalid input for fixed_ips. Reason: '{text}' is not a valid IP address."
        raise BadRequest(reason=reason) from None


def _allocate_requested(world: World, network: Network, port: Port, request: FixedIp, subnet: Subnet) -> FixedIp:
    if "ip_address" not in request:
        return _allocate_in_any(world, network, [subnet])
    address = str(parse_address(request["ip_address"]))
    is_automatic = has_automatic_addresses(subnet) and port.device_owner != ROUTER_INTERFACE
    if is_automatic and address != derive_address(subnet, port):
        raise invalid_input(
            f"IPv6 address {address} cannot be directly assigned to a port on subnet {subnet.id} as the subnet is "
            "configured for automatic addresses"
        )
    if is_address_taken(world, network.id, address, port.id):
        raise Conflict(
            reason=f"IP address {address} already allocated in subnet {subnet.id}", type="IpAddressAlreadyAllocated"
        )
    if address not in subnet.requested_addresses and _is_ahead(subnet, address):
        subnet.requested_addresses.append(address)
        world.tx.put(subnet)
    return {"subnet_id": subnet.id, "ip_address": address}


def note_taken_addresses(tx: Records, subnet: Subnet) -> None:
    """Note the addresses of ports that would be allocated in order later."""
    ports = tx.query(Port, {"network_id": subnet.network_id})
    addresses = [ip["ip_address"] for port in ports for ip in port.fixed_ips if ip["subnet_id"] == subnet.id]
    subnet.requested_addresses = [address for address in addresses if _is_ahead(subnet, address)]
    tx.put(subnet)


def _is_ahead(subnet: Subnet, address: str) -> bool:
    """Whether an address of a subnet would be allocated in order later."""
    host, number = int(parse_address(address)) - int(_parse_cidr(subnet.cidr).network_address), 0
    for pool in _list_pools(subnet):
        if host in pool:
            return number + host - pool.start >= subnet.next_host
        number += max(0, pool.stop - pool.start)
    return False


def is_address_taken(world: World, network_id: str, address: str, port_id: str = "") -> bool:
    """Whether a port of a network, other than *port_id*, has an address."""
    return any(
        address == ip["ip_address"]
        for port in world.tx.query(Port, {"network_id": network_id})
        if port.id != port_id
        for ip in port.fixed_ips
    )


def _allocate_in_any(world: World, network: Network, subnets: list[Subnet]) -> FixedIp:
    """Allocate an address of the first subnet that has a free one. Raises Conflict (409)."""
    for subnet in subnets:
        if address := _allocate_next(world, subnet):
            return {"subnet_id": subnet.id, "ip_address": address}
    raise Conflict(reason=f"No more IP addresses available on network {network.id}.", type="IpAddressGenerationFailure")


def _allocate_next(world: World, subnet: Subnet) -> str | None:
    """
    Allocate the next address of a subnet's pools. Addresses are not reused before the pools are exhausted.

    Until then only addresses that the subnet notes can be taken, so ports need not be searched.
    """
    address, next_host = _find_next(world, subnet)
    if next_host != subnet.next_host:
        has_skipped, subnet.next_host = next_host > subnet.next_host + 1, next_host
        if has_skipped and subnet.requested_addresses:
            subnet.requested_addresses = [each for each in subnet.requested_addresses if _is_ahead(subnet, each)]
        world.tx.put(subnet)
    return address


def _find_next(world: World, subnet: Subnet) -> tuple[str | None, int]:
    """The next address of a subnet's pools, and how many addresses of the pools have been allocated with it."""
    pools, next_host = _list_pools(subnet), subnet.next_host
    start = _parse_cidr(subnet.cidr).network_address
    taken = {*subnet.requested_addresses, subnet.gateway_ip}
    while (host := _get_nth_host(pools, next_host)) is not None:
        next_host += 1
        if (address := str(start + host)) not in taken:
            return address, next_host
    return _find_freed(world, subnet, pools), next_host


def _get_nth_host(pools: Sequence[range], number: int) -> int | None:
    """The host number at a position in all pools together."""
    for pool in pools:
        size = max(0, pool.stop - pool.start)  # len() cannot count a range of IPv6
        if number < size:
            return pool[number]
        number -= size
    return None


def _find_freed(world: World, subnet: Subnet, pools: Sequence[range]) -> str | None:
    """An address that was used before and is free again."""
    start = _parse_cidr(subnet.cidr).network_address
    ports = world.tx.query(Port, {"network_id": subnet.network_id})
    taken = {ip["ip_address"] for port in ports for ip in port.fixed_ips} | {subnet.gateway_ip}
    addresses = (str(start + host) for pool in pools for host in pool)
    return next((address for address in addresses if address not in taken), None)


@lru_cache(maxsize=64)
def _parse_cidr(cidr: str) -> Any:
    import ipaddress

    return ipaddress.ip_network(cidr)


def _list_pools(subnet: Subnet) -> tuple[range, ...]:
    """List the ranges of host numbers in a subnet's allocation pools."""
    return _parse_pools(subnet.cidr, tuple((pool["start"], pool["end"]) for pool in subnet.allocation_pools))


@lru_cache(maxsize=64)
def _parse_pools(cidr: str, pools: tuple[tuple[str, str], ...]) -> tuple[range, ...]:
    network = _parse_cidr(cidr)
    if not pools:
        return (range(2, network.num_addresses - 1),)
    import ipaddress

    base = int(network.network_address)
    ends = [(ipaddress.ip_address(start), ipaddress.ip_address(end)) for start, end in pools]
    return tuple(range(int(first) - base, int(last) - base + 1) for first, last in ends)

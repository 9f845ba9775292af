"""
Allocates the networks of a new server on its host, with the checks that the network service makes at that point.

Source: nova/network/neutron.py, allocate_for_instance; nova/compute/manager.py, _build_and_run_instance.
"""

from __future__ import annotations

from typing import Any

from novasim.errors import BadRequest, Conflict, NovaFault
from novasim.lifecycle.networks import (
    NO_SECURITY_GROUPS,
    TOO_MANY_PORTS,
    describe_foreign_port,
    describe_missing_port,
    describe_other_name,
    describe_used_port,
    needs_pci_device,
)
from novasim.records import Network, Port, Server, Subnet
from novasim.simulation import network
from novasim.simulation.addresses import has_free_addresses, is_address_taken, is_on_network
from novasim.simulation.failures import BuildAborted, TaskFailed
from novasim.simulation.service_quotas import count_free_network_resources
from novasim.simulation.world import World

NOT_RESCHEDULING = "Failed to allocate the network(s), not rescheduling."


class NoMoreFixedIps(BadRequest):
    """A subnet without a free address."""

    text = "No fixed IP addresses available for network: {network}"


class InvalidFixedIp(BadRequest):
    """An address that does not belong to the network."""

    text = "Invalid input received: Fixed IP {address} is not a valid ip address for network {network}."


class FixedIpInUse(Conflict):
    """An address that another port has."""

    text = "Fixed IP {address} is already in use."


def allocate_for_server(world: World, server: Server) -> None:
    """
    Check the networks and ports that a server's build requests, create the missing ports, and bind all.

    Raises:
        BuildAborted: an external network that the caller may not use, an address outside its network, or no free one.
        TaskFailed: a port or network no longer exists or does not support security groups; a port or address is in use.
    """
    _check_pci_devices(world, server)
    names = server.requested_security_groups or ["default"]
    for request in server.requested_networks:
        if request.get("port"):
            _check_port(world, server, request["port"])
    for request in server.requested_networks:
        _check_network(world, server, request, has_own_groups=names != ["default"])
    groups = network.find_security_group_ids(world, server.project_id, names)
    for request in server.requested_networks:
        _plug(world, server, request, groups)


def _check_pci_devices(world: World, server: Server) -> None:
    """Source: nova/compute/claims.py, Claim._test_pci."""
    requested = (world.tx.get(Port, request["port"]) for request in server.requested_networks if request.get("port"))
    if any(needs_pci_device(port) for port in requested if port):
        raise TaskFailed("Insufficient compute resources: Claim pci failed.")


def _check_port(world: World, server: Server, port_id: str) -> None:
    """Source: nova/network/neutron.py, _validate_requested_port_ids."""
    port = world.tx.get(Port, port_id)
    if port is None:
        raise TaskFailed(describe_missing_port(port_id))
    reason = describe_foreign_port(port, server) or describe_used_port(port) or describe_other_name(port, server)
    if reason:
        raise TaskFailed(reason)


def _check_network(world: World, server: Server, request: dict[str, Any], has_own_groups: bool) -> None:
    """Source: nova/network/neutron.py, _validate_requested_network_ids and _create_ports_for_instance."""
    port = world.tx.get(Port, request["port"]) if request.get("port") else None
    network_id = port.network_id if port else request["network"]
    record = world.tx.get(Network, network_id)
    if record is None:
        raise TaskFailed(f"Network {network_id} could not be found.")
    if request.get("is_forbidden"):
        raise BuildAborted(server.id, NOT_RESCHEDULING)
    if not fits_security_groups(world, record, has_own_groups):
        raise TaskFailed(NO_SECURITY_GROUPS)


def fits_security_groups(world: World, record: Network, has_own_groups: bool = False) -> bool:
    """
    Whether security groups fit a network: it needs a subnet, or without port security no other group than the default.

    Source: nova/network/neutron.py, _create_ports_for_instance.
    """
    if not record.port_security_enabled:
        return not has_own_groups
    return bool(world.query_related(Subnet, "network_id", record.id))


def find_address_refusal(world: World, record: Network, address: str | None) -> NovaFault | None:
    """
    Why a new port of a network does not get *address*, or any address without it; None if it does.

    Source: nova/network/neutron.py, _create_port_minimal.
    """
    if address is None:
        return None if has_free_addresses(world, record) else NoMoreFixedIps(network=record.id)
    if not is_on_network(world, record, address):
        return InvalidFixedIp(address=address, network=record.id)
    return FixedIpInUse(address=address) if is_address_taken(world, record.id, address) else None


def plug_requested(world: World, server: Server, request: dict[str, Any], groups: list[str]) -> Port | None:
    """
    Bind a port to a server, with the refusals of Nova; see `network.plug`.

    Raises:
        NoMoreFixedIps: a subnet has no free address (400). InvalidFixedIp: the address is not of the network (400).
        FixedIpInUse: a port has the address (409).

    Source: nova/network/neutron.py, _create_port_minimal.
    """
    try:
        return network.plug(world, server, request, groups)
    except (BadRequest, Conflict) as fault:
        if fault.facts["type"] == "IpAddressGenerationFailure":
            raise NoMoreFixedIps(network=request["network"]) from None
        if fault.facts["type"] == "IpAddressAlreadyAllocated":
            raise FixedIpInUse(address=request["fixed_ip"]) from None
        raise InvalidFixedIp(address=request.get("fixed_ip"), network=request["network"]) from None


def _check_port_quota(world: World, server: Server, request: dict[str, Any]) -> None:
    """Raises TaskFailed: the network service creates no more ports; other hosts are tried, as for any such failure."""
    free = None if request.get("port") else count_free_network_resources(world, server.project_id, "port")
    if free is not None and free <= 0:
        raise TaskFailed(TOO_MANY_PORTS)


def _plug(world: World, server: Server, request: dict[str, Any], groups: list[str]) -> None:
    """Source: nova/compute/manager.py, _build_and_run_instance."""
    _check_port_quota(world, server, request)
    try:
        plug_requested(world, server, request, groups)
    except NoMoreFixedIps as fault:
        reason = f"Failed to allocate the network(s) with error {fault}, not rescheduling."
        raise BuildAborted(server.id, reason) from None
    except InvalidFixedIp as fault:
        raise BuildAborted(server.id, str(fault)) from None
    except FixedIpInUse as fault:
        raise TaskFailed(str(fault)) from None

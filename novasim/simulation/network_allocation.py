"""
Allocates the networks of a new server on its host, with the checks that the network service makes at that point.

Source: nova/network/neutron.py, allocate_for_instance; nova/compute/manager.py, _build_and_run_instance.
"""

from __future__ import annotations

from typing import Any

from novasim.errors import BadRequest, Conflict
from novasim.records import Network, Port, Server, Subnet
from novasim.simulation import network
from novasim.simulation.failures import BuildAborted, TaskFailed
from novasim.simulation.world import World

NOT_RESCHEDULING = "Failed to allocate the network(s), not rescheduling."
PCI_TYPES = ("direct", "macvtap", "direct-physical", "virtio-forwarder", "vdpa", "remote-managed")
NO_SECURITY_GROUPS = "Network requires port_security_enabled and subnet associated in order to apply security groups."


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
    requested = (world.tx.get(Port, request.get("port") or "") for request in server.requested_networks)
    if any(needs_pci_device(port) for port in requested if port):
        raise TaskFailed("Insufficient compute resources: Claim pci failed.")


def needs_pci_device(port: Port) -> bool:
    """Whether a port needs a PCI device, which no host has. Source: nova/network/model.py, VNIC_TYPES_SRIOV."""
    return port.more.get("binding:vnic_type") in PCI_TYPES


def _check_port(world: World, server: Server, port_id: str) -> None:
    """Source: nova/network/neutron.py, _validate_requested_port_ids."""
    port = world.tx.get(Port, port_id)
    if port is None:
        raise TaskFailed(f"Port id {port_id} could not be found.")
    if port.project_id != server.project_id:
        raise TaskFailed(f"Port {port_id} not usable for instance {server.id}.")
    if port.device_id:
        raise TaskFailed(f"Port {port_id} is still in use.")
    if reason := find_other_name(port, server):
        raise TaskFailed(reason)


def find_other_name(port: Port, server: Server) -> str | None:
    """Why a port with a DNS name does not fit a server with another host name."""
    name = port.more.get("dns_name")
    if not name or name == server.hostname:
        return None
    return (
        f"Port {port.id} not usable for instance {server.id}. Value {name} assigned to dns_name attribute does not "
        f"match instance's hostname {server.hostname}"
    )


def _check_network(world: World, server: Server, request: dict[str, Any], has_own_groups: bool) -> None:
    """Source: nova/network/neutron.py, _validate_requested_network_ids and _create_ports_for_instance."""
    port = world.tx.get(Port, request.get("port") or "")
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
    return bool(world.tx.query(Subnet, {"network_id": record.id}))


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


def _plug(world: World, server: Server, request: dict[str, Any], groups: list[str]) -> None:
    """Source: nova/compute/manager.py, _build_and_run_instance."""
    try:
        plug_requested(world, server, request, groups)
    except NoMoreFixedIps as fault:
        reason = f"Failed to allocate the network(s) with error {fault}, not rescheduling."
        raise BuildAborted(server.id, reason) from None
    except InvalidFixedIp as fault:
        raise BuildAborted(server.id, str(fault)) from None
    except FixedIpInUse as fault:
        raise TaskFailed(str(fault)) from None

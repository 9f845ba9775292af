"""The checks of actions on ports, addresses and security groups."""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, Conflict, Forbidden, NotFound, NovaFault
from novasim.lifecycle.check import check
from novasim.lifecycle.networks import (
    AMBIGUOUS_NETWORK,
    NO_SECURITY_GROUPS,
    TOO_MANY_PORTS,
    ambiguous_group,
    describe_foreign_port,
    describe_missing_port,
    describe_other_name,
    describe_used_port,
    needs_pci_device,
    takes_security_groups,
)
from novasim.records import Caller, Network, Port, SecurityGroup, Server

LIST_GROUPS = "List the security groups: {novasim} security-group list"
LIST_NETWORKS = "List the networks: {novasim} network list"
LIST_PORTS = "List the ports: {novasim} port list"
OTHER_PORT = "Choose another port: {novasim} port list"

# --- security groups -------------------------------------------------------------------------------------------------


# Source: nova/api/openstack/compute/security_groups.py, _parse.
@check(requires="The name of the security group is not blank.", remedy=LIST_GROUPS)
def group_is_named(group_ref: str | None) -> Iterator[NovaFault]:
    if group_ref is not None and not group_ref.strip():
        yield BadRequest(reason="Security group name cannot be empty")


@check(
    requires="A name of a security group means only one group.",
    remedy="Name the group by its id: {novasim} security-group list",
    code=409,
)
def group_is_unambiguous(group_ref: str | None, groups: tuple[SecurityGroup, ...]) -> Iterator[NovaFault]:
    if group_ref is not None and len(groups) > 1:
        yield ambiguous_group(group_ref)


@check(requires="The security group exists and is visible to the caller.", remedy=LIST_GROUPS, code=404)
def group_exists(group_ref: str | None, groups: tuple[SecurityGroup, ...], caller: Caller) -> Iterator[NovaFault]:
    if group_ref is not None and not groups:
        yield NotFound(reason=f"Security group {group_ref} is not found for project {caller.project_id}")


# Source: nova/network/security_group_api.py, add_to_instance and remove_from_instance.
@check(
    requires="The server has a port.",
    remedy="Attach a port first: {novasim} attach-port {server} --network NETWORK",
    code=404,
)
def has_ports(server: Server, server_ports: tuple[Port, ...] | None) -> Iterator[NovaFault]:
    if server_ports == ():
        yield NotFound(reason=f"instance_id {server.id} could not be found as device id on any ports")


@check(
    requires="Every port of the server has an address and port security.",
    remedy="Detach the port without address or port security, or add an address to it: {novasim} port list",
)
def ports_take_groups(server_ports: tuple[Port, ...] | None) -> Iterator[NovaFault]:
    if not all(takes_security_groups(port) for port in server_ports or ()):
        yield BadRequest(reason=NO_SECURITY_GROUPS)


@check(
    requires="A port of the server is in the security group.",
    remedy="Show the security groups of the server: {novasim} show {server}",
    code=404,
)
def is_in_group(
    server: Server, group_ref: str | None, groups: tuple[SecurityGroup, ...], server_ports: tuple[Port, ...] | None
) -> Iterator[NovaFault]:
    if groups and server_ports and not any(groups[0].id in port.security_groups for port in server_ports):
        yield NotFound(reason=f"Security group {group_ref} not associated with the instance {server.id}")


# --- interfaces ------------------------------------------------------------------------------------------------------


@check(requires="A port that the request names exists and is visible to the caller.", remedy=LIST_PORTS, code=404)
def port_exists(port_ref: str | None, port: Port | None) -> Iterator[NovaFault]:
    if port_ref is not None and port is None:
        yield NotFound(reason=describe_missing_port(port_ref))


# Source: nova/compute/manager.py, _claim_pci_device_for_interface_attach. No host has PCI devices.
@check(requires="The port needs no PCI device.", remedy="Choose a port with the vnic_type normal: {novasim} port list")
def port_needs_no_pci_device(server: Server, port: Port | None) -> Iterator[NovaFault]:
    if port and needs_pci_device(port):
        yield BadRequest(reason=f"Failed to claim PCI device for {server.id} during interface attach")


# Source of the next three: nova/network/neutron.py, _validate_requested_port_ids.
@check(requires="The port belongs to the server's project.", remedy=OTHER_PORT)
def port_is_own(server: Server, port: Port | None) -> Iterator[NovaFault]:
    if port and (reason := describe_foreign_port(port, server)):
        yield BadRequest(reason=reason)


@check(requires="The port is not in use.", remedy=OTHER_PORT, code=409)
def port_is_free(port: Port | None) -> Iterator[NovaFault]:
    if port and (reason := describe_used_port(port)):
        yield Conflict(reason=reason)


@check(requires="The DNS name of the port, if it has one, is the server's host name.", remedy=OTHER_PORT)
def port_has_the_hostname(server: Server, port: Port | None) -> Iterator[NovaFault]:
    if port and (reason := describe_other_name(port, server)):
        yield BadRequest(reason=reason)


@check(requires="A network that the request names exists and is visible to the caller.", remedy=LIST_NETWORKS, code=404)
def network_exists(network_ref: str | None, networks: tuple[Network, ...] | None) -> Iterator[NovaFault]:
    if network_ref is not None and networks == ():
        yield NotFound(reason=f"Network {network_ref} could not be found.")


@check(
    requires="The project has a network, if the request names neither a network nor a port.",
    remedy="Create a network with a subnet: {novasim} network create NAME",
)
def has_a_network(server: Server, network_ref: str | None, networks: tuple[Network, ...] | None) -> Iterator[NovaFault]:
    if network_ref is None and networks == ():
        project = server.project_id
        yield BadRequest(reason=f"No specific network was requested and none are available for project '{project}'.")


@check(
    requires="The project has only one network, if the request names neither a network nor a port.",
    remedy="Name the network: {novasim} attach-port {server} --network NETWORK",
)
def network_is_unambiguous(networks: tuple[Network, ...] | None) -> Iterator[NovaFault]:
    if networks and len(networks) > 1:
        yield BadRequest(reason=AMBIGUOUS_NETWORK)


# Source: nova/network/neutron.py, _check_external_network_attach.
@check(
    requires="The network is not external, or it is shared, or the policy network:attach_external_network permits it.",
    remedy="Choose another network: {novasim} network list",
    code=403,
)
def network_is_permitted(networks: tuple[Network, ...] | None, network_is_forbidden: bool) -> Iterator[NovaFault]:
    if networks and network_is_forbidden:
        yield Forbidden(reason=f"It is not allowed to create an interface on external network {networks[0].id}")


# Source: nova/network/neutron.py, _create_ports_for_instance.
@check(
    requires="The network has a subnet, or its port security is disabled.",
    remedy="Create a subnet: {novasim} subnet create NAME --network NETWORK --range CIDR",
)
def network_takes_groups(network_takes_groups: bool) -> Iterator[NovaFault]:
    if not network_takes_groups:
        yield BadRequest(reason=NO_SECURITY_GROUPS)


@check(
    requires="The project's quota of ports allows another port, if the request names no port.",
    remedy="Delete a port that is not needed: {novasim} port list",
    code=403,
)
def within_port_quota(ports_left: int | None) -> Iterator[NovaFault]:
    if ports_left is not None and ports_left <= 0:
        yield Forbidden(reason=TOO_MANY_PORTS)


# Source: nova/network/neutron.py, _create_port_minimal.
@check(
    requires="The network has a free address, if the request names none.",
    remedy="Choose another network, or delete a port that is not needed: {novasim} port list",
)
def network_has_address(fixed_ip_ref: str | None, address_refusal: NovaFault | None) -> Iterator[NovaFault]:
    if fixed_ip_ref is None and address_refusal:
        yield address_refusal


@check(
    requires="A fixed IP address that the request names belongs to the network.",
    remedy="Leave out the address, and the next free one is used. List the subnets: {novasim} subnet list",
)
def fixed_ip_is_on_network(fixed_ip_ref: str | None, address_refusal: NovaFault | None) -> Iterator[NovaFault]:
    if fixed_ip_ref is not None and isinstance(address_refusal, BadRequest):
        yield address_refusal


@check(
    requires="No other port has the fixed IP address that the request names.",
    remedy="Leave out the address, and the next free one is used. Or choose another: {novasim} port list",
    code=409,
)
def fixed_ip_is_free(fixed_ip_ref: str | None, address_refusal: NovaFault | None) -> Iterator[NovaFault]:
    if fixed_ip_ref is not None and isinstance(address_refusal, Conflict):
        yield address_refusal

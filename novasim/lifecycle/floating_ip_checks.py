"""
The checks of actions on floating IPs.

Source: nova/api/openstack/compute/floating_ips.py, _add_floating_ip and _remove_floating_ip.
"""

from __future__ import annotations

from collections.abc import Iterator

from novasim.errors import BadRequest, Conflict, NotFound, NovaFault
from novasim.lifecycle.check import check
from novasim.lifecycle.networks import describe_association, missing_floating_ip
from novasim.records import FloatingIp, Port, Server

LIST_FLOATING_IPS = "List the floating IPs: {novasim} floating-ip list"
SHOW_SERVER = "Show the addresses of the server: {novasim} show {server}"


@check(
    requires="The server has an address.",
    remedy="Attach a port first: {novasim} attach-port {server} --network NETWORK",
)
def has_fixed_ips(server_ports: tuple[Port, ...] | None) -> Iterator[NovaFault]:
    if server_ports == ():
        yield BadRequest(reason="Instance network is not ready yet")
    elif server_ports and not any(port.fixed_ips for port in server_ports):
        yield BadRequest(reason="No fixed IPs associated to instance")


@check(requires="A fixed address that the request names belongs to the server.", remedy=SHOW_SERVER)
def fixed_ip_is_own(
    server_ports: tuple[Port, ...] | None, fixed_ip_ref: str | None, fixed_ip: str | None
) -> Iterator[NovaFault]:
    if _has_addresses(server_ports) and fixed_ip_ref is not None and fixed_ip is None:
        yield BadRequest(reason="Specified fixed address not assigned to instance")


@check(
    requires="The server has an IPv4 address.",
    remedy="Attach a port on a network with an IPv4 subnet: {novasim} attach-port {server} --network NETWORK",
)
def has_ipv4_address(
    server: Server,
    server_ports: tuple[Port, ...] | None,
    floating_ip_ref: str | None,
    fixed_ip_ref: str | None,
    fixed_ip: str | None,
) -> Iterator[NovaFault]:
    if _has_addresses(server_ports) and fixed_ip_ref is None and fixed_ip is None:
        yield BadRequest(
            reason=f"Unable to associate floating IP {floating_ip_ref} to any fixed IPs for instance {server.id}. "
            "Instance has no fixed IPv4 addresses to associate."
        )


def _has_addresses(ports: tuple[Port, ...] | None) -> bool:
    return any(port.fixed_ips for port in ports or ())


# Nova looks for ports in the server's zone; a server on no host has no zone.
@check(
    requires="The server is in an availability zone, so it is on a host.",
    remedy="Unshelve the server first: {novasim} unshelve {server}",
)
def is_in_zone(server: Server, floating_ip_ref: str | None, fixed_ip: str | None) -> Iterator[NovaFault]:
    if floating_ip_ref is not None and fixed_ip and server.availability_zone is None:
        refusal = describe_association(server, floating_ip_ref, fixed_ip)
        yield BadRequest(reason=f"{refusal}Fixed IP not found for address {fixed_ip}.")


@check(requires="The floating IP exists and is visible to the caller.", remedy=LIST_FLOATING_IPS, code=404)
def floating_ip_exists(floating_ip_ref: str | None, floating_ip: FloatingIp | None) -> Iterator[NovaFault]:
    if floating_ip_ref is not None and floating_ip is None:
        yield NotFound(reason="floating IP not found")


@check(
    requires="A router connects the server's network with that of the floating IP, and the address has no other "
    "floating IP of that network.",
    remedy="Connect the subnet to a router with an external gateway, or choose another address: {novasim} router list",
)
def floating_ip_can_be_associated(association_refusal: NovaFault | None) -> Iterator[NovaFault]:
    if association_refusal:
        yield association_refusal


# Nova looks for the floating IP before it looks for the server.
@check(requires="The floating IP exists and is visible to the caller.", remedy=LIST_FLOATING_IPS, code=404)
def removed_floating_ip_exists(floating_ip_ref: str | None, floating_ip: FloatingIp | None) -> Iterator[NovaFault]:
    if floating_ip_ref is not None and floating_ip is None:
        yield missing_floating_ip(floating_ip_ref)


@check(requires="The floating IP is associated with the server.", remedy=SHOW_SERVER, code=409)
def floating_ip_is_associated(
    server: Server,
    floating_ip_ref: str | None,
    floating_ip: FloatingIp | None,
    server_ports: tuple[Port, ...] | None,
) -> Iterator[NovaFault]:
    if floating_ip and floating_ip.port_id not in {port.id for port in server_ports or ()}:
        yield Conflict(reason=f"Floating IP {floating_ip_ref} is not associated with instance {server.id}.")

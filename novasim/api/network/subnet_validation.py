"""
Validation of subnets.

Source: neutron/db/db_base_plugin_v2.py, _validate_subnet; neutron/db/ipam_backend_mixin.py, validate_allocation_pools.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from novasim.errors import BadRequest, Conflict
from novasim.simulation.addresses import AUTO_ADDRESS_MODES, invalid_input
from novasim.strutils import bool_from_string

MAX_DNS_SERVERS, MAX_HOST_ROUTES = 5, 20
MAX_DHCP_PREFIX = {4: 30, 6: 126}


def parse_cidr(body: dict[str, Any]) -> Any:
    """The network of a request's cidr and ip_version. Raises BadRequest: they are invalid, or differ (400)."""
    if not body.get("cidr"):
        raise BadRequest(
            reason="Bad subnets request: a subnetpool must be specified in the absence of a cidr.", type="BadRequest"
        )
    try:
        cidr = ipaddress.ip_network(body["cidr"], strict=False)
    except ValueError:
        raise BadRequest(reason=f"Invalid input for cidr. Reason: '{body['cidr']}' is not a valid IP subnet.") from None
    if "/" not in body["cidr"]:
        raise BadRequest(
            reason=f"Invalid input for cidr. Reason: '{body['cidr']}' isn't a recognized IP subnet cidr, '{cidr}' is "
            "recommended."
        )
    if int(body.get("ip_version") or cidr.version) != cidr.version:
        raise invalid_input(f"cidr '{cidr}' does not match the ip_version '{body['ip_version']}'")
    return cidr


def check_dhcp(cidr: Any, enable_dhcp: bool) -> None:
    """Refuse (400) a network that no DHCP server can serve."""
    if not enable_dhcp:
        return
    if cidr.prefixlen > MAX_DHCP_PREFIX[cidr.version]:
        raise invalid_input("Subnet has a prefix length that is incompatible with DHCP service enabled")
    if cidr.is_multicast:
        raise invalid_input("Multicast IP subnet is not supported if enable_dhcp is True")
    if cidr.is_loopback:
        raise invalid_input("Loopback IP subnet is not supported if enable_dhcp is True")
    if cidr.version == 4 and int(cidr.network_address) == 0:
        raise invalid_input("First IP '0.0.0.0' of network is not supported if enable_dhcp is True.")


def check_gateway(gateway: str | None, cidr: Any) -> None:
    """Refuse (400) a gateway of the other IP version, or that is the network or broadcast address."""
    if gateway is None:
        return
    address = ipaddress.ip_address(gateway)
    if address.version != cidr.version:
        raise invalid_input(f"gateway_ip '{gateway}' does not match the ip_version '{cidr.version}'")
    if cidr.version == 4 and address in (cidr.network_address, cidr.broadcast_address):
        raise invalid_input("Gateway is not valid on subnet")


def check_options(body: dict[str, Any], version: int) -> None:
    """Refuse (400) too many name servers or routes, and IPv6 modes of an IPv4 subnet."""
    for name, most, kind in (
        ("dns_nameservers", MAX_DNS_SERVERS, "DNSNameServersExhausted"),
        ("host_routes", MAX_HOST_ROUTES, "HostRoutesExhausted"),
    ):
        if len(body.get(name) or ()) > most:
            what = "DNS nameservers" if name == "dns_nameservers" else "host routes"
            raise BadRequest(
                reason=f"Unable to complete operation for new subnet. The number of {what} exceeds the limit {most}.",
                type=kind,
            )
    for server in body.get("dns_nameservers") or ():
        if ipaddress.ip_address(server).version != version:
            raise invalid_input(f"dns_nameserver '{server}' does not match the ip_version '{version}'")
    for mode in ("ipv6_ra_mode", "ipv6_address_mode"):
        if version == 4 and body.get(mode):
            raise invalid_input(f"{mode} is not valid when ip_version is 4")


def check_modes(body: dict[str, Any], cidr: Any) -> None:
    """
    Refuse (400) IPv6 modes that differ, without DHCP, or that need a network of 64 bits.

    Source: neutron/db/db_base_plugin_v2.py _validate_ipv6_attributes.
    """
    ra_mode, address_mode = body.get("ipv6_ra_mode"), body.get("ipv6_address_mode")
    if (ra_mode or address_mode) and not bool_from_string(body.get("enable_dhcp", True)):
        raise invalid_input("ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False")
    if ra_mode and address_mode and ra_mode != address_mode:
        raise invalid_input(
            f"ipv6_ra_mode set to '{ra_mode}' with ipv6_address_mode set to '{address_mode}' is not valid. "
            "If both attributes are set, they must be the same value"
        )
    if {*AUTO_ADDRESS_MODES} & {ra_mode, address_mode} and cidr.prefixlen != 64:
        raise invalid_input(
            f"Invalid CIDR {cidr} for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires the "
            "prefix to be /64"
        )


def check_pools(pools: list[dict[str, str]], cidr: Any, gateway: str | None) -> None:
    """
    Check allocation pools.

    Raises:
        BadRequest: a pool is not a range of the subnet (400). Conflict: pools overlap, or contain the gateway (409).
    """
    ranges: list[tuple[Any, Any]] = []
    for pool in pools:
        start: Any = ipaddress.ip_address(pool["start"])
        end: Any = ipaddress.ip_address(pool["end"])
        if start.version != end.version or end < start:
            raise BadRequest(reason=f"The allocation pool {start}-{end} is not valid.", type="InvalidAllocationPool")
        if start not in cidr or end not in cidr:
            raise BadRequest(
                reason=f"The allocation pool {start}-{end} spans beyond the subnet cidr {cidr}.",
                type="OutOfBoundsAllocationPool",
            )
        for first, last in ranges:
            if start <= last and first <= end:
                raise Conflict(
                    reason=f"Found overlapping allocation pools: {first}-{last} {start}-{end} for subnet {cidr}.",
                    type="OverlappingAllocationPools",
                )
        ranges.append((start, end))
    for start, end in ranges:
        if gateway and start.version == cidr.version and start <= ipaddress.ip_address(gateway) <= end:
            raise Conflict(
                reason=f"Gateway ip {gateway} conflicts with allocation pool {start}-{end}.",
                type="GatewayConflictWithAllocationPools",
            )

"""The addresses of a server, by network."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from novasim.api.views.related import Related
from novasim.records import Port, Server

Address = dict[str, Any]


def addresses_by_network(related: Related, server: Server, extended: bool) -> dict[str, list[Address]]:
    """
    The addresses of a server by the name of their network: first all fixed IPs, then the floating IPs.

    Ports come in the order in which they were plugged in, which is that of Nova's network information.

    Args:
        extended: Whether each address includes its type and MAC address.
    """
    fixed: dict[str, list[Address]] = {}
    floating: dict[str, list[Address]] = {}
    for port in sorted(related.list_ports(server), key=attrgetter("number")):
        label = related.find_network_name(server, port)
        fixed.setdefault(label, []).extend(_address(port, ip["ip_address"], "fixed", extended) for ip in port.fixed_ips)
        floating.setdefault(label, []).extend(
            _address(port, ip.address, "floating", extended) for ip in related.list_floating_ips(server, port)
        )
    return {label: addresses + floating[label] for label, addresses in fixed.items()}


def _address(port: Port, text: str, kind: str, extended: bool) -> Address:
    address: Address = {"version": 6 if ":" in text else 4, "addr": text}
    if extended:
        address |= {"OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": port.mac_address}
    return address

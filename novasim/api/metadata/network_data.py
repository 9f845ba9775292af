"""network_data.json: links, networks and DNS servers. Source: nova/virt/netutils.py, get_network_metadata."""

from __future__ import annotations

from typing import Any

from novasim.api.metadata.instance import Instance, Interface
from novasim.records import Subnet

Data = dict[str, Any]

MAX_DEVICE_NAME = 14  # characters, as the kernel allows
ANYWHERE = {4: ("0.0.0.0", "0.0.0.0"), 6: ("::", "::")}  # nosec B104 # a route, not an address to listen on


def build_network_data(instance: Instance) -> Data:
    """The document: the first IPv4 and the first IPv6 subnet of each interface, as in Nova; {} without interfaces."""
    if not instance.interfaces:
        return {}
    links: list[Data] = []
    networks: list[Data] = []
    services: list[Data] = []
    for interface in instance.interfaces:
        subnets = [found for version in (4, 6) if (found := _find_subnet(interface, version))]
        links += [_link(interface)] if subnets else []
        for subnet, address in subnets:
            networks.append(_network(interface, subnet, address, len(networks)))
            services += [each for each in _dns_servers(subnet) if each not in services]
    return {"links": links, "networks": networks, "services": services}


def _find_subnet(interface: Interface, version: int) -> tuple[Subnet, str] | None:
    return next((each for each in interface.subnets if each[0].ip_version == version), None)


def _link_id(interface: Interface) -> str:
    return f"tap{interface.port.id}"[:MAX_DEVICE_NAME]


def _link(interface: Interface) -> Data:
    port = interface.port
    return {
        "id": _link_id(interface),
        "vif_id": port.id,
        "type": "ovs" if port.host else "phy",
        "mtu": interface.network.mtu,
        "ethernet_mac_address": port.mac_address,
    }


def _network(interface: Interface, subnet: Subnet, address: str, number: int) -> Data:
    kind, mode = f"ipv{subnet.ip_version}", subnet.more.get("ipv6_address_mode")
    ids = {"link": _link_id(interface), "network_id": interface.network.id}
    if subnet.enable_dhcp and not mode:
        return {"id": f"network{number}", "type": f"{kind}_dhcp", **ids}
    return {
        "id": f"network{number}",
        "type": f"{kind}_{mode}" if mode else kind,
        **ids,
        "ip_address": address,
        "netmask": _netmask(subnet.cidr),
        "routes": _routes(subnet),
        "services": _dns_servers(subnet),
    }


def _netmask(cidr: str) -> str:
    from ipaddress import ip_network

    return str(ip_network(cidr, strict=False).netmask)


def _routes(subnet: Subnet) -> list[Data]:
    """The default route, and the routes of the subnet."""
    network, netmask = ANYWHERE[subnet.ip_version]
    default = [{"network": network, "netmask": netmask, "gateway": subnet.gateway_ip}] if subnet.gateway_ip else []
    others = [
        {
            "network": route["destination"].partition("/")[0],
            "netmask": _netmask(route["destination"]),
            "gateway": route["nexthop"],
        }
        for route in subnet.host_routes
    ]
    return default + others


def _dns_servers(subnet: Subnet) -> list[Data]:
    return [{"type": "dns", "address": address} for address in subnet.dns_nameservers]

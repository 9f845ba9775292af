"""Whether a server may use a port, and what the refusals of networks, ports and security groups say."""

from __future__ import annotations

from novasim.errors import Conflict, NotFound, NovaFault
from novasim.records import Port, Server

AMBIGUOUS_NETWORK = "Multiple possible networks found, use a Network ID to be more specific."
TOO_MANY_PORTS = "Maximum number of ports exceeded"
NO_SECURITY_GROUPS = "Network requires port_security_enabled and subnet associated in order to apply security groups."
PCI_TYPES = ("direct", "macvtap", "direct-physical", "virtio-forwarder", "vdpa", "remote-managed")


def needs_pci_device(port: Port) -> bool:
    """Whether a port needs a PCI device, which no host has. Source: nova/network/model.py, VNIC_TYPES_SRIOV."""
    return port.more.get("binding:vnic_type") in PCI_TYPES


def takes_security_groups(port: Port) -> bool:
    """
    Whether a port can be in security groups.

    Source: nova/network/security_group_api.py, _has_security_group_requirements.
    """
    return bool(port.fixed_ips) and bool(port.more.get("port_security_enabled", True))


def describe_missing_port(port_id: str) -> str:
    """The refusal of a port that does not exist."""
    return f"Port id {port_id} could not be found."


def describe_foreign_port(port: Port, server: Server) -> str | None:
    """Why a server cannot have a port of another project; None if it is not of another project."""
    return None if port.project_id == server.project_id else f"Port {port.id} not usable for instance {server.id}."


def describe_used_port(port: Port) -> str | None:
    """Why a port that has a device cannot be used; None if it has none."""
    return f"Port {port.id} is still in use." if port.device_id else None


def describe_other_name(port: Port, server: Server) -> str | None:
    """Why a port with a DNS name does not fit a server with another host name; None if it fits."""
    name = port.more.get("dns_name")
    if not name or name == server.hostname:
        return None
    return (
        f"Port {port.id} not usable for instance {server.id}. Value {name} assigned to dns_name attribute does not "
        f"match instance's hostname {server.hostname}"
    )


def ambiguous_group(name: str) -> NovaFault:
    """The refusal of a name that several security groups have."""
    return Conflict(reason=f"Multiple security_group matches found for name '{name}', use an ID to be more specific.")


def missing_floating_ip(address: str) -> NovaFault:
    """The refusal to remove a floating IP that does not exist."""
    return NotFound(reason=f"Floating IP not found for address {address}.")


def describe_association(server: Server, address: str, fixed_ip: str) -> str:
    """The first part of a refusal to associate a floating IP with a fixed address."""
    return f"Unable to associate floating IP {address} to fixed IP {fixed_ip} for instance {server.id}. Error: "

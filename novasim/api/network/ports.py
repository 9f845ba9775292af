"""/v2.0/ports."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.attributes import common, new_fields, project_of, shown
from novasim.api.network.networks import networks
from novasim.api.network.resource import Resource
from novasim.api.network.tables import PORT
from novasim.errors import Conflict, Forbidden, NotFound
from novasim.records import Network, Port, SecurityGroup
from novasim.simulation.network import (
    allocate_addresses,
    create_port,
    find_security_group_ids,
    is_address_taken,
    unplug,
)
from novasim.strutils import bool_from_string

ROUTER_OWNERS = ("network:router_interface", "network:router_gateway", "network:floatingip")


def _view(ctx: Context, port: Port) -> dict[str, Any]:
    view = common(port) | shown(ctx, PORT, port)
    view |= {
        "network_id": port.network_id,
        "mac_address": port.mac_address,
        "fixed_ips": port.fixed_ips,
        "status": port.status,
        "security_groups": port.security_groups,
        "dns_assignment": [],
        "qos_network_policy_id": None,
        "resource_request": None,
        "ip_allocation": "immediate",
    }
    if ctx.caller.is_admin:
        view |= {"binding:vif_type": "ovs" if port.host else "unbound", "binding:vif_details": {}}
    return view


def _make(ctx: Context, asked: dict[str, Any]) -> Port:
    network = networks.get(ctx, asked["network_id"])
    if not ctx.caller.is_admin and network.project_id != ctx.caller.project_id:
        _check_shared_network(network, asked)
    project = project_of(ctx, asked)
    check_free(ctx, network.id, asked.get("fixed_ips"))
    port = create_port(
        ctx.world,
        network,
        project,
        fixed_ips=asked.get("fixed_ips"),
        security_groups=_groups(ctx, project, asked),
        **new_fields(ctx, PORT, asked, "port"),
    )
    if asked.get("fixed_ips") == []:
        port.fixed_ips = []
    if asked.get("mac_address"):
        _set_mac(ctx, port, asked["mac_address"])
    return port


def check_free(ctx: Context, network_id: str, wanted: list[dict[str, str]] | None) -> None:
    """
    Refuse addresses that somebody has.

    Raises:
        Conflict: one is taken, or is named twice (409).
    """
    addresses = [ask["ip_address"] for ask in wanted or () if "ip_address" in ask]
    for address in addresses:
        if addresses.count(address) > 1 or is_address_taken(ctx.world, network_id, address):
            raise Conflict(
                reason=f"IP address {address} already allocated in network {network_id}",
                type="IpAddressAlreadyAllocated",
            )


def _check_shared_network(network: Network, asked: dict[str, Any]) -> None:
    """On somebody else's network one takes what one gets."""
    if not network.shared:
        raise Forbidden(reason="(rule:create_port) is disallowed by policy")
    if any(name in asked for name in ("mac_address", "allowed_address_pairs")):
        raise Forbidden(reason="(rule:create_port and rule:create_port:mac_address) is disallowed by policy")


def _groups(ctx: Context, project: str, asked: dict[str, Any]) -> list[str]:
    """The groups asked for, else the project's default one; none without port security."""
    wanted = asked.get("security_groups")
    if not bool_from_string(asked.get("port_security_enabled", True)):
        if wanted:
            raise Conflict(
                reason="Port security must be enabled in order to have allowed address pairs or security "
                "groups on a port.",
                type="PortSecurityAndIPRequiredForSecurityGroups",
            )
        return []
    if wanted is None:
        return find_security_group_ids(ctx.world, project, ["default"])
    for group in wanted:
        if ctx.world.tx.get(SecurityGroup, group) is None:
            raise NotFound(reason=f"Security group {group} does not exist", type="SecurityGroupNotFound")
    return list(dict.fromkeys(wanted))


def _set_mac(ctx: Context, port: Port, address: str) -> None:
    others = ctx.world.tx.query(Port, {"network_id": port.network_id, "mac_address": address.lower()})
    if any(other.id != port.id for other in others):
        raise Conflict(
            reason=f"Unable to complete operation for network {port.network_id}. The mac address {address} is in use.",
            type="MacAddressInUse",
        )
    port.mac_address = address.lower()


def _change(ctx: Context, port: Port, asked: dict[str, Any]) -> None:
    if "security_groups" in asked or "port_security_enabled" in asked:
        port.security_groups = _groups(ctx, port.project_id, {"security_groups": port.security_groups, **asked})
    if asked.get("mac_address"):
        _set_mac(ctx, port, asked["mac_address"])
    if "fixed_ips" in asked:
        _set_addresses(ctx, port, asked["fixed_ips"] or [])


def _set_addresses(ctx: Context, port: Port, wanted: list[dict[str, str]]) -> None:
    """The addresses that stay are kept as they are, the others are given up or taken anew."""
    network = ctx.world.tx.get(Network, port.network_id)
    assert network is not None
    staying = [ip for ip in port.fixed_ips if any(ask.get("ip_address") == ip["ip_address"] for ask in wanted)]
    kept = {ip["ip_address"] for ip in staying}
    port.fixed_ips = staying
    ctx.world.tx.put(port)
    new = [ask for ask in wanted if ask.get("ip_address") not in kept]
    check_free(ctx, network.id, new)
    port.fixed_ips = staying + (allocate_addresses(ctx.world, network, new) if new else [])


def _remove(ctx: Context, port: Port) -> None:
    if port.device_owner in ROUTER_OWNERS:
        raise Conflict(
            reason=f"Port {port.id} cannot be deleted directly via the port API: has device owner {port.device_owner}.",
            type="ServicePortInUse",
        )
    port.made_by_nova = True
    unplug(ctx.world, port)


ports = Resource(Port, "port", _view, _make, _change, _remove)

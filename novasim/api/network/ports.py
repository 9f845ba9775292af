"""/v2.0/ports."""

from __future__ import annotations

from typing import Any

from novasim.api.context import Context
from novasim.api.network.address_pairs import read_pairs
from novasim.api.network.attributes import attribute_view, build_fields, common_view, read_project_id
from novasim.api.network.networks import networks
from novasim.api.network.resource import Resource
from novasim.api.network.tables import PORT
from novasim.api.network.visibility import is_port_visible, owns_network
from novasim.errors import BadRequest, Conflict, Forbidden, NotFound
from novasim.records import Network, Port, SecurityGroup
from novasim.simulation.addresses import change_addresses
from novasim.simulation.network import (
    create_port,
    find_security_group_ids,
    get_ip_allocation,
    keeps_floating_ip,
    unplug,
)
from novasim.strutils import bool_from_string

ROUTER_OWNERS = ("network:router_interface", "network:router_gateway", "network:floatingip")


def _view(ctx: Context, port: Port) -> dict[str, Any]:
    view = common_view(port) | attribute_view(ctx, PORT, port)
    view |= {
        "network_id": port.network_id,
        "mac_address": port.mac_address,
        "fixed_ips": port.fixed_ips,
        "status": port.status,
        "security_groups": list(dict.fromkeys(port.security_groups)),
        "dns_assignment": [],
        "qos_network_policy_id": None,
        "resource_request": None,
        "ip_allocation": get_ip_allocation(port),
    }
    if ctx.caller.is_admin:
        view |= {"binding:vif_type": "ovs" if port.host else "unbound", "binding:vif_details": {}}
    return view


def _create(ctx: Context, body: dict[str, Any]) -> Port:
    network = networks.get_or_404(ctx, body["network_id"])
    if not ctx.caller.is_admin and network.project_id != ctx.caller.project_id:
        _check_shared_network(network, body)
    project = read_project_id(ctx, body)
    _check_different(body.get("fixed_ips"))
    mac = {"mac_address": _read_mac(ctx, network.id, body["mac_address"])} if body.get("mac_address") else {}
    port = create_port(
        ctx.world,
        network,
        project,
        security_groups=_find_group_ids(ctx, project, body),
        fixed_ips=body.get("fixed_ips"),
        **build_fields(ctx, PORT, body, "port"),
        **mac,
    )
    if body.get("fixed_ips") == []:
        port.more["ip_allocation"] = "none"
    _set_pairs(port, body)
    return port


def _set_pairs(port: Port, body: dict[str, Any]) -> None:
    """Check the address pairs of a port, and complete them. Raises the same errors as `read_pairs`."""
    if "allowed_address_pairs" in body or "port_security_enabled" in body:
        has_port_security = bool(port.more.get("port_security_enabled", True))
        pairs = port.more.get("allowed_address_pairs")
        port.more["allowed_address_pairs"] = read_pairs(pairs, port.mac_address, has_port_security)


def _check_different(requested: list[dict[str, str]] | None) -> None:
    """Refuse (400) an address that is requested twice."""
    addresses = [request["ip_address"] for request in requested or () if "ip_address" in request]
    for address in addresses:
        if addresses.count(address) > 1:
            raise BadRequest(reason=f"Invalid input for fixed_ips. Reason: Duplicate IP address '{address}'.")


def _check_shared_network(network: Network, body: dict[str, Any]) -> None:
    """Check that the body chooses nothing that only the owner of the network may choose."""
    if not network.shared:
        raise Forbidden(reason="(rule:create_port) is disallowed by policy")
    if any(name in body for name in ("mac_address", "allowed_address_pairs")):
        raise Forbidden(reason="(rule:create_port and rule:create_port:mac_address) is disallowed by policy")


def _find_group_ids(ctx: Context, project: str, body: dict[str, Any]) -> list[str]:
    """
    Return the requested security groups, by default the project's `default`; without port security an empty list.

    Raises:
        NotFound: a group does not exist or, unless the caller is an administrator, belongs to another project (404).
        Conflict: the port has no port security (409).

    Source: neutron/db/securitygroups_db.py, _get_security_groups_on_port.
    """
    requested = body.get("security_groups")
    if not bool_from_string(body.get("port_security_enabled", True)):
        if requested:
            raise Conflict(
                reason="Port security must be enabled in order to have allowed address pairs or security "
                "groups on a port.",
                type="PortSecurityAndIPRequiredForSecurityGroups",
            )
        return []
    if requested is None:
        return find_security_group_ids(ctx.world, project, ["default"])
    for id in requested:
        group = ctx.world.tx.get(SecurityGroup, id)
        if group is None or not (ctx.caller.is_admin or group.project_id == project):
            raise NotFound(reason=f"Security group {id} does not exist", type="SecurityGroupNotFound")
    return list(dict.fromkeys(requested))


def _read_mac(ctx: Context, network_id: str, address: str, port_id: str = "") -> str:
    """A MAC address in lower case. Raises Conflict: a port other than *port_id* has it (409)."""
    others = ctx.world.tx.query(Port, {"network_id": network_id, "mac_address": address.lower()})
    if any(other.id != port_id for other in others):
        raise Conflict(
            reason=f"Unable to complete operation for network {network_id}. The mac address {address} is in use.",
            type="MacAddressInUse",
        )
    return address.lower()


def _apply_update(ctx: Context, port: Port, body: dict[str, Any]) -> None:
    if "security_groups" in body or "port_security_enabled" in body:
        port.security_groups = _find_group_ids(ctx, port.project_id, {"security_groups": port.security_groups, **body})
    if body.get("mac_address"):
        _set_mac(ctx, port, body["mac_address"])
    if "fixed_ips" in body:
        _set_addresses(ctx, port, body["fixed_ips"] or [])
    if port.host and "admin_state_up" in body:
        port.status = "ACTIVE" if body["admin_state_up"] else "DOWN"
    _set_pairs(port, body)


def _set_mac(ctx: Context, port: Port, address: str) -> None:
    """Raises Conflict: another port has the address, or the port is bound to a host (409)."""
    mac = _read_mac(ctx, port.network_id, address, port.id)
    if port.host and mac != port.mac_address:
        raise Conflict(
            reason=f"Unable to complete operation on port {port.id}, port is already bound, port type: ovs, old_mac "
            f"{port.mac_address}, new_mac {mac}.",
            type="PortBound",
        )
    port.mac_address = mac


def _set_addresses(ctx: Context, port: Port, requested: list[dict[str, str]]) -> None:
    """Keep the present addresses that are requested, release the others and allocate the new ones."""
    network = ctx.world.tx.get(Network, port.network_id)
    assert network is not None
    _check_different(requested)
    if not keeps_floating_ip(ctx.world, port, [ip.get("ip_address") for ip in requested]):
        raise BadRequest(
            reason=f"Bad port request: Cannot update the fixed_ips of the port {port.id}, because its original "
            "fixed_ip has been associated to a floating ip.",
            type="BadRequest",
        )
    change_addresses(ctx.world, network, port, requested)


def _delete(ctx: Context, port: Port) -> None:
    if port.device_owner in ROUTER_OWNERS:
        raise Conflict(
            reason=f"Port {port.id} cannot be deleted directly via the port API: has device owner {port.device_owner}.",
            type="ServicePortInUse",
        )
    port.made_by_nova = True
    unplug(ctx.world, port)


class _Ports(Resource[Port]):
    def is_visible(self, ctx: Context, record: Port) -> bool:
        """A port is visible to its project, and to that of its network."""
        return is_port_visible(ctx, record)

    def is_own(self, ctx: Context, record: Port, verb: str) -> bool:
        """The owner of a network may delete the ports of others on it."""
        return super().is_own(ctx, record, verb) or (verb == "delete" and owns_network(ctx, record))


ports = _Ports(Port, "port", _view, _create, _apply_update, _delete)

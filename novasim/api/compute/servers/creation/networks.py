"""Networks and ports of a create request."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.servers.creation.port_checks import (
    find_visible_network,
    get_visible_port,
    is_forbidden,
)
from novasim.api.context import Context
from novasim.api.network.visibility import is_port_visible
from novasim.api.schemas.formats import has_wrong_format
from novasim.errors import BadRequest, Conflict, Forbidden
from novasim.lifecycle.networks import AMBIGUOUS_NETWORK, TOO_MANY_PORTS, describe_used_port
from novasim.records import Network, Port, Subnet
from novasim.simulation.network import get_ip_allocation, list_usable_networks
from novasim.simulation.service_quotas import count_free_network_resources, count_network_resources
from novasim.strutils import shorten_address


def check_form(networks: Any) -> None:
    """
    Refuse (400) items that name a port twice, a port and an address, neither a port nor a network, or no valid id.

    Source: nova/api/openstack/compute/servers.py, _get_requested_networks.
    """
    seen: set[str] = set()
    for item in networks if isinstance(networks, list) else []:
        port = item.get("port")
        if port in seen:
            reason = f"Port ID '{port}' was specified twice: you cannot attach a port multiple times."
            raise BadRequest(reason=reason)
        if port and item.get("fixed_ip") is not None:
            raise BadRequest(
                reason=f"Specified Fixed IP '{item['fixed_ip']}' cannot be used with port '{port}': the two cannot be "
                "specified together."
            )
        if not port and "uuid" not in item:
            raise BadRequest(reason="Bad network format: missing 'uuid'")
        if not port and has_wrong_format("uuid", item["uuid"]):
            reason = f"Bad networks format: network uuid is not in proper format ({item['uuid']})"
            raise BadRequest(reason=reason)
        seen |= {port} if port else set()


def check_count(networks: Any, count: int) -> None:
    """
    Refuse (400) an address or a port for several servers.

    Source: nova/compute/api.py, _check_multiple_instances_with_specified_ip and _with_neutron_ports.
    """
    items = networks if isinstance(networks, list) and count > 1 else []
    if any(item.get("fixed_ip") for item in items):
        raise BadRequest(
            reason="Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip is specified."
        )
    if any(item.get("port") for item in items):
        raise BadRequest(
            reason="Failed to launch instances: Unable to launch multiple instances with a single configured port ID. "
            "Please launch your instance one by one with different ports."
        )


def read_networks(ctx: Context, body: dict[str, Any]) -> list[dict[str, Any]]:
    """
    Return what `network.plug` needs for each interface of a new server, in order.

    Without networks (before 2.37) or with "auto" the server gets the project's only network, with "none" no interface.

    Raises:
        BadRequest: an unknown network or port, a network or port that no server can use, or an address in use (400).
        Conflict: the project has several networks, or a port is in use (409).

    Source: nova/network/neutron.py, _ports_needed_per_instance.
    """
    networks = body.get("networks")
    if networks == "none":
        return []
    if not networks or networks == "auto":
        return _default_network(ctx, networks == "auto")
    plugs = [_read_item(ctx, item) for item in networks]
    _check_networks(ctx, [item["uuid"] for item in networks if not item.get("port")])
    return plugs


def _default_network(ctx: Context, auto: bool) -> list[dict[str, Any]]:
    networks = list_usable_networks(ctx.world, ctx.caller.project_id)
    if len(networks) > 1:
        raise Conflict(reason=AMBIGUOUS_NETWORK)
    if not networks and auto:
        raise BadRequest(reason="Unable to automatically allocate a network for project " + ctx.caller.project_id)
    return [{"network": network.id} for network in networks]


def _read_item(ctx: Context, item: dict[str, Any]) -> dict[str, Any]:
    plug = {"tag": item["tag"]} if item.get("tag") else {}
    if item.get("port"):
        port = _get_usable_port(ctx, item["port"])
        plug["port"] = port.id
        network = ctx.world.tx.get(Network, port.network_id)
    else:
        plug["network"] = item["uuid"]
        network = ctx.world.tx.get(Network, item["uuid"])
    if address := item.get("fixed_ip"):
        plug["fixed_ip"] = shorten_address(address)
        _check_address_free(ctx, item["uuid"], plug["fixed_ip"])
    return plug | ({"is_forbidden": True} if network and is_forbidden(ctx, network) else {})


def _get_usable_port(ctx: Context, port_id: str) -> Port:
    port = get_visible_port(ctx, port_id, BadRequest)
    if reason := describe_used_port(port):
        raise Conflict(reason=reason)
    if not port.fixed_ips and get_ip_allocation(port) != "none":
        raise BadRequest(reason=f"Port {port_id} requires a FixedIP in order to be used.")
    return port


def _check_address_free(ctx: Context, network_id: str, address: str) -> None:
    """Refuse (400) an address of a port that the caller can see. With other ports the build fails instead."""
    for port in ctx.world.tx.query(Port, {"network_id": network_id}):
        if is_port_visible(ctx, port) and any(ip["ip_address"] == address for ip in port.fixed_ips):
            raise BadRequest(reason=f"Fixed IP address {address} is already in use on instance {port.device_id}.")


def _check_networks(ctx: Context, ids: list[str]) -> None:
    found = {id: network for id in ids if (network := find_visible_network(ctx, id))}
    for id in found:
        if not ctx.world.tx.query(Subnet, {"network_id": id}):
            raise BadRequest(reason=f"Network {id} requires a subnet in order to boot instances on.")
    if missing := [id for id in dict.fromkeys(ids) if id not in found]:
        raise BadRequest(reason=f"Network {', '.join(missing)} could not be found.")


def fit_to_port_quota(ctx: Context, body: dict[str, Any], min_count: int, max_count: int) -> int:
    """
    The largest number of servers, up to *max_count*, whose new ports fit into the quota of the network service.

    Raises:
        Forbidden: it is less than *min_count* (403).

    Source: nova/network/neutron.py, validate_networks; nova/compute/api.py, _create_instance.
    """
    networks = body.get("networks")
    items = networks if isinstance(networks, list) and networks else [{}]
    needed = 0 if networks == "none" else sum(1 for item in items if not item.get("port"))
    free = count_free_network_resources(ctx.world, ctx.caller.project_id, "port")
    if not needed or free is None:
        return max_count
    if free < 0:
        used = count_network_resources(ctx.world, ctx.caller.project_id, "port")
        raise Forbidden(reason=f"The number of defined ports: {used} is over the limit: {used + free}")
    if free // needed < min_count:
        raise Forbidden(reason=TOO_MANY_PORTS)
    return min(max_count, free // needed)

"""Floating addresses and security groups of a server, as the older action requests handle them."""

from __future__ import annotations

from typing import Any

from novasim.api.compute.proxies.security_groups import group_view
from novasim.api.compute.servers.lookup import get_server, target_of
from novasim.api.context import Context
from novasim.errors import BadRequest, Conflict, NotFound
from novasim.records import FloatingIp, Port, SecurityGroup, Server


def groups_index(ctx: Context, server_id: str) -> dict[str, Any]:
    """GET /servers/{id}/os-security-groups: the groups that the server's ports are in."""
    server = get_server(ctx, server_id)
    ctx.can("os_compute_api:os-security-groups:list", target_of(server))
    ids = dict.fromkeys(group for port in ports_of(ctx, server) for group in port.security_groups)
    groups = [group for id in ids if (group := ctx.world.tx.get(SecurityGroup, id))]
    return {"security_groups": [group_view(ctx, group) for group in groups]}


def ports_of(ctx: Context, server: Server) -> list[Port]:
    """The ports plugged into a server."""
    return ctx.world.tx.query(Port, {"device_id": server.id})


def find_floating_ip(ctx: Context, address: str, missing: str = "floating IP not found") -> FloatingIp:
    """A floating address of the caller's project (404 with the text *missing* otherwise)."""
    for floating in ctx.world.tx.query(FloatingIp, {"address": address}):
        if floating.project_id == ctx.caller.project_id or ctx.caller.is_admin:
            return floating
    raise NotFound(reason=missing.format(address))


def add_floating_ip(ctx: Context, server: Server, address: str, fixed: str | None) -> None:
    """
    Let a floating address stand for a fixed one of the server (its first IPv4 address by default).

    Raises:
        BadRequest: the server has no address yet, or not that one (400). NotFound: no such floating address (404).
    """
    found = [(port, ip["ip_address"]) for port in ports_of(ctx, server) for ip in port.fixed_ips]
    if not found:
        raise BadRequest(reason="Instance network is not ready yet")
    usable = [(port, ip) for port, ip in found if ip == fixed or (fixed is None and ":" not in ip)]
    if not usable:
        raise BadRequest(reason="Specified fixed address not assigned to instance")
    if server.availability_zone is None:  # Nova asks for ports bound in the server's zone; an offloaded one has none
        raise BadRequest(
            reason=f"Unable to associate floating IP {address} to fixed IP {usable[0][1]} for instance {server.id}. "
            f"Error: Fixed IP not found for address {usable[0][1]}."
        )
    floating = find_floating_ip(ctx, address)
    floating.port_id, floating.fixed_ip = usable[0][0].id, usable[0][1]
    ctx.world.tx.put(floating)


def remove_floating_ip(ctx: Context, server: Server, address: str) -> None:
    """
    Take a floating address from a server.

    Raises:
        Conflict: the address does not belong to this server (409).
    """
    floating = find_floating_ip(ctx, address, "Floating IP not found for address {}.")
    if floating.port_id not in {port.id for port in ports_of(ctx, server)}:
        raise Conflict(reason=f"Floating IP {address} is not associated with instance {server.id}.")
    floating.port_id = floating.fixed_ip = None
    ctx.world.tx.put(floating)


def _group(ctx: Context, name: str) -> SecurityGroup:
    """A group by name or id, looked up in the caller's own project (an administrator's too, as in Nova)."""
    project = ctx.caller.project_id
    matching = [g for g in ctx.world.tx.query(SecurityGroup, {"project_id": project}) if name in (g.id, g.name)]
    if len(matching) > 1:
        raise Conflict(reason=f"Multiple security groups found matching '{name}'. Use an ID to be more specific.")
    if not matching:
        raise NotFound(reason=f"Security group {name} is not found for project {project}")
    return matching[0]


def _ports(ctx: Context, server: Server) -> list[Port]:
    ports = ports_of(ctx, server)
    if not ports:
        raise NotFound(reason=f"instance_id {server.id} could not be found as device id on any ports")
    return ports


def add_group(ctx: Context, server: Server, name: str) -> None:
    """Put all ports of a server into a group; those that are in it stay so."""
    group = _group(ctx, name)
    for port in _ports(ctx, server):
        if group.id not in port.security_groups:
            port.security_groups.append(group.id)
            ctx.world.tx.put(port)


def remove_group(ctx: Context, server: Server, name: str) -> None:
    """Take all ports of a server out of a group."""
    group = _group(ctx, name)
    members = [port for port in _ports(ctx, server) if group.id in port.security_groups]
    if not members:
        raise NotFound(reason=f"Security group {name} not associated with the instance {server.id}")
    for port in members:
        port.security_groups.remove(group.id)
        ctx.world.tx.put(port)

"""
Scheduler hints of servers: same_host, different_host, group, build_near_host_ip, query.

Each hint has an effect only if its filter is enabled (enabled_filters), which by default is true of groups alone.

Source: api-ref 'Create Server', os:scheduler_hints.*; Nova's scheduler filters for these hints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from novasim import jsonutils
from novasim.records import Host, Server, ServerGroup
from novasim.simulation.world import World

FILTER_BY_POLICY = {"affinity": "ServerGroupAffinityFilter", "anti-affinity": "ServerGroupAntiAffinityFilter"}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<": lambda a, b: bool(a < b),
    ">": lambda a, b: bool(a > b),
    "<=": lambda a, b: bool(a <= b),
    ">=": lambda a, b: bool(a >= b),
}


def allow_host(world: World, host: Host, server: Server, filter_name: str) -> bool:
    """Whether the filter of a scheduler hint allows a host. Without the hint it allows every host."""
    hint, check = CHECKS[filter_name]
    return hint not in server.scheduler_hints or check(world, host, server, server.scheduler_hints[hint])


def affinity_weight(world: World, server: Server) -> int:
    """The weight of each group member on a host: 1 for soft-affinity, -1 for soft-anti-affinity, else 0."""
    group = get_server_group(world, server)
    return {"soft-affinity": 1, "soft-anti-affinity": -1}.get(group.policy, 0) if group else 0


def count_members_by_host(world: World, server: Server, group: ServerGroup) -> Counter[str]:
    """Count the other servers of a group on each host."""
    others = (world.tx.get(Server, id) for id in group.members if id != server.id)
    return Counter(other.host for other in others if other and other.host and not other.deleted)


def get_server_group(world: World, server: Server) -> ServerGroup | None:
    """The group that a server was created in; None without a group."""
    group_id = server.scheduler_hints.get("group")
    return world.tx.get(ServerGroup, str(group_id)) if group_id else None


def _find_hosts(world: World, ids: Any) -> set[str | None]:
    server_ids = [ids] if isinstance(ids, str) else ids
    return {server.host for id in server_ids if (server := world.tx.get(Server, id)) and not server.deleted}


def _is_on_same_host(world: World, host: Host, server: Server, hint: Any) -> bool:
    return host.name in _find_hosts(world, hint)


def _is_on_different_host(world: World, host: Host, server: Server, hint: Any) -> bool:
    return host.name not in _find_hosts(world, hint)


def _follows_anti_affinity(world: World, host: Host, server: Server, hint: Any) -> bool:
    group = get_server_group(world, server)
    if group is None or group.policy != "anti-affinity":
        return True
    present = count_members_by_host(world, server, group)
    return present[host.name] < group.rules.get("max_server_per_host", 1)


def _follows_affinity(world: World, host: Host, server: Server, hint: Any) -> bool:
    group = get_server_group(world, server)
    if group is None or group.policy != "affinity":
        return True
    present = count_members_by_host(world, server, group)
    return not present or host.name in present


def _is_near_address(world: World, host: Host, server: Server, hint: Any) -> bool:
    import ipaddress

    cidr = str(server.scheduler_hints.get("cidr") or "/24")
    try:
        network = ipaddress.ip_network(f"{hint}/{cidr.lstrip('/')}", strict=False)
    except ValueError:
        return False
    return ipaddress.ip_address(host.host_ip) in network


def _matches_query(world: World, host: Host, server: Server, hint: Any) -> bool:
    try:
        return bool(_evaluate(jsonutils.decode_request(hint) if isinstance(hint, str) else hint, host))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return False


def _evaluate(query: Any, host: Host) -> Any:
    """Evaluate a query in prefix form, such as [">=", "$free_ram_mb", 1024]. Names with $ are values of the host."""
    if isinstance(query, str) and query.startswith("$"):
        return _get_values(host)[query[1:]]
    if not isinstance(query, list):
        return query
    word, *parts = query[0], *(_evaluate(part, host) for part in query[1:])
    if word in ("and", "or"):
        return (all if word == "and" else any)(parts)
    if word == "not":
        return not parts[0]
    if word == "in":
        return parts[0] in parts[1:]
    return COMPARE[word](parts[0], parts[1])


def _get_values(host: Host) -> dict[str, Any]:
    return {
        "free_ram_mb": host.ram_mb - host.reserved_ram_mb - host.used_ram_mb,
        "total_usable_ram_mb": host.ram_mb,
        "free_disk_mb": (host.disk_gb - host.reserved_disk_gb - host.used_disk_gb) * 1024,
        "total_usable_disk_gb": host.disk_gb,
        "vcpus_total": host.vcpus,
        "vcpus_used": host.used_vcpus,
        "hypervisor_hostname": host.name,
        "host": host.name,
    }


# By the name of the filter: the hint that it reads, and its function.
CHECKS: dict[str, tuple[str, Callable[[World, Host, Server, Any], bool]]] = {
    "ServerGroupAntiAffinityFilter": ("group", _follows_anti_affinity),
    "ServerGroupAffinityFilter": ("group", _follows_affinity),
    "SameHostFilter": ("same_host", _is_on_same_host),
    "DifferentHostFilter": ("different_host", _is_on_different_host),
    "SimpleCIDRAffinityFilter": ("build_near_host_ip", _is_near_address),
    "JsonFilter": ("query", _matches_query),
}

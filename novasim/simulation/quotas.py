"""
Quotas of the compute service: limits of classes, projects and users, usage, and whether a request exceeds them.

A limit of a user overrides that of the project, which overrides that of the default class and Nova's default.
Source: nova/quota.py, DbQuotaDriver; nova/compute/utils.py, check_num_instances_quota.
"""

from __future__ import annotations

from collections.abc import Mapping

from novasim.errors import QuotaExceeded
from novasim.lifecycle.states import SOFT_DELETED
from novasim.lifecycle.status import is_queued_for_delete
from novasim.records import Allocation, Project, Server, ServerGroup
from novasim.simulation.hosts.cells import list_reachable
from novasim.simulation.options import NETWORK_PROXY_QUOTAS, QUOTAS
from novasim.simulation.world import World

UNLIMITED = -1
DEFAULT_CLASS = "default"
DEFAULTS = {**QUOTAS, **NETWORK_PROXY_QUOTAS}
PER_PROJECT = frozenset({"fixed_ips", "floating_ips"})  # a limit of one user applies to the whole project
SERVER_RESOURCES = ("instances", "cores", "ram")


def get_class_limits(world: World, class_name: str = DEFAULT_CLASS) -> dict[str, int]:
    """All limits of a quota class. Those of the default class apply to projects without limits of their own."""
    return {**DEFAULTS, **world.settings.quota_classes.get(class_name, {})}


def get_limit(world: World, project_id: str, resource: str, user_id: str | None = None) -> int:
    """The limit of a project, or of a user in it; -1 for unlimited."""
    project = world.tx.get(Project, project_id)
    if project and user_id and resource in (own := project.user_quotas.get(user_id, {})):
        return own[resource]
    if project and resource in project.quotas:
        return project.quotas[resource]
    return world.settings.quota_classes.get(DEFAULT_CLASS, {}).get(resource, DEFAULTS[resource])


def get_smallest_limit(world: World, project_id: str, user_id: str, resource: str) -> int:
    """The smaller of the limits of a project and of a user in it; -1 for unlimited."""
    limits = {get_limit(world, project_id, resource), get_limit(world, project_id, resource, user_id)} - {UNLIMITED}
    return min(limits, default=UNLIMITED)


def sum_user_limits(world: World, project_id: str, resource: str) -> int:
    """The sum of the limits that users of a project have of their own."""
    project = world.tx.get(Project, project_id)
    return sum(own.get(resource, 0) for own in project.user_quotas.values()) if project else 0


def count_usage(world: World, project_id: str, user_id: str | None = None) -> dict[str, int]:
    """
    Count instances, cores, RAM (MiB) and server groups of a project, or of a user in it.

    As in Nova, deleted and soft-deleted servers use nothing, and servers in cells that cannot be reached do not count,
    unless the option count_usage_from_placement is on.
    """
    owner: dict[str, str] = {"project_id": project_id} | ({"user_id": user_id} if user_id else {})
    servers = world.tx.query(Server, {**owner, "deleted": False})
    count = _count_in_placement if world.option("count_usage_from_placement") else _count_in_cells
    return {**count(world, servers), "server_groups": len(world.tx.query(ServerGroup, owner))}


def _count_in_cells(world: World, servers: list[Server]) -> dict[str, int]:
    servers = [server for server in list_reachable(world, servers) if server.vm_state != SOFT_DELETED]
    return {
        "instances": len(servers),
        "cores": sum(server.flavor["vcpus"] for server in servers),
        "ram": sum(server.flavor["ram"] for server in servers),
    }


def _count_in_placement(world: World, servers: list[Server]) -> dict[str, int]:
    """Cores and RAM as allocated: also of soft-deleted servers, twice during a resize, not without a host."""
    ids = {server.id for server in servers}
    allocations = [each for each in world.tx.query(Allocation) if each.server_id in ids]
    return {
        "instances": sum(not is_queued_for_delete(server.vm_state, server.task_state) for server in servers),
        "cores": sum(each.vcpus for each in allocations),
        "ram": sum(each.ram_mb for each in allocations),
    }


def find_quota_excess(
    world: World, project_id: str, user_id: str, requested: Mapping[str, int]
) -> QuotaExceeded | None:
    """
    The refusal of a request that exceeds the quota of a project or of a user in it; None if it does not.

    Args:
        requested: Additional instances, cores and ram (MiB). Values that are not positive are not checked.
    """
    requested = {name: more for name, more in requested.items() if more > 0}
    refusal = _find_excess(world, project_id, None, requested)
    project = world.tx.get(Project, project_id)
    own = project.user_quotas.get(user_id, {}) if project else {}
    if not any(name in own for name in SERVER_RESOURCES):
        return refusal
    return _find_excess(world, project_id, user_id, requested) or refusal


def _find_excess(
    world: World, project_id: str, user_id: str | None, requested: Mapping[str, int]
) -> QuotaExceeded | None:
    limits = {name: get_limit(world, project_id, name, user_id) for name in requested}
    limited = {name: limit for name, limit in limits.items() if limit != UNLIMITED}
    if not limited:
        return None
    used = count_usage(world, project_id, user_id)
    over = sorted(name for name, limit in limited.items() if used[name] + requested[name] > limit)
    if not over:
        return None
    return QuotaExceeded(
        resources=", ".join(over),
        requested=_join_figures(requested, over),
        used=_join_figures(used, over),
        limits=_join_figures(limited, over),
    )


def _join_figures(figures: Mapping[str, int], names: list[str]) -> str:
    return ", ".join(str(figures[name]) for name in names)


def is_within_limit(limit: int, total: int) -> bool:
    """Whether a total is within a limit."""
    return limit == UNLIMITED or total <= limit

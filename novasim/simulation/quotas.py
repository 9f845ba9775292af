"""How much a project may have, how much it has, and whether more fits."""

from __future__ import annotations

from novasim.errors import QuotaExceeded
from novasim.lifecycle.states import SOFT_DELETED
from novasim.records import Project, Server
from novasim.simulation.options import QUOTAS
from novasim.simulation.world import World

UNLIMITED = -1


def get_limit(world: World, project_id: str, resource: str) -> int:
    """The project's own limit, else Nova's default; -1 is unlimited."""
    project = world.tx.get(Project, project_id)
    own = project.quotas if project else {}
    return own.get(resource, QUOTAS[resource])


def count_usage(world: World, project_id: str) -> dict[str, int]:
    """Instances, cores and RAM (MiB) of a project. Deleted and soft-deleted servers do not count, as in Nova."""
    servers = [
        server
        for server in world.tx.query(Server, {"project_id": project_id})
        if not server.deleted and server.vm_state != SOFT_DELETED
    ]
    return {
        "instances": len(servers),
        "cores": sum(server.flavor["vcpus"] for server in servers),
        "ram": sum(server.flavor["ram"] for server in servers),
    }


def find_quota_excess(world: World, project_id: str, wanted: dict[str, int]) -> QuotaExceeded | None:
    """
    The refusal for a request that wants more of some resources than the project may have.

    Args:
        wanted: Additional instances, cores, ram; what is not positive is not checked.
    """
    limits = {name: get_limit(world, project_id, name) for name, more in wanted.items() if more > 0}
    limited = {name: limit for name, limit in limits.items() if limit != UNLIMITED}
    if not limited:
        return None
    used = count_usage(world, project_id)
    over = sorted(name for name, limit in limited.items() if used[name] + wanted[name] > limit)
    if not over:
        return None
    return QuotaExceeded(
        resources=", ".join(over),
        requested=_joined(wanted, over),
        used=_joined(used, over),
        limits=_joined(limited, over),
    )


def _joined(figures: dict[str, int], names: list[str]) -> str:
    return ", ".join(str(figures[name]) for name in names)

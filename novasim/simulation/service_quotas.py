"""Quotas of the network and volume services. A project stores its limits with the service's name as a prefix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from novasim.records import Project
from novasim.simulation.world import World


class ServiceQuotas(NamedTuple):
    """
    The quotas of one service.

    Args:
        prefix: Begins the names of the service's limits in `Project.quotas`, such as "volume.".
        defaults: Resource -> limit of a project without a limit of its own; -1 is unlimited.
    """

    prefix: str
    defaults: Mapping[str, int]

    def find_limits(self, world: World, project_id: str) -> dict[str, int]:
        """Return the limits of a project by resource; -1 is unlimited."""
        project = world.tx.get(Project, project_id)
        own = project.quotas if project else {}
        return {name: own.get(self.prefix + name, default) for name, default in self.defaults.items()}

    def set_limits(self, project: Project, limits: Mapping[str, Any]) -> None:
        """Set those of the limits that belong to the service, in a project that the caller stores."""
        for name, limit in limits.items():
            if name in self.defaults:
                project.quotas[self.prefix + name] = int(limit)

    def reset(self, project: Project) -> None:
        """Remove the project's own limits, in a project that the caller stores."""
        project.quotas = {name: limit for name, limit in project.quotas.items() if not name.startswith(self.prefix)}

    def has_own_limits(self, project: Project) -> bool:
        """Whether the project has a limit of its own."""
        return any(name.startswith(self.prefix) for name in project.quotas)

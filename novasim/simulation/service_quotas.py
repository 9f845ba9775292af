"""Quotas of the network and volume services. Limits are stored with the service's name as a prefix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from novasim.records import FloatingIp, Network, Port, Project, Record, Router, SecurityGroup, Subnet
from novasim.simulation.options import NETWORK_QUOTAS
from novasim.simulation.quotas import DEFAULT_CLASS
from novasim.simulation.world import World

Limits = dict[str, int]

NETWORK_KINDS: dict[str, type[Record]] = {
    "network": Network,
    "subnet": Subnet,
    "port": Port,
    "router": Router,
    "floatingip": FloatingIp,
    "security_group": SecurityGroup,
}


def _list_nothing(world: World) -> Limits:
    return {}


class ServiceQuotas(NamedTuple):
    """
    The quotas of one service.

    Args:
        prefix: Begins the names of the service's limits in `Project.quotas`, such as "volume.".
        built_in: Resource -> limit without a limit of a class or a project; -1 is unlimited.
        list_more: Resources that depend on the cloud, with their limits.
    """

    prefix: str
    built_in: Mapping[str, int]
    list_more: Callable[[World], Limits] = _list_nothing

    def find_defaults(self, world: World, class_name: str = DEFAULT_CLASS) -> Limits:
        """Return the limits of a quota class, which are those of the default class unless it has its own."""
        limits = {**self.built_in, **self.list_more(world)}
        for name in (DEFAULT_CLASS, class_name):
            own = world.settings.quota_classes.get(name, {})
            limits = {resource: own.get(self.prefix + resource, limit) for resource, limit in limits.items()}
        return limits

    def set_class_limits(self, world: World, class_name: str, limits: Limits) -> None:
        """Set limits of a quota class."""
        own = world.settings.quota_classes.setdefault(class_name, {})
        own.update({self.prefix + name: limit for name, limit in limits.items()})
        world.tx.put(world.settings)

    def find_limits(self, world: World, project_id: str) -> Limits:
        """Return the limits of a project by resource; -1 is unlimited."""
        project = world.tx.get(Project, project_id)
        own = project.quotas if project else {}
        return {name: own.get(self.prefix + name, default) for name, default in self.find_defaults(world).items()}

    def find_limit(self, world: World, project_id: str, resource: str) -> int:
        """Return the limit of a project for one of the built-in resources; -1 is unlimited."""
        name, project = self.prefix + resource, world.tx.get(Project, project_id)
        if project and name in project.quotas:
            return project.quotas[name]
        return world.settings.quota_classes.get(DEFAULT_CLASS, {}).get(name, self.built_in[resource])

    def set_limits(self, project: Project, limits: Mapping[str, Any]) -> None:
        """Set limits of the service in a project that the caller stores."""
        project.quotas.update({self.prefix + name: int(limit) for name, limit in limits.items()})

    def reset(self, project: Project) -> None:
        """Remove the project's own limits, in a project that the caller stores."""
        project.quotas = {name: limit for name, limit in project.quotas.items() if not name.startswith(self.prefix)}

    def has_own_limits(self, project: Project) -> bool:
        """Whether the project has a limit of its own."""
        return any(name.startswith(self.prefix) for name in project.quotas)

    def rename(self, world: World, names: Mapping[str, str]) -> None:
        """Rename resources in the limits of all projects and classes. names: old name -> new name."""
        stored = {self.prefix + old: self.prefix + new for old, new in names.items()}
        for project in world.tx.query(Project):
            if stored.keys() & project.quotas.keys():
                project.quotas = {stored.get(name, name): limit for name, limit in project.quotas.items()}
                world.tx.put(project)
        classes = world.settings.quota_classes
        if any(stored.keys() & limits.keys() for limits in classes.values()):
            for key, limits in classes.items():
                classes[key] = {stored.get(name, name): limit for name, limit in limits.items()}
            world.tx.put(world.settings)


NETWORK_LIMITS = ServiceQuotas("network.", NETWORK_QUOTAS)


def count_network_resources(world: World, project: str, name: str) -> int:
    """Return how many of a resource of the network service a project has."""
    if name == "security_group_rule":
        return sum(len(group.rules) for group in world.tx.query(SecurityGroup, {"project_id": project}))
    return world.tx.count(NETWORK_KINDS[name], {"project_id": project}) if name in NETWORK_KINDS else 0


def count_free_network_resources(world: World, project: str, name: str) -> int | None:
    """Return how many more of such a resource a project may have (negative above the limit); None if unlimited."""
    limit = NETWORK_LIMITS.find_limit(world, project, name)
    return None if limit < 0 else limit - count_network_resources(world, project, name)

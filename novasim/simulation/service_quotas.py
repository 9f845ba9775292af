"""Quotas of the network and volume services. Limits are stored with the service's name as a prefix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from novasim.records import FloatingIp, Network, Port, Project, Record, Router, SecurityGroup, Subnet, SubnetPool
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
    "subnetpool": SubnetPool,
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
        own = _find_stored(world, project_id)
        return {name: own.get(self.prefix + name, default) for name, default in self.find_defaults(world).items()}

    def find_limit(self, world: World, project_id: str, resource: str) -> int:
        """Return the limit of a project for one of the built-in resources; -1 is unlimited."""
        name, own = self.prefix + resource, _find_stored(world, project_id)
        if name in own:
            return own[name]
        return world.settings.quota_classes.get(DEFAULT_CLASS, {}).get(name, self.built_in[resource])

    def has_own_limit(self, world: World, project_id: str, name: str) -> bool:
        """Whether a project has a limit of its own of a resource."""
        return self.prefix + name in _find_stored(world, project_id)

    def set_limits(self, world: World, project_id: str, limits: Mapping[str, Any]) -> None:
        """Set limits of a project. The services take every id; they do not ask Keystone whether a project has it."""
        changes = {self.prefix + name: int(limit) for name, limit in limits.items()}
        _store(world, project_id, {**_find_stored(world, project_id), **changes})

    def reset(self, world: World, project_id: str) -> None:
        """Remove the project's own limits."""
        stored = _find_stored(world, project_id)
        _store(world, project_id, {name: limit for name, limit in stored.items() if not name.startswith(self.prefix)})

    def list_projects_with_limits(self, world: World) -> list[str]:
        """The ids that have a limit of their own."""
        stored = {project.id: project.quotas for project in world.tx.query(Project)} | world.settings.foreign_quotas
        return [id for id, quotas in stored.items() if any(name.startswith(self.prefix) for name in quotas)]

    def rename(self, world: World, names: Mapping[str, str]) -> None:
        """Rename resources in the limits of all projects and classes. names: old name -> new name."""
        stored = {self.prefix + old: self.prefix + new for old, new in names.items()}
        for project in world.tx.query(Project):
            if stored.keys() & project.quotas.keys():
                project.quotas = {stored.get(name, name): limit for name, limit in project.quotas.items()}
                world.tx.put(project)
        others = world.settings.foreign_quotas
        if any(stored.keys() & limits.keys() for limits in others.values()):
            for id, limits in others.items():
                others[id] = {stored.get(name, name): limit for name, limit in limits.items()}
            world.tx.put(world.settings)
        classes = world.settings.quota_classes
        if any(stored.keys() & limits.keys() for limits in classes.values()):
            for key, limits in classes.items():
                classes[key] = {stored.get(name, name): limit for name, limit in limits.items()}
            world.tx.put(world.settings)


def _find_stored(world: World, project_id: str) -> Limits:
    """The limits of all services that are stored for a project, or for an id that no project has."""
    project = world.tx.get(Project, project_id)
    return project.quotas if project else world.settings.foreign_quotas.get(project_id, {})


def _store(world: World, project_id: str, quotas: Limits) -> None:
    if project := world.tx.get(Project, project_id):
        project.quotas = quotas
        world.tx.put(project)
        return
    others = {id: each for id, each in world.settings.foreign_quotas.items() if id != project_id}
    world.settings.foreign_quotas = {**others, project_id: quotas} if quotas else others
    world.tx.put(world.settings)


NETWORK_LIMITS = ServiceQuotas("network.", NETWORK_QUOTAS)


def count_network_resources(world: World, project: str, name: str) -> int:
    """Return how many of a resource of the network service a project has."""
    if name == "security_group_rule":
        return sum(len(group.rules) for group in world.tx.query(SecurityGroup, {"project_id": project}))
    return world.tx.count(NETWORK_KINDS[name], {"project_id": project}) if name in NETWORK_KINDS else 0


def count_free_network_resources(world: World, project: str, name: str) -> int | None:
    """Return how many more of such a resource a project may have (negative above the limit); None if unlimited."""
    limit = NETWORK_LIMITS.find_limit(world, project, name) if name in NETWORK_QUOTAS else -1
    return None if limit < 0 else limit - count_network_resources(world, project, name)

"""Creates the projects and users of a scenario."""

from __future__ import annotations

from typing import Any

from novasim.records import Project, User
from novasim.scenarios.checks import Scenario
from novasim.scenarios.references import find_record
from novasim.simulation.default_world import (
    DEFAULT_USERS,
    PASSWORD,
    build_default_security_group,
    create_user,
    unlimited_quotas,
)
from novasim.simulation.keys.passwords import hash_password
from novasim.simulation.world import World
from novasim.yamlutils import Place


def create_projects(world: World, scenario: Scenario) -> None:
    """Create the projects, without limits: the cloud may begin with more than its quotas allow."""
    entries = scenario.copy_entries("projects")
    names = {entry["name"] for entry in entries}
    if not entries or not scenario.data.get("users"):
        entries += [{"name": name} for name in DEFAULT_USERS if name not in names]
    for entry in entries:
        fields = {"id": world.ids.uuid().replace("-", ""), **entry, "quotas": unlimited_quotas()}
        project = Project(**fields)
        world.tx.put(project)
        world.tx.put(build_default_security_group(world, project.id))


def set_quotas(world: World, scenario: Scenario) -> None:
    """Set the quotas of all projects."""
    quotas = {entry["name"]: entry.get("quotas", {}) for entry in scenario.copy_entries("projects")}
    for project in world.tx.query(Project):
        project.quotas = dict(quotas.get(project.name, {}))
        world.tx.put(project)


def create_users(world: World, scenario: Scenario) -> None:
    """Create the users."""
    if not scenario.data.get("users"):
        for name in DEFAULT_USERS:
            create_user(world, world.tx.query(Project, {"name": name})[0])
    for place, entry in scenario.list_entries("users"):
        _create_user(world, scenario, entry, place)


def _create_user(world: World, scenario: Scenario, entry: dict[str, Any], place: Place) -> None:
    roles = entry.get("roles") or {_choose_project(world, entry): ["member"]}
    home = find_record(world, scenario, Project, entry.get("project", next(iter(roles))), place)
    id = entry.get("id") or world.ids.uuid().replace("-", "")
    world.tx.put(
        User(
            id=id,
            name=entry["name"],
            default_project_id=home.id,
            password_hash=hash_password(entry.get("password", PASSWORD), world.settings.token_key, id),
            roles={
                find_record(world, scenario, Project, name, (*place, "roles", name)).id: list(each)
                for name, each in roles.items()
            },
        )
    )


def _choose_project(world: World, entry: dict[str, Any]) -> str:
    """The project of a user without roles: the named one, that with the user's name, or else the first."""
    if "project" in entry:
        return str(entry["project"])
    same_name = world.tx.query(Project, {"name": entry["name"]})
    return (same_name or world.tx.query(Project))[0].id

"""Reads the servers of a scenario: whose they are, the bodies of their requests, and where they end."""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.errors import UsageError
from novasim.records import Caller, Flavor, Host, Image, Network, Project, Subnet, User
from novasim.scenarios.checks import Scenario
from novasim.scenarios.paths import RESIZED, Goal, read_goal
from novasim.scenarios.references import find_record
from novasim.scenarios.server_schema import NO_NETWORK
from novasim.simulation.default_world import DEFAULT_USERS
from novasim.simulation.network import list_usable_networks
from novasim.simulation.world import World
from novasim.yamlutils import Place

ROLES = ("admin", "manager", "member", "reader")
COPIED_FIELDS = (
    *("name", "availability_zone", "key_name", "metadata", "tags", "description", "hostname", "accessIPv4"),
    *("accessIPv6", "config_drive", "user_data"),
)


class NewServer(NamedTuple):
    """
    A server of a scenario.

    Args:
        caller: Its user, with all rights.
        body: The "server" of the request that creates it, without the host.
        flavor_id: The flavor that it has in the end.
        old_flavor_id: The flavor before a resize; None for a migration.
        host: Where it is in the end; None if the scheduler decides.
    """

    caller: Caller
    body: dict[str, Any]
    flavor_id: str
    old_flavor_id: str | None
    host: str | None
    goal: Goal


def read_server(world: World, scenario: Scenario, entry: dict[str, Any], place: Place) -> NewServer:
    """
    Read an entry.

    Raises:
        UsageError: It refers to something that the scenario does not have, or contradicts itself; the message names
            the line.
    """
    flavor = _find(world, scenario, Flavor, entry, "flavor", place)
    image = _find(world, scenario, Image, entry, "image", place)
    old = find_record(world, scenario, Flavor, entry["old_flavor"], place) if "old_flavor" in entry else None
    host = find_record(world, scenario, Host, entry["host"], (*place, "host")) if "host" in entry else None
    caller = _find_caller(world, scenario, entry, place)
    body = {
        **{name: entry[name] for name in COPIED_FIELDS if name in entry},
        "flavorRef": (old or flavor).id,
        "imageRef": image.id,
        "networks": _read_networks(world, scenario, caller.project_id, entry, place),
    }
    if "security_groups" in entry:
        body["security_groups"] = [{"name": name} for name in entry["security_groups"]]
    goal = _read_goal(world, scenario, entry, place)
    return NewServer(caller, body, flavor.id, old.id if old else None, host.name if host else None, goal)


def _find(
    world: World, scenario: Scenario, kind: type[Flavor] | type[Image], entry: dict[str, Any], field: str, place: Place
) -> Flavor | Image:
    """The flavor or image that an entry names, or the first one."""
    if field in entry:
        return find_record(world, scenario, kind, entry[field], (*place, field))
    for record in world.tx.query(kind):
        return record
    raise scenario.error(place, f"a server needs {field}: this scenario has no {field}s")


def _find_caller(world: World, scenario: Scenario, entry: dict[str, Any], place: Place) -> Caller:
    """The user of a server, in its project."""
    projects = world.tx.query(Project)
    named = [project for project in projects if project.name == DEFAULT_USERS[0]] or projects
    project = find_record(world, scenario, Project, entry.get("project", named[0].id), (*place, "project"))
    users = [user for user in world.tx.query(User) if project.id in user.roles]
    usual = next((user for user in users if user.name == project.name), users[0] if users else None)
    if usual is None and "user" not in entry:
        raise scenario.error(place, f"no user has a role in the project {project.name}; give user")
    user = find_record(world, scenario, User, entry["user"], (*place, "user")) if "user" in entry else usual
    assert user is not None
    return Caller(user.id, project.id, ROLES, user.name, project.name)


def _read_networks(
    world: World, scenario: Scenario, project_id: str, entry: dict[str, Any], place: Place
) -> list[dict[str, str]] | str:
    """The networks of the request: the named one, none, or the first one with a subnet that the project can use."""
    if entry.get("network") == NO_NETWORK:
        return NO_NETWORK
    if "network" in entry:
        network = find_record(world, scenario, Network, entry["network"], (*place, "network"))
    else:
        usable = list_usable_networks(world, project_id)
        found = next((each for each in usable if world.tx.query(Subnet, {"network_id": each.id})), None)
        if found is None:
            return NO_NETWORK
        network = found
    addresses = entry.get("addresses") or [None]
    return [{"uuid": network.id, **({"fixed_ip": address} if address else {})} for address in addresses]


def _read_goal(world: World, scenario: Scenario, entry: dict[str, Any], place: Place) -> Goal:
    try:
        goal = read_goal(entry)
    except UsageError as error:
        raise scenario.error((*place, "status"), str(error)) from None
    for field, statuses in (("old_flavor", RESIZED), ("fault", ("ERROR",))):
        if field in entry and goal.status not in statuses:
            raise scenario.error((*place, field), f"{field} needs status {' or '.join(sorted(statuses))}")
    if goal.is_in_progress and scenario.data.get("clock") == "instant":
        raise scenario.error(
            (*place, "status"), f"status {goal.status} ends at once under the clock instant; use manual or real"
        )
    return goal

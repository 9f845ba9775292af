"""Creates the servers of a scenario directly in their states, with claims, ports and times."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.records import Flavor, Host, Image, Network, Project, Server, User
from novasim.scenarios.checks import Scenario
from novasim.scenarios.references import find_record
from novasim.simulation import network
from novasim.simulation.scheduling.placement import claim, get_zone, resources_from_flavor
from novasim.simulation.scheduling.request_spec import RequestSpec
from novasim.simulation.scheduling.scheduler import list_candidates
from novasim.simulation.world import World
from novasim.strutils import quote

POWER_STATES = {
    states.ACTIVE: states.RUNNING,
    states.RESCUED: states.RUNNING,
    states.RESIZED: states.RUNNING,
    states.ERROR: states.RUNNING,
    states.SOFT_DELETED: states.RUNNING,
    states.PAUSED: states.POWER_PAUSED,
    states.STOPPED: states.SHUTDOWN,
    states.SUSPENDED: states.SHUTDOWN,
    states.SHELVED: states.SHUTDOWN,
    states.SHELVED_OFFLOADED: states.SHUTDOWN,
}
WITHOUT_HOST = frozenset({states.SHELVED_OFFLOADED, states.DELETED})
COPIED_FIELDS = ("id", "task_state", "key_name", "description", "locked_by", "locked_reason", "power_state")
TIME_FIELDS = ("created_at", "updated_at", "launched_at")


def create_servers(world: World, scenario: Scenario) -> None:
    """
    Create all servers, in the order of the file.

    Raises:
        UsageError: A server refers to something that does not exist, or does not fit on any host; the message names
            the line.
    """
    for place, entry in scenario.list_entries("servers"):
        _create(world, scenario, entry, place)


def _create(world: World, scenario: Scenario, entry: dict[str, Any], place: tuple[Any, ...]) -> None:
    server = _build_record(world, scenario, entry, place)
    if server.vm_state not in WITHOUT_HOST and not server.deleted:
        _place_on_host(world, scenario, server, entry, place)
    if not server.deleted:
        _plug_into_network(world, scenario, server, entry, place)
    world.tx.put(server)


def _build_record(world: World, scenario: Scenario, entry: dict[str, Any], place: tuple[Any, ...]) -> Server:
    project = find_record(world, scenario, Project, entry["project"], (*place, "project"))
    user = find_record(world, scenario, User, entry.get("user", project.name), (*place, "user"))
    flavor = find_record(world, scenario, Flavor, entry["flavor"], (*place, "flavor"))
    image = find_record(world, scenario, Image, entry["image"], (*place, "image")) if "image" in entry else None
    fields = _build_fields(world, scenario, entry, place)
    return Server(
        name=entry["name"],
        project_id=project.id,
        user_id=user.id,
        flavor=_copy_flavor(flavor),
        image_id=image.id if image else "",
        image=_copy_image(image, flavor.disk),
        hostname=entry.get("hostname", entry["name"]),
        metadata=entry.get("metadata", {}),
        tags=entry.get("tags", []),
        root_device_name="/dev/vda",
        reservation_id="r-" + world.ids.token(),
        number=world.allocate_number("servers"),
        **fields,
    )


def _build_fields(world: World, scenario: Scenario, entry: dict[str, Any], place: tuple[Any, ...]) -> dict[str, Any]:
    """The fields that follow from the vm_state, and those that the entry sets."""
    vm_state = entry.get("vm_state", states.ACTIVE)
    is_deleted = entry.get("deleted", vm_state == states.DELETED)
    return {
        "id": world.ids.uuid(),
        "created_at": world.time,
        "updated_at": world.time,
        "launched_at": None if vm_state == states.BUILDING else world.time,
        "vm_state": vm_state,
        "task_state": None,
        "power_state": POWER_STATES.get(vm_state, states.NOSTATE),
        "deleted": is_deleted,
        "deleted_at": world.time if is_deleted else None,
        "terminated_at": world.time if is_deleted else None,
        **{name: entry[name] for name in COPIED_FIELDS if name in entry},
        **{name: _parse_time(scenario, entry[name], (*place, name)) for name in TIME_FIELDS if name in entry},
    }


def _parse_time(scenario: Scenario, text: str, place: tuple[Any, ...]) -> str:
    from novasim.api.schemas.formats import parse_time
    from novasim.simulation.time.clock import format_time

    try:
        seconds = parse_time(text)
    except (ValueError, OverflowError):
        seconds = -1
    if seconds < 0:
        raise scenario.error(place, f"{quote(text)} is not a time; write it as 2026-01-01T00:00:00Z")
    return format_time(seconds)


def _copy_flavor(flavor: Flavor) -> dict[str, Any]:
    names = ("id", "name", "vcpus", "ram", "disk", "ephemeral", "swap")
    return {**{name: getattr(flavor, name) for name in names}, "extra_specs": dict(flavor.extra_specs)}


def _copy_image(image: Image | None, disk: int) -> dict[str, Any]:
    if image is None:
        return {}
    return {"min_disk": max(image.min_disk, disk), "min_ram": image.min_ram, "properties": dict(image.properties)}


def _place_on_host(
    world: World, scenario: Scenario, server: Server, entry: dict[str, Any], place: tuple[Any, ...]
) -> None:
    resources = resources_from_flavor(server.flavor, not server.image_id)
    if "host" in entry:
        host = find_record(world, scenario, Host, entry["host"], (*place, "host"))
    else:
        zone = entry.get("availability_zone")
        found = list_candidates(world, RequestSpec(server, resources, zone))
        if not found:
            raise scenario.error(place, f"no host has room for {server.name}")
        host, server.pinned_availability_zone = found[0], zone
    claim(world, server.id, host.name, resources)
    server.host = server.node = host.name
    server.availability_zone = get_zone(world, host.name)


def _plug_into_network(
    world: World, scenario: Scenario, server: Server, entry: dict[str, Any], place: tuple[Any, ...]
) -> None:
    if "network" not in entry:
        return
    on = find_record(world, scenario, Network, entry["network"], (*place, "network"))
    groups = network.find_security_group_ids(world, server.project_id, ["default"])
    for address in entry.get("addresses") or [None]:
        with scenario.locate_errors((*place, "addresses")):
            network.plug(world, server, {"network": on.id, "fixed_ip": address}, groups)

"""The servers of a scenario: put into their state directly, with the claims, ports and times that belong to it."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle import states
from novasim.records import Flavor, Host, Image, Network, Project, Server, User
from novasim.scenarios.naming import named
from novasim.scenarios.reading import Scenario
from novasim.simulation import network
from novasim.simulation.scheduling.placement import claim, get_zone, resources_from_flavor
from novasim.simulation.scheduling.scheduler import RequestSpec, list_candidates
from novasim.simulation.world import World

POWER = {
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
HOSTLESS = frozenset({states.SHELVED_OFFLOADED, states.DELETED})
PLAIN = ("id", "task_state", "key_name", "description", "locked_by", "locked_reason", "power_state")
TIMES = ("created_at", "updated_at", "launched_at")


def make_servers(world: World, scenario: Scenario) -> None:
    """
    All servers, in the order of the file.

    Raises:
        UsageError: a server refers to what is not there, or no host has room for it; the line is named.
    """
    for number, entry in enumerate(scenario.data.get("servers") or ()):
        given = {name: value for name, value in entry.items() if value is not None}
        _make(world, scenario, given, ("servers", number))


def _make(world: World, scenario: Scenario, given: dict[str, Any], place: tuple[Any, ...]) -> None:
    server = _record(world, scenario, given, place)
    if server.vm_state not in HOSTLESS and not server.deleted:
        _place(world, scenario, server, given, place)
    if not server.deleted:
        _plug(world, scenario, server, given, place)
    world.tx.put(server)


def _record(world: World, scenario: Scenario, given: dict[str, Any], place: tuple[Any, ...]) -> Server:
    project = named(world, scenario, Project, given["project"], (*place, "project"))
    user = named(world, scenario, User, given.get("user", project.name), (*place, "user"))
    flavor = named(world, scenario, Flavor, given["flavor"], (*place, "flavor"))
    image = named(world, scenario, Image, given["image"], (*place, "image")) if "image" in given else None
    vm_state = given.get("vm_state", states.ACTIVE)
    removed = given.get("deleted", vm_state == states.DELETED)
    fields = {
        "id": world.ids.uuid(),
        "created_at": world.time,
        "updated_at": world.time,
        "launched_at": None if vm_state == states.BUILDING else world.time,
        "task_state": None,
        "power_state": POWER.get(vm_state, states.NOSTATE),
        **{name: given[name] for name in PLAIN if name in given},
        **{name: _moment(scenario, given[name], (*place, name)) for name in TIMES if name in given},
    }
    return Server(
        name=given["name"],
        project_id=project.id,
        user_id=user.id,
        vm_state=vm_state,
        deleted=removed,
        deleted_at=world.time if removed else None,
        terminated_at=world.time if removed else None,
        flavor=_kept(flavor),
        image_id=image.id if image else "",
        image=_kept_image(image),
        hostname=given.get("hostname", given["name"]),
        metadata=_texts(given.get("metadata", {})),
        tags=sorted(map(str, given.get("tags", ()))),
        root_device_name="/dev/vda",
        reservation_id="r-" + world.ids.token(),
        number=world.allocate_number("servers"),
        **fields,
    )


def _moment(scenario: Scenario, text: str, place: tuple[Any, ...]) -> str:
    from novasim.simulation.time.clock import format_time, parse_time

    padded = text.replace("Z", "") + (".000000Z" if "." not in text else "Z")
    try:
        return format_time(parse_time(padded))
    except ValueError:
        raise scenario.wrong(place, f"{text!r} is no time; write 2026-01-01T00:00:00Z") from None


def _texts(table: dict[Any, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in table.items()}


def _kept(flavor: Flavor) -> dict[str, Any]:
    names = ("id", "name", "vcpus", "ram", "disk", "ephemeral", "swap")
    return {**{name: getattr(flavor, name) for name in names}, "extra_specs": dict(flavor.extra_specs)}


def _kept_image(image: Image | None) -> dict[str, Any]:
    if image is None:
        return {}
    return {"min_disk": image.min_disk, "min_ram": image.min_ram, "properties": dict(image.properties)}


def _place(world: World, scenario: Scenario, server: Server, given: dict[str, Any], place: tuple[Any, ...]) -> None:
    wanted = resources_from_flavor(server.flavor, not server.image_id)
    if "host" in given:
        host = named(world, scenario, Host, given["host"], (*place, "host"))
    else:
        zone = given.get("availability_zone")
        found = list_candidates(world, RequestSpec(server, wanted, zone))
        if not found:
            raise scenario.wrong(place, f"no host has room for {server.name}")
        host, server.pinned_availability_zone = found[0], zone
    claim(world, server.id, server.id, host.name, wanted)
    server.host = server.node = host.name
    server.availability_zone = get_zone(world, host.name)


def _plug(world: World, scenario: Scenario, server: Server, given: dict[str, Any], place: tuple[Any, ...]) -> None:
    if "network" not in given:
        return
    on = named(world, scenario, Network, given["network"], (*place, "network"))
    groups = network.find_security_group_ids(world, server.project_id, ["default"])
    for address in given.get("addresses") or [None]:
        network.plug(world, server, {"network": on.id, "fixed_ip": address}, groups)

"""From a checked scenario to records."""

from __future__ import annotations

from typing import Any

from novasim.records import (
    Aggregate,
    Flavor,
    Host,
    Image,
    Keypair,
    Network,
    Project,
    Role,
    SecurityGroup,
    Settings,
    Subnet,
    User,
    Volume,
)
from novasim.scenarios.naming import named
from novasim.scenarios.reading import Scenario
from novasim.scenarios.servers import make_servers
from novasim.simulation.default_world import FORMAT, PASSWORD, ROLES, build_default_security_group, hash_password
from novasim.simulation.seeded import generate_secret_key, generate_seed
from novasim.simulation.time.clock import SEEDED_EPOCH
from novasim.simulation.world import Records, World


def build(tx: Records, scenario: Scenario, wall_now: float, seed: int | None) -> World:
    """
    Fill an empty store with the world of a scenario.

    Args:
        wall_now: Real time. seed: replaces the scenario's own; with either the time begins at a fixed moment.

    Raises:
        UsageError: something refers to what the scenario does not have; the line is named.
    """
    data = scenario.data
    chosen = seed if seed is not None else data.get("seed")
    settings = Settings(
        id="cloud",
        format=FORMAT,
        seed=generate_seed() if chosen is None else chosen,
        clock=data.get("clock") or "real",
        sim_anchor=wall_now if chosen is None else SEEDED_EPOCH,
        wall_anchor=wall_now if chosen is None else None,
        options=dict(data.get("options") or {}),
        token_key=generate_secret_key(),
    )
    tx.put(settings)
    world = World(tx, settings, settings.sim_anchor, "scenario")
    for make in (_projects, _users, _hosts, _flavors, _images, _networks, _groups, _keypairs, _volumes, make_servers):
        make(world, scenario)
    return world


def _entries(scenario: Scenario, section: str) -> list[dict[str, Any]]:
    return [{k: v for k, v in entry.items() if v is not None} for entry in scenario.data.get(section) or ()]


def _projects(world: World, scenario: Scenario) -> None:
    for name in ROLES:
        world.tx.put(Role(id=name, name=name))
    for entry in _entries(scenario, "projects") or [{"name": "demo"}, {"name": "admin"}]:
        project = Project(**{"id": world.ids.uuid().replace("-", ""), **entry})
        world.tx.put(project)
        world.tx.put(build_default_security_group(world, project.id))


def _users(world: World, scenario: Scenario) -> None:
    usual: list[dict[str, Any]] = [{"name": "demo"}, {"name": "admin", "roles": {"admin": ["admin"]}}]
    for number, entry in enumerate(_entries(scenario, "users") or usual):
        place = ("users", number)
        roles = entry.pop("roles", None) or {entry.get("project", entry["name"]): ["member"]}
        home = named(world, scenario, Project, entry.pop("project", next(iter(roles))), place)
        world.tx.put(
            User(
                id=entry.get("id") or world.ids.uuid().replace("-", ""),
                name=entry["name"],
                default_project_id=home.id,
                password_hash=hash_password(entry.get("password", PASSWORD), entry["name"]),
                roles={
                    named(world, scenario, Project, name, (*place, "roles", name)).id: list(each)
                    for name, each in roles.items()
                },
            )
        )


def _hosts(world: World, scenario: Scenario) -> None:
    zones: dict[str, list[str]] = {}
    for number, entry in enumerate(_entries(scenario, "hosts"), 1):
        zone = entry.pop("availability_zone", None)
        if zone:
            zones.setdefault(zone, []).append(entry["name"])
        usual = {"vcpus": 16, "ram_mb": 65536, "disk_gb": 1000, "host_ip": f"192.0.2.{number % 250 + 1}"}
        fields = {**usual, **entry, "id": entry["name"], "number": number, "created_at": world.time}
        world.tx.put(Host(service_id=world.ids.uuid(), **fields))
    for number, (zone, hosts) in enumerate(zones.items(), 1):
        world.tx.put(
            Aggregate(
                id=str(number),
                name=zone,
                number=number,
                uuid=world.ids.uuid(),
                hosts=hosts,
                created_at=world.time,
                metadata={"availability_zone": zone},
            )
        )


def _flavors(world: World, scenario: Scenario) -> None:
    for number, entry in enumerate(_entries(scenario, "flavors"), 1):
        access = [named(world, scenario, Project, name, ("flavors", number - 1)).id for name in entry.pop("access", ())]
        fields = {"id": entry["name"], "number": number, **entry, "is_public": entry.get("public", True)}
        fields.pop("public", None)
        world.tx.put(Flavor(access=access, **fields))


def _images(world: World, scenario: Scenario) -> None:
    for number, entry in enumerate(_entries(scenario, "images")):
        owner = entry.pop("project", None)
        fields = {"id": world.ids.uuid(), "created_at": world.time, "updated_at": world.time, **entry}
        if owner:
            fields["owner"] = named(world, scenario, Project, owner, ("images", number)).id
        world.tx.put(Image(**fields))


def _networks(world: World, scenario: Scenario) -> None:
    first = world.tx.query(Project)[0]
    for number, entry in enumerate(_entries(scenario, "networks")):
        place = ("networks", number)
        owner = named(world, scenario, Project, entry["project"], place).id if "project" in entry else first.id
        network = Network(
            id=entry.get("id") or world.ids.uuid(),
            name=entry["name"],
            project_id=owner,
            shared=entry.get("shared", False),
            external=entry.get("external", False),
            created_at=world.time,
            updated_at=world.time,
        )
        world.tx.put(network)
        for key in ("cidr", "cidr_v6"):
            if key in entry:
                _subnet(world, scenario, network, entry, key, place)


def _subnet(
    world: World, scenario: Scenario, network: Network, entry: dict[str, Any], key: str, place: tuple[Any, ...]
) -> None:
    import ipaddress

    try:
        cidr = ipaddress.ip_network(entry[key])
    except ValueError as error:
        raise scenario.wrong((*place, key), f"{key}: {error}") from None
    pools = (
        [{"start": entry["pool_start"], "end": entry["pool_end"]}] if key == "cidr" and "pool_start" in entry else []
    )
    world.tx.put(
        Subnet(
            id=world.ids.uuid(),
            name=f"{network.name}-v{cidr.version}",
            network_id=network.id,
            project_id=network.project_id,
            cidr=str(cidr),
            ip_version=cidr.version,
            allocation_pools=pools,
            gateway_ip=str(cidr.network_address + 1),
            created_at=world.time,
            updated_at=world.time,
        )
    )


def _groups(world: World, scenario: Scenario) -> None:
    for number, entry in enumerate(_entries(scenario, "security_groups")):
        project = named(world, scenario, Project, entry["project"], ("security_groups", number))
        fields = {"id": world.ids.uuid(), **entry, "project_id": project.id}
        fields.pop("project")
        world.tx.put(SecurityGroup(created_at=world.time, updated_at=world.time, **fields))


def _keypairs(world: World, scenario: Scenario) -> None:
    from novasim.simulation.ssh_keys import fingerprint, generate_key_pair

    for number, entry in enumerate(_entries(scenario, "keypairs")):
        user = named(world, scenario, User, entry["user"], ("keypairs", number))
        key = entry.get("public_key") or generate_key_pair(world.ids.octets(32), entry["name"])[0]
        try:
            print_ = fingerprint(key)
        except (ValueError, IndexError):
            raise scenario.wrong(("keypairs", number, "public_key"), "this is no SSH public key") from None
        world.tx.put(
            Keypair(
                id=f"{user.id}/{entry['name']}",
                name=entry["name"],
                user_id=user.id,
                public_key=key,
                fingerprint=print_,
                created_at=world.time,
                number=number + 1,
            )
        )


def _volumes(world: World, scenario: Scenario) -> None:
    for number, entry in enumerate(_entries(scenario, "volumes")):
        project = named(world, scenario, Project, entry.pop("project"), ("volumes", number))
        fields = {"id": world.ids.uuid(), "size": 1, "created_at": world.time, "updated_at": world.time, **entry}
        world.tx.put(Volume(project_id=project.id, **fields))

"""Creates the world of a scenario."""

from __future__ import annotations

from collections.abc import Callable
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
from novasim.records.cloud import FORMAT
from novasim.scenarios.checks import Scenario
from novasim.scenarios.reader import read_scenario
from novasim.scenarios.references import find_record
from novasim.scenarios.servers import create_servers
from novasim.simulation.default_world import PASSWORD, ROLES, build_default_security_group
from novasim.simulation.hosts.cells import set_cell_down
from novasim.simulation.keys.passwords import hash_password
from novasim.simulation.seeded import generate_secret_key, generate_seed
from novasim.simulation.time.clock import SEEDED_EPOCH
from novasim.simulation.world import Records, World


def load_scenario(path: str) -> Callable[[Records, float, int | None], World]:
    """
    Read and check a scenario file; return a function that creates its world, as `create_world` needs it.

    Raises:
        UsageError: The file cannot be read or is invalid; the message names the line.
    """
    scenario = read_scenario(path)
    return lambda tx, wall_now, seed: build_world(tx, scenario, wall_now, seed)


def build_world(tx: Records, scenario: Scenario, wall_now: float, seed: int | None) -> World:
    """
    Create the world of a scenario in an empty store.

    Args:
        wall_now: Real time in seconds since the epoch, at which the clock of a world without a seed starts.
        seed: Replaces the scenario's seed. A world with a seed starts at a fixed time.

    Raises:
        UsageError: An entry refers to something that the scenario does not have; the message names the line.
    """
    data = scenario.data
    seed = seed if seed is not None else data.get("seed")
    settings = Settings(
        id="cloud",
        format=FORMAT,
        seed=generate_seed() if seed is None else seed,
        clock=data.get("clock") or "real",
        sim_anchor=wall_now if seed is None else SEEDED_EPOCH,
        wall_anchor=wall_now if seed is None else None,
        options=dict(data.get("options") or {}),
        token_key=generate_secret_key(),
    )
    tx.put(settings)
    world = World(tx, settings, settings.sim_anchor, "scenario")
    for create in CREATORS:
        create(world, scenario)
    return world


def _entries(scenario: Scenario, section: str) -> list[dict[str, Any]]:
    return [entry for _, entry in scenario.list_entries(section)]


def _create_projects(world: World, scenario: Scenario) -> None:
    for name in ROLES:
        world.tx.put(Role(id=name, name=name))
    for entry in _entries(scenario, "projects") or [{"name": "demo"}, {"name": "admin"}]:
        project = Project(**{"id": world.ids.uuid().replace("-", ""), **entry})
        world.tx.put(project)
        world.tx.put(build_default_security_group(world, project.id))


def _create_users(world: World, scenario: Scenario) -> None:
    default: list[dict[str, Any]] = [{"name": "demo"}, {"name": "admin", "roles": {"admin": ["admin"]}}]
    for number, entry in enumerate(_entries(scenario, "users") or default):
        place = ("users", number)
        roles = entry.pop("roles", None) or {entry.get("project", entry["name"]): ["member"]}
        home = find_record(world, scenario, Project, entry.pop("project", next(iter(roles))), place)
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


def _create_hosts(world: World, scenario: Scenario) -> None:
    zones: dict[str, list[str]] = {}
    for number, entry in enumerate(_entries(scenario, "hosts"), 1):
        zone, is_cell_down = entry.pop("availability_zone", None), entry.pop("cell_down", False)
        if zone:
            zones.setdefault(zone, []).append(entry["name"])
        usual = {"vcpus": 16, "ram_mb": 65536, "disk_gb": 1000, "host_ip": f"192.0.2.{number % 250 + 1}"}
        fields = {**usual, **entry, "id": entry["name"], "number": number, "created_at": world.time}
        host = Host(service_id=world.ids.uuid(), **fields)
        world.tx.put(host)
        if is_cell_down:
            set_cell_down(world, host, True)
    _create_zones(world, zones)


def _create_zones(world: World, zones: dict[str, list[str]]) -> None:
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


def _create_flavors(world: World, scenario: Scenario) -> None:
    for number, entry in enumerate(_entries(scenario, "flavors"), 1):
        access = [
            find_record(world, scenario, Project, name, ("flavors", number - 1)).id for name in entry.pop("access", ())
        ]
        fields = {"id": entry["name"], "number": number, **entry, "is_public": entry.get("public", True)}
        fields.pop("public", None)
        world.tx.put(Flavor(access=access, **fields))


def _create_images(world: World, scenario: Scenario) -> None:
    for number, entry in enumerate(_entries(scenario, "images")):
        owner = entry.pop("project", None)
        fields = {"id": world.ids.uuid(), "created_at": world.time, "updated_at": world.time, **entry}
        if owner:
            fields["owner"] = find_record(world, scenario, Project, owner, ("images", number)).id
        world.tx.put(Image(**fields))


def _create_networks(world: World, scenario: Scenario) -> None:
    first = world.tx.query(Project)[0]
    for number, entry in enumerate(_entries(scenario, "networks")):
        place = ("networks", number)
        owner = find_record(world, scenario, Project, entry["project"], place).id if "project" in entry else first.id
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
                _create_subnet(world, network, entry, key)


def _create_subnet(world: World, network: Network, entry: dict[str, Any], key: str) -> None:
    import ipaddress

    cidr = ipaddress.ip_network(entry[key], strict=False)
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


def _create_security_groups(world: World, scenario: Scenario) -> None:
    for number, entry in enumerate(_entries(scenario, "security_groups")):
        project = find_record(world, scenario, Project, entry["project"], ("security_groups", number))
        fields = {"id": world.ids.uuid(), **entry, "project_id": project.id}
        fields.pop("project")
        world.tx.put(SecurityGroup(created_at=world.time, updated_at=world.time, **fields))


def _create_keypairs(world: World, scenario: Scenario) -> None:
    from novasim.simulation.keys import rsa, ssh

    for number, entry in enumerate(_entries(scenario, "keypairs")):
        user = find_record(world, scenario, User, entry["user"], ("keypairs", number))
        key = entry.get("public_key") or rsa.public_line(rsa.generate_key(world.ids.octets(32)), entry["name"])
        try:
            md5 = ssh.fingerprint(key)
        except ssh.InvalidKey:
            raise scenario.error(("keypairs", number, "public_key"), "this is not an SSH public key") from None
        world.tx.put(
            Keypair(
                id=f"{user.id}/{entry['name']}",
                name=entry["name"],
                user_id=user.id,
                public_key=key,
                fingerprint=md5,
                created_at=world.time,
                number=number + 1,
            )
        )


def _create_volumes(world: World, scenario: Scenario) -> None:
    for number, entry in enumerate(_entries(scenario, "volumes")):
        project = find_record(world, scenario, Project, entry.pop("project"), ("volumes", number))
        fields = {"id": world.ids.uuid(), "size": 1, "created_at": world.time, "updated_at": world.time, **entry}
        world.tx.put(Volume(project_id=project.id, **fields))


# In this order, since later records refer to earlier ones.
CREATORS = (
    _create_projects,
    _create_users,
    _create_hosts,
    _create_flavors,
    _create_images,
    _create_networks,
    _create_security_groups,
    _create_keypairs,
    _create_volumes,
    create_servers,
)

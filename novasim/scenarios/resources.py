"""Creates the resources of a scenario: hosts, flavors, images, networks, key pairs and volumes."""

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
    SecurityGroup,
    Subnet,
    User,
    Volume,
)
from novasim.scenarios.checks import Scenario
from novasim.scenarios.references import find_owner, find_record
from novasim.simulation import default_world
from novasim.simulation.hosts.cells import set_cell_down
from novasim.simulation.world import World

DEFAULT_HOSTS = 3
HOST_FIELDS = {"memory_mb": "ram_mb", "local_gb": "disk_gb"}
"""Fields of hosts whose records have other names."""
HOST_STATES = ("availability_zone", "cell_down", "state", "status")
"""Fields of hosts that their records do not have."""


def create_hosts(world: World, scenario: Scenario) -> None:
    """Create the hosts, and an aggregate for each of their zones."""
    if not scenario.has_section("hosts"):
        default_world.add_hosts(world, DEFAULT_HOSTS)
    zones: dict[str, list[str]] = {}
    for number, entry in enumerate(scenario.copy_entries("hosts"), 1):
        host = _build_host(world, entry, number)
        world.tx.put(host)
        if "availability_zone" in entry:
            zones.setdefault(entry["availability_zone"], []).append(host.name)
        if entry.get("cell_down"):
            set_cell_down(world, host, True)
    _create_zones(world, zones)


def _build_host(world: World, entry: dict[str, Any], number: int) -> Host:
    usual = {"vcpus": 16, "ram_mb": 65536, "disk_gb": 1000, "host_ip": f"192.0.2.{number % 250 + 1}"}
    own = {HOST_FIELDS.get(name, name): value for name, value in entry.items() if name not in HOST_STATES}
    states = {"disabled": entry.get("status") == "disabled", "up": entry.get("state") != "down"}
    fields = {**usual, **own, **states, "id": entry["name"], "number": number, "created_at": world.time}
    return Host(service_id=world.ids.uuid(), **fields)


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


def create_flavors(world: World, scenario: Scenario) -> None:
    """Create the flavors. Those that are disabled remain enabled until all servers exist; see `finish_resources`."""
    if not scenario.has_section("flavors"):
        default_world.create_flavors(world)
    for number, (place, entry) in enumerate(scenario.list_entries("flavors"), 1):
        projects = entry.pop("access", ())
        access = [find_record(world, scenario, Project, name, place).id for name in projects]
        fields = {"id": entry["name"], "number": number, **entry, "disabled": False}
        world.tx.put(Flavor(access=access, **fields))


def create_images(world: World, scenario: Scenario) -> None:
    """Create the images, all of them active until all servers exist; see `finish_resources`."""
    if not scenario.has_section("images"):
        default_world.create_images(world)
    for place, entry in scenario.list_entries("images"):
        times = {"created_at": world.time, "updated_at": world.time}
        fields = {"id": world.ids.uuid(), **times, **entry, "status": "active"}
        if "owner" in entry:
            fields["owner"] = find_record(world, scenario, Project, entry["owner"], place).id
        world.tx.put(Image(**fields))


def finish_resources(world: World, scenario: Scenario) -> None:
    """Disable flavors and set the status of images, after which no server could be created from them."""
    # Records are in the order of the file; the images of snapshots follow.
    for flavor, entry in zip(world.tx.query(Flavor), scenario.copy_entries("flavors"), strict=False):
        if entry.get("disabled"):
            flavor.disabled = True
            world.tx.put(flavor)
    for image, entry in zip(world.tx.query(Image), scenario.copy_entries("images"), strict=False):
        if "status" in entry:
            image.status = entry["status"]
            world.tx.put(image)


def create_networks(world: World, scenario: Scenario) -> None:
    """Create the networks with their subnets."""
    if not scenario.has_section("networks"):
        admin = world.tx.query(Project, {"name": "admin"}) or world.tx.query(Project)
        default_world.create_networks(world, admin[0].id)
    for place, entry in scenario.list_entries("networks"):
        network = Network(
            id=entry.get("id") or world.ids.uuid(),
            name=entry["name"],
            project_id=find_owner(world, scenario, entry, place).id,
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


def create_security_groups(world: World, scenario: Scenario) -> None:
    """Create the security groups."""
    for place, entry in scenario.list_entries("security_groups"):
        project = find_owner(world, scenario, entry, place)
        fields = {"id": world.ids.uuid(), **entry, "project_id": project.id}
        fields.pop("project", None)
        world.tx.put(SecurityGroup(created_at=world.time, updated_at=world.time, **fields))


def create_keypairs(world: World, scenario: Scenario) -> None:
    """Create the key pairs."""
    from novasim.simulation.keys import rsa, ssh

    for number, (place, entry) in enumerate(scenario.list_entries("keypairs"), 1):
        user = find_record(world, scenario, User, entry["user"], place)
        key = entry.get("public_key") or rsa.public_line(rsa.generate_key(world.ids.octets(32)), entry["name"])
        try:
            md5 = ssh.fingerprint(key)
        except ssh.InvalidKey:
            raise scenario.error((*place, "public_key"), "this is not an SSH public key") from None
        world.tx.put(
            Keypair(
                id=f"{user.id}/{entry['name']}",
                name=entry["name"],
                user_id=user.id,
                public_key=key,
                fingerprint=md5,
                created_at=world.time,
                number=number,
            )
        )


def create_volumes(world: World, scenario: Scenario) -> None:
    """Create the volumes."""
    for place, entry in scenario.list_entries("volumes"):
        project = find_owner(world, scenario, entry, place)
        entry.pop("project", None)
        fields = {"id": world.ids.uuid(), "size": 1, "created_at": world.time, "updated_at": world.time, **entry}
        world.tx.put(Volume(project_id=project.id, **fields))

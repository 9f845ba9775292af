"""The default world of a new cloud: flavors, images, hosts, networks, projects and users."""

from __future__ import annotations

import hashlib
from typing import Any

from novasim.records import (
    Flavor,
    Host,
    Image,
    Network,
    Project,
    Role,
    Router,
    SecurityGroup,
    Settings,
    Subnet,
    User,
)
from novasim.records.cloud import FORMAT
from novasim.simulation.keys.passwords import hash_password
from novasim.simulation.options import NETWORK_QUOTAS, QUOTAS, VOLUME_QUOTAS
from novasim.simulation.seeded import Generator, generate_secret_key, generate_seed
from novasim.simulation.time.clock import SEEDED_EPOCH
from novasim.simulation.world import Records, World
from novasim.strutils import without_fraction

GIB = 1024**3
MIB = 1024**2

FLAVORS = (  # id, name, vCPUs, RAM in MiB, disk in GiB
    ("1", "m1.tiny", 1, 512, 1),
    ("2", "m1.small", 1, 2048, 20),
    ("3", "m1.medium", 2, 4096, 40),
    ("4", "m1.large", 4, 8192, 80),
    ("5", "m1.xlarge", 8, 16384, 160),
)
IMAGES = (  # name, size in bytes, min_disk in GiB, min_ram in MiB
    ("cirros", 16 * MIB, 1, 64),
    ("debian-12", 512 * MIB, 4, 512),
    ("ubuntu-24.04", 640 * MIB, 5, 1024),
)
ROLES = ("reader", "member", "manager", "admin", "service")
DEFAULT_USERS = ("demo", "admin")  # and their projects
PASSWORD = "secret"


def build_default_world(
    tx: Records,
    wall_now: float,
    seed: int | None = None,
    hosts: int = 3,
    unlimited: bool = False,
    clock: str = "real",
    token_key: str | None = None,
) -> World:
    """
    Create the default world in an empty store.

    Args:
        wall_now: Real time in seconds since the epoch, at which the clock of a cloud without a seed starts.
        seed: A cloud with a seed starts at a fixed time, which stays until its first accepted request, so that
            scripts are repeatable. None for a random seed.
        hosts: How many compute hosts.
        unlimited: Whether projects have no quotas.
        token_key: The secret key that tokens are signed with. None for a random one.
    """
    settings = Settings(
        id="cloud",
        format=FORMAT,
        seed=generate_seed() if seed is None else seed,
        clock=clock,
        sim_anchor=wall_now if seed is None else SEEDED_EPOCH,
        wall_anchor=wall_now if seed is None else None,
        token_key=token_key or generate_secret_key(),
    )
    tx.put(settings)
    world = World(tx, settings, settings.sim_anchor, "default world")
    create_roles(world)
    _create_identities(world, unlimited)
    create_flavors(world)
    create_images(world)
    add_hosts(world, hosts)
    create_networks(world, world.tx.query(Project, {"name": "admin"})[0].id)
    return world


def create_roles(world: World) -> None:
    """Create the roles that Nova's policy knows."""
    for name in ROLES:
        world.tx.put(Role(id=hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(), name=name))


def _create_identities(world: World, unlimited: bool) -> None:
    for name in DEFAULT_USERS:
        project = Project(id=world.ids.uuid().replace("-", ""), name=name)
        if unlimited:
            project.quotas = unlimited_quotas()
        world.tx.put(project)
        create_user(world, project)
        world.tx.put(build_default_security_group(world, project.id))


def unlimited_quotas() -> dict[str, int]:
    """No limit for any resource of a project."""
    others = [f"network.{name}" for name in NETWORK_QUOTAS] + [f"volume.{name}" for name in VOLUME_QUOTAS]
    return dict.fromkeys([*QUOTAS, *others], -1)


def create_user(world: World, project: Project) -> None:
    """Create the user with the name of a project: an administrator if that is admin, otherwise a member."""
    is_admin = project.name == "admin"
    roles = {project.id: ["admin"], "system:all": ["admin"]} if is_admin else {project.id: ["member"]}
    id = world.ids.uuid().replace("-", "")
    password_hash = hash_password(PASSWORD, world.settings.token_key, id)
    world.tx.put(
        User(id=id, name=project.name, default_project_id=project.id, roles=roles, password_hash=password_hash)
    )


def build_default_security_group(world: World, project_id: str) -> SecurityGroup:
    """Build a project's default security group, which allows all egress, and ingress from its members."""
    group = SecurityGroup(
        id=world.ids.uuid(),
        name="default",
        project_id=project_id,
        description="Default security group",
        created_at=world.time,
        updated_at=world.time,
    )
    ids = Generator(world.settings.seed, f"rules of {group.id}")
    for direction, remote in (("egress", None), ("ingress", group.id)):
        for family in ("IPv4", "IPv6"):
            group.rules.append(_build_default_rule(ids.uuid(), direction, family, remote, world.time))
    return group


def _build_default_rule(id: str, direction: str, family: str, remote: str | None, time: str) -> dict[str, Any]:
    unset = dict.fromkeys(("protocol", "port_range_min", "port_range_max", "remote_ip_prefix"))
    rule = {"id": id, "direction": direction, "ethertype": family, "remote_group_id": remote, "description": ""}
    return rule | unset | {"created_at": without_fraction(time)}


def create_flavors(world: World) -> None:
    """Create the default flavors."""
    for number, (id, name, vcpus, ram, disk) in enumerate(FLAVORS, 1):
        world.tx.put(Flavor(id=id, name=name, vcpus=vcpus, ram=ram, disk=disk, number=number))


def create_images(world: World) -> None:
    """Create the default images. They are public, and belong to the project admin if there is one."""
    owners = world.tx.query(Project, {"name": "admin"})
    for name, size, min_disk, min_ram in IMAGES:
        world.tx.put(
            Image(
                id=world.ids.uuid(),
                name=name,
                size=size,
                min_disk=min_disk,
                min_ram=min_ram,
                checksum=hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
                owner=owners[0].id if owners else "",
                created_at=world.time,
                updated_at=world.time,
            )
        )


def add_hosts(world: World, count: int) -> None:
    """Add compute hosts of the default size, numbered after the present ones."""
    present = world.tx.count(Host)
    for number in range(present + 1, present + count + 1):
        world.tx.put(
            Host(
                id=f"host{number}",
                name=f"host{number}",
                number=number,
                service_id=world.ids.uuid(),
                vcpus=16,
                ram_mb=65536,
                disk_gb=1000,
                created_at=world.time,
                host_ip=f"192.0.2.{number % 250 + 1}",
            )
        )


def create_networks(world: World, owner: str) -> None:
    """Create the default networks and the router between them. *owner* is the ID of their project."""
    private = _create_network(world, "private", owner, shared=True)
    v4 = _create_subnet(world, private, "private-v4", "10.0.0.0/16", "10.0.0.1")
    v6 = _create_subnet(world, private, "private-v6", "2001:db8::/64", "2001:db8::1")
    public = _create_network(world, "public", owner, external=True)
    _create_subnet(world, public, "public-v4", "198.51.100.0/24", "198.51.100.1")
    router = Router(
        id=world.ids.uuid(),
        name="router",
        project_id=owner,
        external_network_id=public.id,
        subnets=[v4, v6],
        created_at=world.time,
        updated_at=world.time,
    )
    world.tx.put(router)


def _create_network(world: World, name: str, owner: str, **fields: Any) -> Network:
    network = Network(
        id=world.ids.uuid(), name=name, project_id=owner, created_at=world.time, updated_at=world.time, **fields
    )
    world.tx.put(network)
    return network


def _create_subnet(world: World, network: Network, name: str, cidr: str, gateway: str) -> str:
    subnet = Subnet(
        id=world.ids.uuid(),
        name=name,
        network_id=network.id,
        project_id=network.project_id,
        cidr=cidr,
        ip_version=6 if ":" in cidr else 4,
        gateway_ip=gateway,
        created_at=world.time,
        updated_at=world.time,
    )
    world.tx.put(subnet)
    return subnet.id

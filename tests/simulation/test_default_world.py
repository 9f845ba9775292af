"""The default world of a new cloud, as the manual describes it."""

from __future__ import annotations

import re

import pytest

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
from novasim.simulation.default_world import add_hosts, build_default_world
from novasim.simulation.keys.passwords import verify_password
from novasim.simulation.time.clock import SEEDED_EPOCH, format_time
from novasim.store.memory import MemoryStore

SPECIFICATION = """
    m1.tiny    1 vCPU    512 MiB    1 GiB
    m1.small   1 vCPU   2048 MiB   20 GiB
    m1.medium  2 vCPU   4096 MiB   40 GiB
    m1.large   4 vCPU   8192 MiB   80 GiB
    m1.xlarge  8 vCPU  16384 MiB  160 GiB
"""


@pytest.fixture
def tx():
    store = MemoryStore()
    with store.write() as tx:
        build_default_world(tx, 0.0, seed=1)
    with store.read() as tx:
        yield tx


def test_flavors(tx):
    rows = [line.split() for line in SPECIFICATION.strip().splitlines()]
    expected = [(name, int(vcpus), int(ram), int(disk)) for name, vcpus, _, ram, _, disk, _ in rows]
    assert [(f.name, f.vcpus, f.ram, f.disk) for f in tx.query(Flavor)] == expected
    assert [(f.id, f.number) for f in tx.query(Flavor)] == [(str(number), number) for number in range(1, 6)]


def test_images(tx):
    images = [(image.name, image.size, image.min_disk, image.min_ram) for image in tx.query(Image)]
    assert images == [
        ("cirros", 16 * 2**20, 1, 64),
        ("debian-12", 512 * 2**20, 4, 512),
        ("ubuntu-24.04", 640 * 2**20, 5, 1024),
    ]


def test_hosts(tx):
    hosts = [(host.name, host.vcpus, host.ram_mb, host.disk_gb, host.host_ip) for host in tx.query(Host)]
    assert hosts == [(f"host{number}", 16, 65536, 1000, f"192.0.2.{number + 1}") for number in (1, 2, 3)]
    assert all(host.up and not host.disabled for host in tx.query(Host))


def test_networks(tx):
    private, public = tx.query(Network)
    assert (private.name, private.shared, private.external) == ("private", True, False)
    assert (public.name, public.shared, public.external) == ("public", False, True)
    assert [(subnet.network_id, subnet.cidr, subnet.ip_version, subnet.gateway_ip) for subnet in tx.query(Subnet)] == [
        (private.id, "10.0.0.0/16", 4, "10.0.0.1"),
        (private.id, "2001:db8::/64", 6, "2001:db8::1"),
        (public.id, "198.51.100.0/24", 4, "198.51.100.1"),
    ]
    (router,) = tx.query(Router)
    assert router.external_network_id == public.id
    assert router.subnets == [subnet.id for subnet in tx.query(Subnet)[:2]]


def test_projects_and_users(tx):
    projects = {project.name: project.id for project in tx.query(Project)}
    users = {user.name: user for user in tx.query(User)}
    assert set(projects) == set(users) == {"demo", "admin"}
    assert users["demo"].roles == {projects["demo"]: ["member"]}
    assert users["admin"].roles == {projects["admin"]: ["admin"], "system:all": ["admin"]}
    assert all(verify_password("secret", user.password_hash) for user in users.values())
    assert not any(verify_password("Secret", user.password_hash) for user in users.values())
    assert [project.quotas for project in tx.query(Project)] == [{}, {}]


def test_default_security_groups(tx):
    groups = tx.query(SecurityGroup)
    assert [group.project_id for group in groups] == [project.id for project in tx.query(Project)]
    for group in groups:
        rules = [(rule["direction"], rule["ethertype"], rule["remote_group_id"]) for rule in group.rules]
        assert rules == [
            ("egress", "IPv4", None),
            ("egress", "IPv6", None),
            ("ingress", "IPv4", group.id),
            ("ingress", "IPv6", group.id),
        ]


def test_an_unlimited_world_has_no_quotas():
    store = MemoryStore()
    with store.write() as tx:
        build_default_world(tx, 0.0, 1, unlimited=True)
        assert {limit for project in tx.query(Project) for limit in project.quotas.values()} == {-1}
        assert {"cores", "network.port", "volume.volumes"} <= set(tx.query(Project, {"name": "demo"})[0].quotas)


def test_roles(tx):
    assert [role.name for role in tx.query(Role)] == ["reader", "member", "manager", "admin", "service"]
    assert all(re.fullmatch("[0-9a-f]{32}", role.id) for role in tx.query(Role))


def test_ids_are_those_of_the_services(tx):
    """Keystone has hexadecimal IDs without hyphens, the others have UUIDs."""
    for kind in (Project, User):
        assert all(re.fullmatch("[0-9a-f]{32}", record.id) for record in tx.query(kind))
    for kind in (Image, Network, Subnet, Router, SecurityGroup):
        assert all(len(record.id) == 36 for record in tx.query(kind))
    assert [len(image.checksum) for image in tx.query(Image)] == [32, 32, 32]
    assert {user.default_project_id for user in tx.query(User)} == {project.id for project in tx.query(Project)}


def test_names_and_owners_of_networks(tx):
    admin = tx.query(Project, {"name": "admin"})[0].id
    assert [subnet.name for subnet in tx.query(Subnet)] == ["private-v4", "private-v6", "public-v4"]
    assert [router.name for router in tx.query(Router)] == ["router"]
    for kind in (Network, Subnet, Router):
        assert {record.project_id for record in tx.query(kind)} == {admin}


def test_a_default_security_group_in_full(tx):
    group = tx.query(SecurityGroup)[0]
    assert (group.name, group.description) == ("default", "Default security group")
    assert {len(rule.pop("id")) for rule in group.rules} == {36}
    assert group.rules[3] == {
        "direction": "ingress",
        "ethertype": "IPv6",
        "remote_group_id": group.id,
        "description": "",
        "protocol": None,
        "port_range_min": None,
        "port_range_max": None,
        "remote_ip_prefix": None,
        "created_at": group.created_at[:19] + "Z",
    }


def test_everything_was_created_at_the_beginning_of_the_cloud(tx):
    start = format_time(tx.query(Settings)[0].sim_anchor)
    for kind in (Image, Network, Subnet, Router, SecurityGroup):
        assert {(record.created_at, record.updated_at) for record in tx.query(kind)} == {(start, start)}
    assert {host.created_at for host in tx.query(Host)} == {start}


@pytest.mark.parametrize(("seed", "anchor", "wall"), [(7, SEEDED_EPOCH, None), (None, 5.0, 5.0)])
def test_the_clock_of_a_cloud(seed, anchor, wall):
    store = MemoryStore()
    with store.write() as tx:
        build_default_world(tx, 5.0, seed, clock="manual", token_key="k")
        settings = tx.query(Settings)[0]
    assert (settings.id, settings.clock, settings.token_key) == ("cloud", "manual", "k")
    assert (settings.sim_anchor, settings.wall_anchor) == (anchor, wall)
    assert seed in (None, settings.seed)


def test_hosts_are_numbered_after_the_present_ones():
    store = MemoryStore()
    with store.write() as tx:
        world = build_default_world(tx, 0.0, 1, hosts=2)
        add_hosts(world, 251)
        hosts = tx.query(Host)
    assert [host.number for host in hosts] == list(range(1, 254))
    assert [hosts[number].host_ip for number in (0, 248, 249, 250)] == [f"192.0.2.{last}" for last in (2, 250, 1, 2)]
    assert len({host.service_id for host in hosts}) == 253

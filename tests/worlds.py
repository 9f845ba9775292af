"""Clouds in memory for tests, built from a description in the format of the recordings' fixture.json."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from novasim.cloud import Cloud
from novasim.records import (
    Aggregate,
    Caller,
    Flavor,
    Host,
    Image,
    Keypair,
    Network,
    Project,
    Record,
    Role,
    SecurityGroup,
    Settings,
    Subnet,
    User,
)
from novasim.records.cloud import FORMAT
from novasim.simulation.time.clock import SEEDED_EPOCH, format_time
from novasim.store.base import Store
from novasim.store.memory import MemoryStore
from novasim.store.snapshots import SnapshotStore

SMALL_FIXTURE = Path(__file__).parent / "conformance" / "samples" / "fixture.json"
HUGE_HOST = {"vcpus": 1000, "ram_mb": 800_000, "disk_gb": 600_000}  # it always has room
UNLIMITED_QUOTAS = {"instances": -1, "cores": -1, "ram": -1}
CREATED_AT = format_time(SEEDED_EPOCH)
TIMES = {"created_at": CREATED_AT, "updated_at": CREATED_AT}

Fixture = Mapping[str, Any]


def id_of(symbol: str) -> str:
    """The id for a symbol such as img_a or project_member; ids of projects have no hyphens."""
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"https://example.com/novasim/{symbol}")
    if symbol.startswith("project_"):
        return number.hex
    if symbol.startswith("img_"):  # lists can be sorted by image: these ids sort as their names do
        return symbol[4:8].encode().hex().ljust(8, "0") + str(number)[8:]
    return str(number)


def read_fixture(path: Path = SMALL_FIXTURE) -> Fixture:
    """Read the description of a world, by default the small one in the repository."""
    fixture: Fixture = json.loads(path.read_text(encoding="utf-8"))
    return fixture


def build_callers(fixture: Fixture) -> dict[str, Caller]:
    """Return the callers of a world by name."""
    return {
        name: Caller(
            caller["user"],
            id_of(_bare(caller["project"])),
            tuple(caller["roles"]),
            caller["user"],
            _bare(caller["project"]).removeprefix("project_"),
        )
        for name, caller in fixture["callers"].items()
    }


def build_records(
    fixture: Fixture, *, seed: int = 0, roomy: bool = False, unlimited: bool = False, **options: Any
) -> list[Record]:
    """
    Return all records of a world without servers.

    Args:
        roomy: Hosts that always have room, instead of those described.
        unlimited: No quotas for instances, cores and RAM, instead of Nova's defaults.
        options: Nova's options that differ from the defaults.
    """
    settings = Settings(
        id="cloud",
        format=FORMAT,
        seed=seed,
        clock="instant",
        sim_anchor=SEEDED_EPOCH,
        wall_anchor=0.0,
        options={"weight_classes": [], **options},
        token_key=f"key {seed}",
    )
    return [
        settings,
        *_iter_projects_and_users(fixture, unlimited),
        *_iter_hosts_and_zones(fixture, roomy),
        *_iter_flavors_and_images(fixture),
        *_iter_networks(fixture),
    ]


def fill_store(records: list[Record]) -> MemoryStore:
    """Return a store in memory with these records."""
    store = MemoryStore()
    with store.write() as tx:
        for record in records:
            tx.put(record)
    return store


def copy_store(store: SnapshotStore) -> SnapshotStore:
    """Return another store with the same content. They share documents, which no store changes."""
    return SnapshotStore(store.revision())


def open_cloud(store: Store) -> Cloud:
    """Return the cloud in a store; its wall time is constant."""
    return Cloud(store, wall=lambda: 0.0)


def small_world_records(seed: int = 0, **options: Any) -> list[Record]:
    """Return the records of a world with three hosts in two zones, and a few flavors, images and callers."""
    return build_records(read_fixture(), seed=seed, **options)


def memory_cloud(seed: int = 0, **options: Any) -> Cloud:
    """Return a cloud in memory with the small world and the instant clock."""
    return open_cloud(fill_store(small_world_records(seed, **options)))


def _bare(symbol: str) -> str:
    return symbol.strip("{}")


def _iter_projects_and_users(fixture: Fixture, unlimited: bool) -> Iterator[Record]:
    callers = build_callers(fixture)
    for project_id, name in {caller.project_id: caller.project_name for caller in callers.values()}.items():
        yield Project(id=project_id, name=name, quotas=dict(UNLIMITED_QUOTAS) if unlimited else {})
        for group in fixture["network"]["security_groups_per_project"]:
            yield SecurityGroup(id=id_of(f"sg_{name}_{group}"), name=group, project_id=project_id, **TIMES)
    for role in sorted({role for caller in callers.values() for role in caller.roles}):
        yield Role(id=id_of(f"role_{role}"), name=role)
    for caller in callers.values():
        yield User(
            id=caller.user_id,
            name=caller.user_name,
            default_project_id=caller.project_id,
            roles={caller.project_id: list(caller.roles)},
        )
    for user, names in fixture["keypairs"].items():
        for number, name in enumerate(names, 1):
            yield Keypair(
                id=f"{user}/{name}",
                name=name,
                user_id=user,
                number=number,
                public_key=f"ssh-rsa AAAA {name}",
                fingerprint="00:11:22:33",
                created_at=CREATED_AT,
            )


def _iter_hosts_and_zones(fixture: Fixture, roomy: bool) -> Iterator[Record]:
    for number, description in enumerate(fixture["hosts"], 1):
        sizes = {key: value for key, value in description.items() if key not in ("name", "availability_zone")}
        name = description["name"]
        yield Host(
            id=name,
            name=name,
            number=number,
            service_id=id_of(f"svc_{name}"),
            created_at=CREATED_AT,
            hypervisor_type="fake",
            **(sizes | HUGE_HOST if roomy else sizes),
        )
    for number, (zone, hosts) in enumerate(fixture["availability_zones"].items(), 1):
        yield Aggregate(
            id=str(number),
            name=zone,
            number=number,
            uuid=id_of(f"aggregate_{zone}"),
            created_at=CREATED_AT,
            hosts=list(hosts),
            metadata={"availability_zone": zone},
        )


def _iter_flavors_and_images(fixture: Fixture) -> Iterator[Record]:
    for number, flavor in enumerate([*fixture.get("stock_flavors", []), *fixture["flavors"]], 1):
        fields = {"name": flavor["id"], "number": number, **flavor}
        fields["is_public"] = fields.pop("public", True)
        yield Flavor(**fields)
    for image in fixture["images"]:
        yield Image(
            **{
                "disk_format": "raw",
                "properties": {"architecture": "x86_64"},
                **TIMES,
                **image,
                "id": id_of(_bare(image["id"])),
            }
        )


def _iter_networks(fixture: Fixture) -> Iterator[Record]:
    """Its first port gets host number 11, and further ports the following numbers."""
    network_id, owner = id_of("net"), id_of("project_admin")
    cidr = fixture["network"]["subnet"].split()[0]
    prefix = cidr.rpartition(".")[0]
    yield Network(
        id=network_id, name=fixture["network"]["name"], project_id=owner, shared=fixture["network"]["shared"], **TIMES
    )
    yield Subnet(
        id=id_of("subnet"),
        name="subnet",
        network_id=network_id,
        project_id=owner,
        cidr=cidr,
        ip_version=4,
        gateway_ip=f"{prefix}.1",
        allocation_pools=[{"start": f"{prefix}.11", "end": f"{prefix}.254"}],
        **TIMES,
    )

"""Records of the compute service besides servers: flavors, key pairs, hosts, claims and migrations."""

from __future__ import annotations

from typing import Any, ClassVar

from novasim.records.base import Record


class Flavor(Record):
    """A flavor. RAM and swap are in MiB, disks in GiB."""

    table: ClassVar[str] = "flavors"

    name: str
    vcpus: int
    ram: int
    disk: int
    ephemeral: int = 0
    swap: int = 0
    rxtx_factor: float = 1.0
    is_public: bool = True
    disabled: bool = False
    description: str | None = None
    extra_specs: dict[str, str] = {}
    access: list[str] = []  # projects that may use it if it is not public
    number: int = 0  # Nova's internal id, shown in one message


class Keypair(Record):
    """A public key of a user."""

    table: ClassVar[str] = "keypairs"

    name: str
    user_id: str
    public_key: str
    fingerprint: str
    created_at: str
    type: str = "ssh"
    number: int = 0


class Host(Record):
    """
    A compute host with its service. Memory is in MiB, disk in GiB.

    `used_*` are the sums of its allocations; claims and releases update them.
    """

    table: ClassVar[str] = "hosts"

    name: str
    number: int  # the id shown for services and hypervisors before microversion 2.53
    service_id: str
    vcpus: int
    ram_mb: int
    disk_gb: int
    created_at: str
    cpu_allocation_ratio: float = 4.0
    ram_allocation_ratio: float = 1.0
    disk_allocation_ratio: float = 1.0
    reserved_ram_mb: int = 512
    reserved_disk_gb: int = 0
    reserved_vcpus: int = 0
    used_vcpus: int = 0
    used_ram_mb: int = 0
    used_disk_gb: int = 0
    disabled: bool = False
    disabled_reason: str | None = None
    forced_down: bool = False
    up: bool = True
    updated_at: str | None = None
    architecture: str = "x86_64"
    shared_storage: bool | None = (
        None  # whether its servers' disks are on shared storage; None if nothing depends on it
    )
    hypervisor_type: str = "QEMU"
    hypervisor_version: int = 8002000
    host_ip: str = "192.0.2.1"


class Aggregate(Record):
    """A named set of hosts with metadata. With `availability_zone` in its metadata it is a zone."""

    table: ClassVar[str] = "aggregates"

    name: str
    number: int
    uuid: str
    created_at: str
    updated_at: str | None = None
    hosts: list[str] = []
    metadata: dict[str, str] = {}


class Allocation(Record):
    """The resources of a host that a consumer holds: a server, or a migration on the host that a server leaves."""

    table: ClassVar[str] = "allocations"

    consumer: str
    server_id: str
    host: str
    vcpus: int
    ram_mb: int
    disk_gb: int


class Migration(Record):
    """A move of a server between hosts: resize, cold or live migration, evacuation."""

    table: ClassVar[str] = "migrations"

    number: int
    server_id: str
    migration_type: str  # resize, migration, live-migration, evacuation
    status: str
    source_host: str
    dest_host: str | None
    old_flavor: dict[str, Any] = {}
    new_flavor: dict[str, Any] = {}
    user_id: str
    project_id: str
    created_at: str
    updated_at: str
    memory_total_bytes: int = 0
    memory_processed_bytes: int = 0
    disk_total_bytes: int = 0
    disk_processed_bytes: int = 0

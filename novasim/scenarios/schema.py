"""The schema of scenario files: sections, and the fields of their entries with types and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from novasim.simulation.options import QUOTAS

TEXT, NUMBER, FRACTION, FLAG = (str,), (int,), (int, float), (bool,)
TEXTS, TABLE, ENTRIES = (list,), (dict,), (list,)


class Field(NamedTuple):
    """
    A field of an entry.

    Args:
        types: The types of its values.
        help: Its meaning, the form of its values and its default, for the manual page.
    """

    types: tuple[type[Any], ...]
    help: str


class Section(NamedTuple):
    """
    A list of entries of the same kind.

    Args:
        required: Fields that every entry must have.
        fields: All fields.
        renamed: Names of fields in earlier versions, which are still read, and their present names.
        help: What the cloud has if the section is left out.
    """

    required: tuple[str, ...]
    fields: Mapping[str, Field]
    help: str
    renamed: Mapping[str, str] = {}


ID = Field(TEXT, "ID of letters, digits, dots, hyphens and underscores. Default: one that follows from the seed.")
UUID = Field(TEXT, "UUID. Default: one that follows from the seed.")
PROJECT = Field(TEXT, "Project that owns it (name or ID). Default: the first project.")
TIME = "A time in UTC such as 2026-01-31T12:00:00Z. Default: the time at which the cloud starts."

SECTIONS: dict[str, Section] = {
    "projects": Section(
        ("name",),
        {
            "id": ID,
            "name": Field(TEXT, "Name, which no other project has."),
            "description": Field(TEXT, "Description. Default: none."),
            "quotas": Field(
                TABLE,
                f"Limits that differ from Nova's defaults, such as {{instances: 50}}, of {', '.join(QUOTAS)}; -1 is "
                "unlimited.",
            ),
        },
        "Default: demo and admin.",
    ),
    "users": Section(
        ("name",),
        {
            "id": ID,
            "name": Field(TEXT, "Name, which no other user has."),
            "password": Field(TEXT, "Password. Default: secret."),
            "project": Field(TEXT, "Default project (name or ID). Default: the first one in roles."),
            "roles": Field(
                TABLE,
                "Roles by project, such as {demo: [member]}. A role is one of reader, member, manager, admin and "
                "service. Default: member in the project with the user's name, or else in the first project.",
            ),
        },
        "Default: demo, a member of the project demo, and admin, the administrator. Their projects exist in any case.",
    ),
    "hosts": Section(
        ("name",),
        {
            "name": Field(TEXT, "Name of letters, digits, dots, hyphens and underscores."),
            "vcpus": Field(NUMBER, "vCPUs. Default: 16."),
            "memory_mb": Field(NUMBER, "RAM in MiB. Default: 65536."),
            "local_gb": Field(NUMBER, "Disk in GiB. Default: 1000."),
            "availability_zone": Field(TEXT, "Zone, which an aggregate of the same name creates. Default: nova."),
            "cpu_allocation_ratio": Field(FRACTION, "Overcommit factor of its vCPUs. Default: 4.0."),
            "ram_allocation_ratio": Field(FRACTION, "Overcommit factor of its RAM. Default: 1.0."),
            "disk_allocation_ratio": Field(FRACTION, "Overcommit factor of its disk. Default: 1.0."),
            "reserved_ram_mb": Field(NUMBER, "RAM reserved for the host, in MiB. Default: 512."),
            "reserved_disk_gb": Field(NUMBER, "Disk reserved for the host, in GiB. Default: 0."),
            "reserved_vcpus": Field(NUMBER, "vCPUs reserved for the host. Default: 0."),
            "status": Field(TEXT, "enabled or disabled: whether new servers may be scheduled to it. Default: enabled."),
            "disabled_reason": Field(TEXT, "Reason why it is disabled. Default: none."),
            "state": Field(TEXT, "up or down: whether the host has power. Default: up."),
            "forced_down": Field(FLAG, "true: its compute service is forced down. Default: false."),
            "shared_storage": Field(
                FLAG, "Whether its servers' disks are on shared storage. Default: no live migration depends on it."
            ),
            "hypervisor_type": Field(TEXT, "Type of the hypervisor. Default: QEMU."),
            "hypervisor_version": Field(NUMBER, "Its version, such as 8002000 for 8.2.0. Default: 8002000."),
            "cell_down": Field(
                FLAG,
                "true: its cell cannot be reached, as after 'novasim host set HOST --cell-down'. Default: false.",
            ),
        },
        "Default: host1, host2 and host3.",
        {"ram_mb": "memory_mb", "disk_gb": "local_gb", "disabled": "status"},
    ),
    "flavors": Section(
        ("name", "vcpus", "ram", "disk"),
        {
            "id": Field(TEXT, "ID of letters, digits, spaces, dots, hyphens and underscores. Default: the name."),
            "name": Field(TEXT, "Name, which no other flavor has."),
            "vcpus": Field(NUMBER, "vCPUs, at least 1."),
            "ram": Field(NUMBER, "RAM in MiB, at least 1."),
            "disk": Field(NUMBER, "Root disk in GiB; 0 for the size of the image."),
            "ephemeral": Field(NUMBER, "Ephemeral disk in GiB. Default: 0."),
            "swap": Field(NUMBER, "Swap in MiB. Default: 0."),
            "is_public": Field(FLAG, "false: only the projects in access may use it. Default: true."),
            "disabled": Field(FLAG, "true: no new server may have it. Default: false."),
            "description": Field(TEXT, "Description. Default: none."),
            "access": Field(TEXTS, "Projects (names or IDs) that may use a flavor that is not public. Default: none."),
            "extra_specs": Field(TABLE, "Extra specs, such as {'hw:cpu_policy': dedicated}. Default: none."),
        },
        "Default: m1.tiny, m1.small, m1.medium, m1.large and m1.xlarge.",
        {"public": "is_public"},
    ),
    "images": Section(
        ("name",),
        {
            "id": UUID,
            "name": Field(TEXT, "Name."),
            "size": Field(NUMBER, "Size in bytes. Default: 0."),
            "min_disk": Field(NUMBER, "Minimum disk of the flavor in GiB. Default: 0."),
            "min_ram": Field(NUMBER, "Minimum RAM of the flavor in MiB. Default: 0."),
            "status": Field(
                TEXT,
                "One of active, queued, saving, importing, uploading, deactivated, killed and pending_delete. Default: "
                "active.",
            ),
            "visibility": Field(TEXT, "One of public, private, shared and community. Default: public."),
            "owner": Field(TEXT, "Project that owns it (name or ID). Default: none."),
            "properties": Field(TABLE, "Properties, such as {hw_disk_bus: scsi}. Default: none."),
            "protected": Field(FLAG, "true: it cannot be deleted. Default: false."),
        },
        "Default: cirros, debian-12 and ubuntu-24.04.",
        {"project": "owner"},
    ),
    "networks": Section(
        ("name",),
        {
            "id": UUID,
            "name": Field(TEXT, "Name."),
            "project": PROJECT,
            "shared": Field(FLAG, "true: all projects may use it. Default: false."),
            "external": Field(FLAG, "true: it has the pool of floating IPs. Default: false."),
            "cidr": Field(TEXT, "IPv4 range of its subnet, such as 192.0.2.0/24. Default: no such subnet."),
            "cidr_v6": Field(TEXT, "IPv6 range of its subnet, such as 2001:db8::/64. Default: no such subnet."),
            "pool_start": Field(TEXT, "First IPv4 address to allocate. Default: the first one after the gateway."),
            "pool_end": Field(TEXT, "Last IPv4 address to allocate. Default: the last one of cidr."),
        },
        "Default: private (shared, IPv4 and IPv6) and public (external), with a router between them.",
    ),
    "security_groups": Section(
        ("name",),
        {"id": ID, "name": Field(TEXT, "Name."), "project": PROJECT},
        "Every project has a group default in any case.",
    ),
    "keypairs": Section(
        ("name", "user"),
        {
            "name": Field(TEXT, "Name, which no other key pair of the user has."),
            "user": Field(TEXT, "User that owns it (name or ID)."),
            "public_key": Field(TEXT, "SSH public key, such as 'ssh-ed25519 AAAA...'. Default: a new RSA key."),
        },
        "Default: none.",
    ),
    "volumes": Section(
        ("name",),
        {
            "id": ID,
            "name": Field(TEXT, "Name."),
            "project": PROJECT,
            "size": Field(NUMBER, "Size in GiB. Default: 1."),
            "bootable": Field(FLAG, "true: a server can boot from it. Default: false."),
            "multiattach": Field(FLAG, "true: several servers can use it at the same time. Default: false."),
        },
        "Default: none.",
    ),
}

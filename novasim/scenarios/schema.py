"""The schema of scenario files: sections, the fields of their entries and the types of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

TEXT, NUMBER, FRACTION, FLAG = (str,), (int,), (int, float), (bool,)
TEXTS, TABLE, ENTRIES = (list,), (dict,), (list,)


class Section(NamedTuple):
    """
    A list of entries of the same kind.

    Args:
        required: Fields that every entry must have.
        fields: All fields, with the types of their values.
        notes: What fields mean that Nova's API does not have, for the manual page.
    """

    required: tuple[str, ...]
    fields: Mapping[str, tuple[type[Any], ...]]
    notes: Mapping[str, str] = {}


SECTIONS: dict[str, Section] = {
    "projects": Section(("name",), {"id": TEXT, "name": TEXT, "description": TEXT, "quotas": TABLE}),
    "users": Section(
        ("name",),
        {"id": TEXT, "name": TEXT, "password": TEXT, "project": TEXT, "roles": TABLE},
    ),
    "hosts": Section(
        ("name",),
        {
            "name": TEXT,
            "vcpus": NUMBER,
            "ram_mb": NUMBER,
            "disk_gb": NUMBER,
            "availability_zone": TEXT,
            "cpu_allocation_ratio": FRACTION,
            "ram_allocation_ratio": FRACTION,
            "disk_allocation_ratio": FRACTION,
            "reserved_ram_mb": NUMBER,
            "reserved_disk_gb": NUMBER,
            "reserved_vcpus": NUMBER,
            "disabled": FLAG,
            "forced_down": FLAG,
            "shared_storage": FLAG,
            "hypervisor_type": TEXT,
            "hypervisor_version": NUMBER,
            "cell_down": FLAG,
        },
        {"cell_down": "True: the host's cell cannot be reached, as after 'novasim host set HOST --cell-down'."},
    ),
    "flavors": Section(
        ("name", "vcpus", "ram", "disk"),
        {
            "id": TEXT,
            "name": TEXT,
            "vcpus": NUMBER,
            "ram": NUMBER,
            "disk": NUMBER,
            "ephemeral": NUMBER,
            "swap": NUMBER,
            "public": FLAG,
            "disabled": FLAG,
            "description": TEXT,
            "access": TEXTS,
            "extra_specs": TABLE,
        },
    ),
    "images": Section(
        ("name",),
        {
            "id": TEXT,
            "name": TEXT,
            "size": NUMBER,
            "min_disk": NUMBER,
            "min_ram": NUMBER,
            "status": TEXT,
            "visibility": TEXT,
            "project": TEXT,
            "properties": TABLE,
            "protected": FLAG,
        },
    ),
    "networks": Section(
        ("name",),
        {
            "id": TEXT,
            "name": TEXT,
            "project": TEXT,
            "shared": FLAG,
            "external": FLAG,
            "cidr": TEXT,
            "cidr_v6": TEXT,
            "pool_start": TEXT,
            "pool_end": TEXT,
        },
    ),
    "security_groups": Section(("name", "project"), {"id": TEXT, "name": TEXT, "project": TEXT}),
    "keypairs": Section(("name", "user"), {"name": TEXT, "user": TEXT, "public_key": TEXT}),
    "volumes": Section(
        ("name", "project"),
        {"id": TEXT, "name": TEXT, "project": TEXT, "size": NUMBER, "bootable": FLAG, "multiattach": FLAG},
    ),
    "servers": Section(
        ("name", "project", "flavor"),
        {
            "id": TEXT,
            "name": TEXT,
            "project": TEXT,
            "user": TEXT,
            "flavor": TEXT,
            "image": TEXT,
            "host": TEXT,
            "vm_state": TEXT,
            "task_state": TEXT,
            "power_state": NUMBER,
            "availability_zone": TEXT,
            "network": TEXT,
            "addresses": TEXTS,
            "key_name": TEXT,
            "metadata": TABLE,
            "tags": TEXTS,
            "description": TEXT,
            "hostname": TEXT,
            "locked_by": TEXT,
            "locked_reason": TEXT,
            "created_at": TEXT,
            "updated_at": TEXT,
            "launched_at": TEXT,
            "deleted": FLAG,
        },
    ),
}

TOP_LEVEL = {"seed": NUMBER, "clock": TEXT, "options": TABLE, **dict.fromkeys(SECTIONS, ENTRIES)}

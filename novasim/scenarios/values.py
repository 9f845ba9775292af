"""The values that fields of a scenario may have: the schemas of the requests that create the same things."""

from __future__ import annotations

from novasim.api.identity.resources import MAX_NAME, MAX_USER_NAME
from novasim.api.image.attributes import MAX_PROPERTIES, PROPERTY, SETTABLE
from novasim.api.schemas import projects, volume
from novasim.api.schemas.flavors import FLAVOR_ID
from novasim.api.schemas.types import (
    DESCRIPTION,
    FLAVOR_DESCRIPTION,
    FQDN,
    IP_ADDRESS,
    MAX_INT,
    METADATA,
    NAME,
    SIZE,
    SIZE_OR_ZERO,
    TAGS,
    UUID,
    array,
    choice,
    metadata,
    text,
)
from novasim.api.schemas.validator import Schema
from novasim.control.faults import ALL_KINDS as FAULT_KINDS
from novasim.control.hosts import MAX_VALUE
from novasim.lifecycle.states import POWER_STATES, TASK_STATES, VM_STATES
from novasim.scenarios.paths import PATHS
from novasim.simulation.default_world import ROLES
from novasim.simulation.options import QUOTAS

ID = text(1, 255, pattern="^[A-Za-z0-9._-]+$")  # IDs are parts of paths
REFERENCE = text(1, 255)
LABEL = text(0, 255, format="printable")  # the other services accept any name
LONG_TEXT = text(0, 65_535)
ZONE = {"allOf": [NAME, {"format": "az_name"}]}
IMAGE_STATUS = choice("active", "queued", "saving", "importing", "uploading", "deactivated", "killed", "pending_delete")
VERSION: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_INT}


def _printable(schema: Schema) -> Schema:
    return {"allOf": [schema, {"format": "printable"}]}


VALUES: dict[str, dict[str, Schema]] = {
    "projects": {
        "id": ID,
        "name": text(1, MAX_NAME, format="name"),
        "description": LONG_TEXT,
        "quotas": {"type": "object", "properties": dict.fromkeys(QUOTAS, projects.QUOTA)},
    },
    "users": {
        "id": ID,
        "name": text(1, MAX_USER_NAME, format="name"),
        "password": text(1, 4096),
        "project": REFERENCE,
        "roles": {"type": "object", "patternProperties": {"": array(choice(*ROLES), minItems=1)}},
    },
    "hosts": {
        "memory_mb": {"type": "integer", "minimum": 1, "maximum": MAX_VALUE},
        "local_gb": {"type": "integer", "minimum": 0, "maximum": MAX_VALUE},
        "availability_zone": ZONE,
        "status": choice("enabled", "disabled"),
        "disabled_reason": text(1, 255),
        "state": choice("up", "down"),
        "hypervisor_type": NAME,
        "hypervisor_version": VERSION,
    },
    "flavors": {
        "id": FLAVOR_ID,
        "name": NAME,
        "vcpus": SIZE,
        "ram": SIZE,
        "disk": SIZE_OR_ZERO,
        "ephemeral": SIZE_OR_ZERO,
        "swap": SIZE_OR_ZERO,
        "description": FLAVOR_DESCRIPTION,
        "access": array(REFERENCE),
        "extra_specs": metadata("string"),
    },
    "images": {
        "id": UUID,
        "name": _printable(SETTABLE["name"].schema),
        "size": {"type": "integer", "minimum": 0},
        "min_disk": SETTABLE["min_disk"].schema,
        "min_ram": SETTABLE["min_ram"].schema,
        "status": IMAGE_STATUS,
        "visibility": SETTABLE["visibility"].schema,
        "owner": REFERENCE,
        "properties": {
            "type": "object",
            "patternProperties": {"^.{1,255}$": PROPERTY},
            "additionalProperties": False,
            "maxProperties": MAX_PROPERTIES,
        },
    },
    "networks": {
        "id": UUID,
        "name": LABEL,
        "project": REFERENCE,
        "pool_start": IP_ADDRESS,
        "pool_end": IP_ADDRESS,
    },
    "security_groups": {"id": ID, "name": LABEL, "project": REFERENCE},
    "keypairs": {"name": projects.KEY_NAME_WITH_DOTS, "user": REFERENCE, "public_key": LONG_TEXT},
    "volumes": {"id": ID, "name": _printable(volume.NAME), "project": REFERENCE, "size": volume.SIZE},
    "servers": {
        "id": ID,
        "name": NAME,
        **dict.fromkeys(("project", "user", "flavor", "old_flavor", "image", "host", "network"), REFERENCE),
        "status": choice(*sorted(PATHS)),
        "vm_state": choice(*sorted(VM_STATES)),
        "task_state": choice(*sorted(TASK_STATES)),
        "locked_by": choice("owner", "admin"),
        "power_state": {"type": "integer", "enum": sorted(POWER_STATES)},
        "availability_zone": ZONE,
        "addresses": array(IP_ADDRESS, maxItems=50),
        "key_name": NAME,
        "metadata": METADATA,
        "tags": TAGS,
        "description": DESCRIPTION,
        "hostname": FQDN,
        "locked_reason": text(1, 255),
        "fault": text(1, 255),
        "accessIPv4": text(1, 45, format="ipv4"),
        "accessIPv6": text(1, 45, format="ipv6"),
        "user_data": text(1, 65_535, format="base64"),
        "security_groups": array(REFERENCE, maxItems=50),
    },
    "faults": {"does": choice(*FAULT_KINDS)},
}
"""By section and field. Fields without a schema have no limits beside their type, or are checked in checks.py."""

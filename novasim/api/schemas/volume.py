"""The bodies of the volume service's requests. Source: the volume service's API reference (v3)."""

from __future__ import annotations

from typing import Any

from novasim.api.schemas.form import ALWAYS, P, body, obj
from novasim.api.schemas.types import BOOLEAN, UUID, or_null, text
from novasim.simulation.options import VOLUME_QUOTAS

NAME, WORD = or_null(text(0, 255)), or_null(text(0, 255))
ID = or_null(UUID)
METADATA: dict[str, Any] = {
    "type": "object",
    "patternProperties": {"^[^\\n]{1,255}$": text(0, 255)},
    "additionalProperties": False,
}
METADATA_OR_NULL = or_null(METADATA)
SIZE: dict[str, Any] = {
    "type": ["integer", "string", "null"],
    "pattern": "^[0-9]+$",
    "minLength": 1,
    "minimum": 1,
    "maximum": 2**31 - 1,
}
LIMIT: dict[str, Any] = {
    "type": ["integer", "string"],
    "pattern": "^(-1|[0-9]+)$",
    "minimum": -1,
    "maximum": 2**31 - 1,
}
NAMES = (P("name", NAME), P("description", NAME), P("display_name", NAME), P("display_description", NAME))
CONNECTOR: dict[str, Any] = {"type": "object"}
PUBLIC = "os-volume-type-access:is_public"

BODIES = {
    "volume.create": obj(
        P(
            "volume",
            obj(
                *NAMES,
                P("size", SIZE),
                P("availability_zone", WORD),
                P("volume_type", WORD),
                P("imageRef", WORD),
                P("snapshot_id", ID),
                P("source_volid", ID),
                P("metadata", METADATA_OR_NULL),
                P("multiattach", BOOLEAN),
                P("consistencygroup_id", ID),
                P("group_id", ID),
                P("backup_id", ID),
                P("cluster_name", WORD),
                P("status", {}),
                P("user_id", {}),
                P("project_id", {}),
                P("attach_status", {}),
                P("source_replica", {}),
                P("scheduler_hints", {}),
            ),
            required=True,
        ),
        P("OS-SCH-HNT:scheduler_hints", {"type": ["object", "null"]}),
    ),
    "volume.update": body("volume", *NAMES, P("metadata", METADATA_OR_NULL)),
    "volume.action": obj(
        open_until=ALWAYS,
        minProperties=1,
        maxProperties=1,
        patternProperties={"": {"type": ["object", "null", "string"]}},
    ),
    "volume.metadata": obj(P("metadata", METADATA, required=True)),
    "volume.meta": obj(P("meta", METADATA | {"minProperties": 1, "maxProperties": 1}, required=True)),
    "volume.create_snapshot": body(
        "snapshot",
        *NAMES,
        P("volume_id", UUID, required=True),
        P("force", BOOLEAN),
        P("metadata", METADATA_OR_NULL),
    ),
    "volume.update_snapshot": body("snapshot", *NAMES),
    "volume.create_type": body(
        "volume_type",
        P("name", text(1, 255), required=True),
        P("description", NAME),
        P("extra_specs", METADATA),
        P(PUBLIC, {"type": "boolean"}),
    ),
    "volume.update_type": body(
        "volume_type", P("name", NAME), P("description", NAME), P("is_public", {"type": "boolean"})
    ),
    "volume.extra_specs": obj(P("extra_specs", METADATA, required=True)),
    "volume.create_attachment": body(
        "attachment",
        P("volume_uuid", UUID, required=True),
        P("instance_uuid", ID),
        P("connector", {"type": ["object", "null"]}),
        P("mode", {"enum": ["rw", "ro"]}),
    ),
    "volume.update_attachment": body("attachment", P("connector", CONNECTOR, required=True)),
    "volume.update_quota": body(
        "quota_set", *(P(name, LIMIT) for name in VOLUME_QUOTAS), P("force", BOOLEAN), P("skip_validation", BOOLEAN)
    ),
}
QUERIES: dict[str, Any] = {}

"""The bodies of the volume service. Source: the volume service's API reference (v3)."""

from __future__ import annotations

from typing import Any

from novasim.api.schemas.types import BOOLEAN, UUID, array, choice, or_null, text
from novasim.api.schemas.versioned import ObjectSchema, Property, object_schema, wrapped_object
from novasim.lifecycle.microversions import NEWEST

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
NAME_AND_DESCRIPTION = (Property("name", NAME), Property("description", NAME))
GROUP_SPECS: dict[str, Any] = {
    "type": "object",
    "patternProperties": {"^[a-zA-Z0-9-_:.]{1,255}$": or_null(text(0, 255))},
    "additionalProperties": False,
}
NAMES = (
    *NAME_AND_DESCRIPTION,
    Property("display_name", NAME),
    Property("display_description", NAME),
)
SERVICE = (
    Property("binary", text(1, 255)),
    Property("service", text(1, 255)),
    Property("host", text(1, 255)),
    Property("cluster", or_null(text(0, 255))),
)
NAMED = [{"required": ["binary"]}, {"required": ["service"]}]
CONNECTOR: dict[str, Any] = {"type": "object"}
PUBLIC = "os-volume-type-access:is_public"


def _encryption(is_new: bool) -> ObjectSchema:
    key_size = {"type": ["integer", "string", "null"], "pattern": "^[0-9]+$", "maxLength": 9, "minimum": 0}
    return object_schema(
        Property("provider", text(0, 255), required=is_new),
        Property("control_location", choice("front-end", "back-end"), required=is_new),
        Property("cipher", or_null(text(0, 255))),
        Property("key_size", key_size | {"maximum": 2**31 - 1}),
        extra_until=NEWEST,
    )


BODIES = {
    "volume.create": object_schema(
        Property(
            "volume",
            object_schema(
                *NAMES,
                Property("size", SIZE),
                Property("availability_zone", WORD),
                Property("volume_type", WORD),
                Property("imageRef", WORD),
                Property("snapshot_id", ID),
                Property("source_volid", ID),
                Property("metadata", METADATA_OR_NULL),
                Property("multiattach", BOOLEAN),
                Property("consistencygroup_id", ID),
                Property("group_id", ID),
                Property("backup_id", ID),
                Property("cluster_name", WORD),
                Property("status", {}),
                Property("user_id", {}),
                Property("project_id", {}),
                Property("attach_status", {}),
                Property("source_replica", {}),
                Property("scheduler_hints", {}),
            ),
            required=True,
        ),
        Property("OS-SCH-HNT:scheduler_hints", {"type": ["object", "null"]}),
    ),
    "volume.update": wrapped_object("volume", *NAMES, Property("metadata", METADATA_OR_NULL)),
    "volume.action": object_schema(
        extra_until=NEWEST,
        minProperties=1,
        maxProperties=1,
        patternProperties={"": {"type": ["object", "null", "string"]}},
    ),
    "volume.metadata": object_schema(Property("metadata", METADATA, required=True)),
    "volume.meta": object_schema(Property("meta", METADATA | {"minProperties": 1, "maxProperties": 1}, required=True)),
    "volume.create_snapshot": wrapped_object(
        "snapshot",
        *NAMES,
        Property("volume_id", ID, required=True),
        Property("force", BOOLEAN),
        Property("metadata", METADATA_OR_NULL),
    ),
    "volume.update_snapshot": wrapped_object("snapshot", *NAMES),
    "volume.create_type": wrapped_object(
        "volume_type",
        Property("name", text(1, 255), required=True),
        Property("description", NAME),
        Property("extra_specs", METADATA),
        Property(PUBLIC, BOOLEAN),
    ),
    "volume.update_type": wrapped_object(
        "volume_type", Property("name", NAME), Property("description", NAME), Property("is_public", BOOLEAN)
    ),
    "volume.extra_spec": {**METADATA, "minProperties": 1, "maxProperties": 1},
    "volume.extra_specs": object_schema(Property("extra_specs", METADATA, required=True)),
    "volume.create_encryption": object_schema(Property("encryption", _encryption(is_new=True), required=True)),
    "volume.update_encryption": object_schema(Property("encryption", _encryption(is_new=False), required=True)),
    "volume.create_qos_specs": object_schema(
        Property(
            "qos_specs",
            object_schema(
                Property("name", text(1, 255), required=True),
                patternProperties={"^[^\\n]{1,255}$": or_null(text(0, 255))},
            ),
            required=True,
        )
    ),
    "volume.update_qos_specs": object_schema(
        Property(
            "qos_specs",
            object_schema(patternProperties={"^[a-zA-Z0-9-_:. /]{1,255}$": or_null(text(0, 255))}),
            required=True,
        )
    ),
    "volume.delete_qos_keys": object_schema(Property("keys", array(text(1, 255), uniqueItems=True), required=True)),
    "volume.create_group": wrapped_object(
        "group",
        *NAME_AND_DESCRIPTION,
        Property("group_type", text(1, 255), required=True),
        Property("volume_types", array(text(0, 255), minItems=1, uniqueItems=True), required=True),
        Property("availability_zone", or_null(text(1, 255))),
    ),
    "volume.update_group": wrapped_object(
        "group", *NAME_AND_DESCRIPTION, Property("add_volumes", NAME), Property("remove_volumes", NAME)
    ),
    "volume.set_service": object_schema(*SERVICE, anyOf=NAMED),
    "volume.disable_service": object_schema(*SERVICE, Property("disabled_reason", text(1, 255)), anyOf=NAMED),
    "volume.copy_group": wrapped_object(
        "create-from-src",
        *NAME_AND_DESCRIPTION,
        Property("source_group_id", UUID),
        Property("group_snapshot_id", UUID),
    ),
    "volume.group_action": object_schema(
        Property("delete", object_schema(Property("delete-volumes", BOOLEAN))),
        Property("reset_status", object_schema(Property("status", text(1, 255), required=True))),
        extra_until=NEWEST,
        minProperties=1,
        maxProperties=1,
        patternProperties={"": {"type": ["object", "null", "string"]}},
    ),
    "volume.snapshot_group": wrapped_object(
        "group_snapshot", *NAME_AND_DESCRIPTION, Property("group_id", UUID, required=True)
    ),
    "volume.create_group_type": wrapped_object(
        "group_type",
        Property("name", text(1, 255, format="name"), required=True),
        Property("description", NAME),
        Property("is_public", BOOLEAN),
        Property("group_specs", METADATA_OR_NULL),
    ),
    "volume.update_group_type": wrapped_object("group_type", *NAME_AND_DESCRIPTION, Property("is_public", BOOLEAN)),
    "volume.group_specs": object_schema(Property("group_specs", GROUP_SPECS, required=True)),
    "volume.group_spec": {**GROUP_SPECS, "minProperties": 1, "maxProperties": 1},
    "volume.create_transfer": wrapped_object(
        "transfer",
        Property("volume_id", UUID, required=True),
        Property("name", NAME),
        Property("no_snapshots", BOOLEAN, since=55),
    ),
    "volume.accept_transfer": wrapped_object(
        "accept", Property("auth_key", {"type": ["string", "integer"], "maxLength": 255}, required=True)
    ),
    "volume.create_backup": wrapped_object(
        "backup",
        *NAME_AND_DESCRIPTION,
        Property("volume_id", UUID, required=True),
        Property("container", NAME),
        Property("incremental", BOOLEAN),
        Property("force", BOOLEAN),
        Property("snapshot_id", ID),
        Property("metadata", METADATA_OR_NULL, since=43),
        Property("availability_zone", NAME, since=51),
    ),
    "volume.update_backup": object_schema(
        Property(
            "backup",
            object_schema(*NAME_AND_DESCRIPTION, Property("metadata", METADATA, since=43), nullable=True),
            required=True,
        )
    ),
    "volume.restore_backup": object_schema(
        Property(
            "restore", object_schema(Property("name", NAME), Property("volume_id", ID), nullable=True), required=True
        )
    ),
    "volume.create_attachment": wrapped_object(
        "attachment",
        Property("volume_uuid", UUID, required=True),
        Property("instance_uuid", ID),
        Property("connector", {"type": ["object", "null"]}),
        Property("mode", {"enum": ["rw", "ro"]}),
    ),
    "volume.update_attachment": wrapped_object("attachment", Property("connector", CONNECTOR, required=True)),
    "volume.update_quota": object_schema(Property("quota_set", {"type": "object", "minProperties": 1}, required=True)),
    "volume.update_quota_class": object_schema(Property("quota_class_set", {"type": "object"}, required=True)),
}

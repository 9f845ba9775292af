"""The proxy APIs, which forwarded requests to other services until 2.35, 2.38 or 2.42."""

from __future__ import annotations

from novasim.api.schemas.types import (
    BOOLEAN,
    METADATA,
    METADATA_ITEM,
    PAGE_BY_OFFSET,
    POSITIVE,
    TEXT,
    UUID,
    choice,
    multi_params,
    number,
    or_null,
    text,
)
from novasim.api.schemas.versioned import Property, object_schema, query_schema, wrapped_object
from novasim.lifecycle.microversions import NEWEST

SWITCH = choice("enable", "disable", "Enable", "Disable", "ENABLE", "DISABLE")
GROUP = object_schema(
    Property("name", text(0, 255), required=True),
    Property("description", text(0, 255), required=True),
    extra_until=NEWEST,
)
RULE = object_schema(
    Property("group_id", or_null(UUID)),
    Property("parent_group_id", UUID, required=True),
    extra_until=NEWEST,
)
SECURITY_GROUP = object_schema(Property("security_group", GROUP, required=True), extra_until=NEWEST)

BODIES = {
    "security_groups.create": SECURITY_GROUP,
    "security_groups.update": SECURITY_GROUP,
    "security_group_rules.create": object_schema(
        Property("security_group_rule", RULE, required=True), extra_until=NEWEST
    ),
    "floating_ips.create": object_schema(Property("pool", or_null(TEXT)), nullable=True, extra_until=NEWEST),
    "image_metadata.create": object_schema(Property("metadata", METADATA, required=True)),
    "image_metadata.update_all": object_schema(Property("metadata", METADATA, required=True)),
    "image_metadata.update": object_schema(Property("meta", METADATA_ITEM, required=True)),
    "os_hosts.update": {
        "type": "object",
        "properties": {"status": SWITCH, "maintenance_mode": SWITCH},
        "anyOf": [{"required": ["status"]}, {"required": ["maintenance_mode"]}],
        "additionalProperties": False,
    },
    "volumes.create": wrapped_object(
        "volume",
        Property("volume_type", TEXT),
        Property("metadata", {"type": "object"}),
        Property("snapshot_id", TEXT),
        Property("size", number(1, "^[0-9]+$"), required=True),
        Property("availability_zone", TEXT),
        Property("display_name", TEXT),
        Property("display_description", TEXT),
    ),
    "snapshots.create": wrapped_object(
        "snapshot",
        Property("volume_id", TEXT, required=True),
        Property("force", BOOLEAN),
        Property("display_name", TEXT),
        Property("display_description", TEXT),
    ),
}

IMAGES = query_schema(
    *(Property(name) for name in ("name", "status", "changes-since", "server", "type", "minRam", "minDisk", "marker")),
    *multi_params(POSITIVE, "limit", "page_size", "offset"),
    patternProperties={"^property-.*$": {}},
)
QUERIES = {
    "security_groups.list": query_schema(*PAGE_BY_OFFSET, *multi_params(TEXT, "all_tenants")),
    "images.list": IMAGES,
    "images.detail": IMAGES,
    "os_hosts.list": query_schema(*multi_params(TEXT, "zone")),
    "volumes.list": query_schema(*PAGE_BY_OFFSET),
    "volumes.detail": query_schema(*PAGE_BY_OFFSET),
    "snapshots.list": query_schema(*PAGE_BY_OFFSET),
    "snapshots.detail": query_schema(*PAGE_BY_OFFSET),
    "extensions.list": query_schema(strict_since=102),
    "extensions.show": query_schema(strict_since=102),
}

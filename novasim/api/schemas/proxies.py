"""The requests with which Nova once passed on to other services; they are gone from 2.36, 2.39 or 2.43 on."""

from __future__ import annotations

from novasim.api.schemas.form import ALWAYS, P, body, obj, query
from novasim.api.schemas.types import (
    BOOLEAN,
    METADATA,
    METADATA_ITEM,
    PAGE_BY_OFFSET,
    POSITIVE,
    TEXT,
    UUID,
    choice,
    number,
    or_null,
    repeatable,
    text,
)

SWITCH = choice("enable", "disable", "Enable", "Disable", "ENABLE", "DISABLE")
GROUP = obj(
    P("name", text(0, 255), required=True),
    P("description", text(0, 255), required=True),
    open_until=ALWAYS,
)
RULE = obj(
    P("group_id", or_null(UUID)),
    P("parent_group_id", UUID, required=True),
    open_until=ALWAYS,
)
SECURITY_GROUP = obj(P("security_group", GROUP, required=True), open_until=ALWAYS)

BODIES = {
    "security_groups.create": SECURITY_GROUP,
    "security_groups.update": SECURITY_GROUP,
    "security_group_rules.create": obj(P("security_group_rule", RULE, required=True), open_until=ALWAYS),
    "floating_ips.create": obj(P("pool", or_null(TEXT)), nullable=True, open_until=ALWAYS),
    "image_metadata.create": obj(P("metadata", METADATA, required=True)),
    "image_metadata.update_all": obj(P("metadata", METADATA, required=True)),
    "image_metadata.update": obj(P("meta", METADATA_ITEM, required=True)),
    "os_hosts.update": {
        "type": "object",
        "properties": {"status": SWITCH, "maintenance_mode": SWITCH},
        "anyOf": [{"required": ["status"]}, {"required": ["maintenance_mode"]}],
        "additionalProperties": False,
    },
    "volumes.create": body(
        "volume",
        P("volume_type", TEXT),
        P("metadata", {"type": "object"}),
        P("snapshot_id", TEXT),
        P("size", number(1, "^[0-9]+$"), required=True),
        P("availability_zone", TEXT),
        P("display_name", TEXT),
        P("display_description", TEXT),
    ),
    "snapshots.create": body(
        "snapshot",
        P("volume_id", TEXT, required=True),
        P("force", BOOLEAN),
        P("display_name", TEXT),
        P("display_description", TEXT),
    ),
}

IMAGES = query(
    *(P(name) for name in ("name", "status", "changes-since", "server", "type", "minRam", "minDisk", "marker")),
    *repeatable(POSITIVE, "limit", "page_size", "offset"),
    patternProperties={"^property-.*$": {}},
)
QUERIES = {
    "security_groups.list": query(*PAGE_BY_OFFSET, *repeatable(TEXT, "all_tenants")),
    "images.list": IMAGES,
    "images.detail": IMAGES,
    "os_hosts.list": query(*repeatable(TEXT, "zone")),
    "volumes.list": query(*PAGE_BY_OFFSET),
    "volumes.detail": query(*PAGE_BY_OFFSET),
    "snapshots.list": query(*PAGE_BY_OFFSET),
    "snapshots.detail": query(*PAGE_BY_OFFSET),
    "extensions.list": query(strict=102),
    "extensions.show": query(strict=102),
}

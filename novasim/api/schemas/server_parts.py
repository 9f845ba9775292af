"""Subresources of a server: metadata, tags, volumes, interfaces, consoles, migrations, shares."""

from __future__ import annotations

from novasim.api.schemas.types import (
    BOOLEAN,
    DEVICE,
    IP_ADDRESS,
    METADATA,
    METADATA_ITEM,
    NULL,
    PAGE_BY_OFFSET,
    TAG,
    TAGS,
    TEXT,
    UUID,
    array,
    choice,
    multi_params,
    text,
)
from novasim.api.schemas.versioned import Property, Value, object_schema, query_schema, wrapped_object

CONSOLE_TYPES = choice(
    *("novnc", "xvpvnc", "spice-html5", "serial", "rdp-html5"),
    Value("webmks", since=8),
    Value("spice-direct", since=99),
)
NOT_EMPTY = {"type": "string", "minLength": 1}
SHARE_TAG = {**text(1, 255), "pattern": "^[a-zA-Z0-9-]*$"}

BODIES = {
    "server_metadata.create": object_schema(Property("metadata", METADATA, required=True)),
    "server_metadata.update_all": object_schema(Property("metadata", METADATA, required=True)),
    "server_metadata.update": object_schema(Property("meta", METADATA_ITEM, required=True)),
    "server_tags.update_all": object_schema(Property("tags", TAGS, required=True)),
    "server_tags.update": NULL,
    "assisted_volume_snapshots.create": wrapped_object(
        "snapshot",
        Property("volume_id", NOT_EMPTY, required=True),
        Property(
            "create_info",
            object_schema(
                Property("snapshot_id", NOT_EMPTY, required=True),
                Property("type", choice("qcow2"), required=True),
                Property("new_file", NOT_EMPTY, required=True),
                Property("id", NOT_EMPTY),
            ),
            required=True,
        ),
    ),
    "volume_attachments.create": wrapped_object(
        "volumeAttachment",
        Property("volumeId", UUID, required=True),
        Property("device", DEVICE),
        Property("tag", TAG, since=49),
        Property("delete_on_termination", BOOLEAN, since=79),
    ),
    "volume_attachments.update": wrapped_object(
        "volumeAttachment",
        Property("volumeId", UUID, required=True),
        Property("device", DEVICE, since=85),
        Property("tag", TAG, since=85),
        Property("delete_on_termination", BOOLEAN, since=85),
        Property("serverId", UUID, since=85),
        Property("id", UUID, since=85),
    ),
    "interfaces.create": object_schema(
        Property(
            "interfaceAttachment",
            object_schema(
                Property("net_id", UUID),
                Property("port_id", UUID),
                Property(
                    "fixed_ips",
                    array(object_schema(Property("ip_address", IP_ADDRESS, required=True)), minItems=1, maxItems=1),
                ),
                Property("tag", TAG, since=49),
            ),
        )
    ),
    "remote_consoles.create": wrapped_object(
        "remote_console",
        Property("protocol", choice("vnc", "spice", "serial", "rdp", Value("mks", since=8)), required=True),
        Property("type", CONSOLE_TYPES, required=True),
    ),
    "server_migrations.force_complete": object_schema(Property("force_complete", NULL, required=True)),
    "server_shares.create": wrapped_object(
        "share", Property("share_id", UUID, required=True), Property("tag", SHARE_TAG)
    ),
}
WITHOUT_PARAMETERS = (
    *("server_metadata.list", "server_metadata.show", "interfaces.list", "interfaces.show", "ips.list", "ips.show"),
    *("server_migrations.list", "server_migrations.show", "server_diagnostics.show", "server_topology.show"),
    *("server_password.show", "server_security_groups.list"),
)
QUERIES = {
    **dict.fromkeys(WITHOUT_PARAMETERS, query_schema(strict_since=102)),
    "console_auth_tokens.show": query_schema(strict_since=99),
    "server_shares.list": query_schema(strict_since=97),
    "server_shares.show": query_schema(strict_since=97),
    "server_tags.list": query_schema(),
    "server_tags.show": query_schema(),
    "assisted_volume_snapshots.delete": query_schema(*multi_params(TEXT, "delete_info"), strict_since=75),
    "volume_attachments.list": query_schema(*PAGE_BY_OFFSET, strict_since=75),
    "volume_attachments.show": query_schema(),
}

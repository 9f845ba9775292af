"""What hangs on a server: metadata, tags, volumes, interfaces, consoles, migrations, shares."""

from __future__ import annotations

from novasim.api.schemas.form import P, V, body, obj, query
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
    UUID,
    array,
    choice,
    text,
)

CONSOLE_TYPES = choice(
    *("novnc", "xvpvnc", "spice-html5", "serial", "rdp-html5"), V("webmks", since=8), V("spice-direct", since=99)
)
SHARE_TAG = {**text(1, 255), "pattern": "^[a-zA-Z0-9-]*$"}

BODIES = {
    "server_metadata.create": obj(P("metadata", METADATA, required=True)),
    "server_metadata.update_all": obj(P("metadata", METADATA, required=True)),
    "server_metadata.update": obj(P("meta", METADATA_ITEM, required=True)),
    "server_tags.update_all": obj(P("tags", TAGS, required=True)),
    "server_tags.update": NULL,
    "volume_attachments.create": body(
        "volumeAttachment",
        P("volumeId", UUID, required=True),
        P("device", DEVICE),
        P("tag", TAG, since=49),
        P("delete_on_termination", BOOLEAN, since=79),
    ),
    "volume_attachments.update": body(
        "volumeAttachment",
        P("volumeId", UUID, required=True),
        P("device", DEVICE, since=85),
        P("tag", TAG, since=85),
        P("delete_on_termination", BOOLEAN, since=85),
        P("serverId", UUID, since=85),
        P("id", UUID, since=85),
    ),
    "interfaces.create": obj(
        P(
            "interfaceAttachment",
            obj(
                P("net_id", UUID),
                P("port_id", UUID),
                P("fixed_ips", array(obj(P("ip_address", IP_ADDRESS, required=True)), minItems=1, maxItems=1)),
                P("tag", TAG, since=49),
            ),
        )
    ),
    "remote_consoles.create": body(
        "remote_console",
        P("protocol", choice("vnc", "spice", "serial", "rdp", V("mks", since=8)), required=True),
        P("type", CONSOLE_TYPES, required=True),
    ),
    "server_migrations.force_complete": obj(P("force_complete", NULL, required=True)),
    "server_shares.create": body("share", P("share_id", UUID, required=True), P("tag", SHARE_TAG)),
}
WITHOUT_PARAMETERS = (
    *("server_metadata.list", "server_metadata.show", "interfaces.list", "interfaces.show", "ips.list", "ips.show"),
    *("server_migrations.list", "server_migrations.show", "server_diagnostics.show", "server_topology.show"),
    *("server_password.show", "server_security_groups.list"),
)
QUERIES = {
    **dict.fromkeys(WITHOUT_PARAMETERS, query(strict=102)),
    "console_auth_tokens.show": query(strict=99),
    "server_shares.list": query(strict=97),
    "server_shares.show": query(strict=97),
    "server_tags.list": query(),
    "server_tags.show": query(),
    "volume_attachments.list": query(*PAGE_BY_OFFSET, strict=75),
    "volume_attachments.show": query(),
}

"""The bodies of server actions, by their key."""

from __future__ import annotations

from novasim.api.schemas.types import (
    BOOLEAN,
    BOOLEAN_OR_AUTO,
    DESCRIPTION,
    DISK_CONFIG,
    FLAVOR_REF,
    FQDN,
    HOSTNAME,
    IP_ADDRESS,
    IPV4,
    IPV6,
    METADATA,
    NAME,
    NAME_OR_NULL,
    NOT_NEGATIVE,
    NULL,
    PERSONALITY,
    TEXT,
    TRUSTED_CERTIFICATES,
    USER_DATA,
    UUID,
    choice,
    number,
    or_null,
    text,
)
from novasim.api.schemas.versioned import Property, object_schema, wrapped_object

# Nova does not validate the values of these keys.
FREE = (
    *("os-start", "os-stop", "pause", "unpause", "suspend", "resume", "confirmResize", "revertResize", "unlock"),
    *("unrescue", "shelve", "shelveOffload", "restore", "forceDelete", "injectNetworkInfo", "resetNetwork"),
    "os-getRDPConsole",
)
SECURITY_GROUP = Property("name", {"type": "string", "minLength": 1}, required=True)
ADDRESS = Property("address", IP_ADDRESS, required=True)

BODIES = {
    **{f"action.{key}": object_schema(Property(key, required=True)) for key in FREE},
    "action.reboot": wrapped_object(
        "reboot", Property("type", choice("HARD", "Hard", "hard", "SOFT", "Soft", "soft"), required=True)
    ),
    "action.resize": wrapped_object(
        "resize", Property("flavorRef", FLAVOR_REF, required=True), Property("OS-DCF:diskConfig", DISK_CONFIG)
    ),
    "action.rebuild": wrapped_object(
        "rebuild",
        Property("name", NAME),
        Property("imageRef", UUID, required=True),
        Property("adminPass", TEXT),
        Property("metadata", METADATA),
        Property("preserve_ephemeral", BOOLEAN),
        Property("OS-DCF:diskConfig", DISK_CONFIG),
        Property("accessIPv4", IPV4),
        Property("accessIPv6", IPV6),
        Property("personality", PERSONALITY, until=56),
        Property("description", DESCRIPTION, since=19),
        Property("key_name", NAME_OR_NULL, since=54),
        Property("user_data", or_null(USER_DATA), since=57),
        Property("trusted_image_certificates", TRUSTED_CERTIFICATES, since=63),
        Property("hostname", HOSTNAME, since=90, until=93),
        Property("hostname", FQDN, since=94),
    ),
    "action.lock": object_schema(
        Property("lock", required=True, until=72),
        Property(
            "lock", object_schema(Property("locked_reason", text(1, 255)), nullable=True), required=True, since=73
        ),
    ),
    "action.rescue": wrapped_object(
        "rescue", Property("adminPass", TEXT), Property("rescue_image_ref", UUID), nullable=True
    ),
    "action.unshelve": object_schema(
        Property("unshelve", required=True, until=76),
        Property(
            "unshelve",
            object_schema(Property("availability_zone", NAME, required=True), nullable=True),
            True,
            since=77,
            until=90,
        ),
        Property(
            "unshelve",
            object_schema(Property("availability_zone", or_null(TEXT)), Property("host", TEXT), nullable=True),
            True,
            since=91,
        ),
    ),
    "action.changePassword": wrapped_object("changePassword", Property("adminPass", TEXT, required=True)),
    "action.createImage": wrapped_object(
        "createImage", Property("name", NAME, required=True), Property("metadata", METADATA)
    ),
    "action.createBackup": wrapped_object(
        "createBackup",
        Property("name", NAME, required=True),
        Property("backup_type", TEXT, required=True),
        Property("rotation", NOT_NEGATIVE, required=True),
        Property("metadata", METADATA),
    ),
    "action.migrate": object_schema(
        Property("migrate", required=True, until=55),
        Property("migrate", object_schema(Property("host", or_null(FQDN)), nullable=True), required=True, since=56),
    ),
    "action.os-migrateLive": wrapped_object(
        "os-migrateLive",
        Property("block_migration", BOOLEAN_OR_AUTO, required=True),
        Property("disk_over_commit", BOOLEAN, required=True, until=24),
        Property("host", or_null(FQDN), required=True),
        Property("force", BOOLEAN, since=30, until=67),
    ),
    "action.evacuate": wrapped_object(
        "evacuate",
        Property("host", FQDN),
        Property("onSharedStorage", BOOLEAN, required=True, until=13),
        Property("adminPass", TEXT),
        Property("force", BOOLEAN, since=29, until=67),
    ),
    "action.os-resetState": wrapped_object(
        "os-resetState", Property("state", choice("active", "error"), required=True)
    ),
    "action.trigger_crash_dump": object_schema(Property("trigger_crash_dump", NULL, required=True)),
    "action.os-getConsoleOutput": wrapped_object(
        "os-getConsoleOutput",
        Property("length", number(-1, "^-?[0-9]+$", type=["integer", "string", "null"])),
    ),
    "action.os-getVNCConsole": wrapped_object(
        "os-getVNCConsole", Property("type", choice("novnc", "xvpvnc"), required=True)
    ),
    "action.os-getSPICEConsole": wrapped_object(
        "os-getSPICEConsole", Property("type", choice("spice-html5"), required=True)
    ),
    "action.os-getSerialConsole": wrapped_object(
        "os-getSerialConsole", Property("type", choice("serial"), required=True)
    ),
    "action.addSecurityGroup": wrapped_object("addSecurityGroup", SECURITY_GROUP),
    "action.removeSecurityGroup": wrapped_object("removeSecurityGroup", SECURITY_GROUP),
    "action.addFloatingIp": wrapped_object("addFloatingIp", ADDRESS, Property("fixed_address", IP_ADDRESS)),
    "action.removeFloatingIp": wrapped_object("removeFloatingIp", ADDRESS),
    "action.addFixedIp": wrapped_object(
        "addFixedIp",
        Property("networkId", {"type": ["string", "number"], "minLength": 1, "maxLength": 36}, required=True),
    ),
    "action.removeFixedIp": wrapped_object("removeFixedIp", ADDRESS),
}

"""Bodies of the actions of a server, by their key."""

from __future__ import annotations

from novasim.api.schemas.form import P, body, obj
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

# Nova looks only at the key of these, never at what is behind it.
FREE = (
    *("os-start", "os-stop", "pause", "unpause", "suspend", "resume", "confirmResize", "revertResize", "unlock"),
    *("unrescue", "shelve", "shelveOffload", "restore", "forceDelete", "injectNetworkInfo", "resetNetwork"),
    "os-getRDPConsole",
)
SECURITY_GROUP = P("name", {"type": "string", "minLength": 1}, required=True)
ADDRESS = P("address", IP_ADDRESS, required=True)

BODIES = {
    **{f"action.{key}": obj(P(key, required=True)) for key in FREE},
    "action.reboot": body("reboot", P("type", choice("HARD", "Hard", "hard", "SOFT", "Soft", "soft"), required=True)),
    "action.resize": body("resize", P("flavorRef", FLAVOR_REF, required=True), P("OS-DCF:diskConfig", DISK_CONFIG)),
    "action.rebuild": body(
        "rebuild",
        P("name", NAME),
        P("imageRef", UUID, required=True),
        P("adminPass", TEXT),
        P("metadata", METADATA),
        P("preserve_ephemeral", BOOLEAN),
        P("OS-DCF:diskConfig", DISK_CONFIG),
        P("accessIPv4", IPV4),
        P("accessIPv6", IPV6),
        P("personality", PERSONALITY, until=56),
        P("description", DESCRIPTION, since=19),
        P("key_name", NAME_OR_NULL, since=54),
        P("user_data", or_null(USER_DATA), since=57),
        P("trusted_image_certificates", TRUSTED_CERTIFICATES, since=63),
        P("hostname", HOSTNAME, since=90, until=93),
        P("hostname", FQDN, since=94),
    ),
    "action.lock": obj(
        P("lock", required=True, until=72),
        P("lock", obj(P("locked_reason", text(1, 255)), nullable=True), required=True, since=73),
    ),
    "action.rescue": body("rescue", P("adminPass", TEXT), P("rescue_image_ref", UUID), nullable=True),
    "action.unshelve": obj(
        P("unshelve", required=True, until=76),
        P("unshelve", obj(P("availability_zone", NAME, required=True), nullable=True), True, since=77, until=90),
        P("unshelve", obj(P("availability_zone", or_null(TEXT)), P("host", TEXT), nullable=True), True, since=91),
    ),
    "action.changePassword": body("changePassword", P("adminPass", TEXT, required=True)),
    "action.createImage": body("createImage", P("name", NAME, required=True), P("metadata", METADATA)),
    "action.createBackup": body(
        "createBackup",
        P("name", NAME, required=True),
        P("backup_type", TEXT, required=True),
        P("rotation", NOT_NEGATIVE, required=True),
        P("metadata", METADATA),
    ),
    "action.migrate": obj(
        P("migrate", required=True, until=55),
        P("migrate", obj(P("host", or_null(FQDN)), nullable=True), required=True, since=56),
    ),
    "action.os-migrateLive": body(
        "os-migrateLive",
        P("block_migration", BOOLEAN_OR_AUTO, required=True),
        P("disk_over_commit", BOOLEAN, required=True, until=24),
        P("host", or_null(FQDN), required=True),
        P("force", BOOLEAN, since=30, until=67),
    ),
    "action.evacuate": body(
        "evacuate",
        P("host", FQDN),
        P("onSharedStorage", BOOLEAN, required=True, until=13),
        P("adminPass", TEXT),
        P("force", BOOLEAN, since=29, until=67),
    ),
    "action.os-resetState": body("os-resetState", P("state", choice("active", "error"), required=True)),
    "action.trigger_crash_dump": obj(P("trigger_crash_dump", NULL, required=True)),
    "action.os-getConsoleOutput": body(
        "os-getConsoleOutput",
        P("length", number(-1, "^-?[0-9]+$", type=["integer", "string", "null"])),
    ),
    "action.os-getVNCConsole": body("os-getVNCConsole", P("type", choice("novnc", "xvpvnc"), required=True)),
    "action.os-getSPICEConsole": body("os-getSPICEConsole", P("type", choice("spice-html5"), required=True)),
    "action.os-getSerialConsole": body("os-getSerialConsole", P("type", choice("serial"), required=True)),
    "action.addSecurityGroup": body("addSecurityGroup", SECURITY_GROUP),
    "action.removeSecurityGroup": body("removeSecurityGroup", SECURITY_GROUP),
    "action.addFloatingIp": body("addFloatingIp", ADDRESS, P("fixed_address", IP_ADDRESS)),
    "action.removeFloatingIp": body("removeFloatingIp", ADDRESS),
    "action.addFixedIp": body(
        "addFixedIp", P("networkId", {"type": ["string", "number"], "minLength": 1, "maxLength": 36}, required=True)
    ),
    "action.removeFixedIp": body("removeFixedIp", ADDRESS),
}

"""Creating, updating, listing and showing servers."""

from __future__ import annotations

from novasim.api.schemas.form import P, V, body, obj, query
from novasim.api.schemas.types import (
    BOOLEAN,
    DESCRIPTION,
    DISK_CONFIG,
    FLAVOR_REF,
    FQDN,
    HOSTNAME,
    IP_ADDRESS,
    IPV4,
    IPV6,
    METADATA,
    MOST_DIGITS,
    NAME,
    NAME_OR_NULL,
    PERSONALITY,
    POSITIVE,
    REGEX,
    SIZE,
    TAG,
    TAGS,
    TEXT,
    TIME,
    TRUSTED_CERTIFICATES,
    USER_DATA,
    UUID,
    UUID_OR_EMPTY,
    array,
    choice,
    or_null,
    page,
    repeatable,
    text,
)

# Tags of devices were meant to come with 2.32, were lost by accident for disks, and came back with 2.42.
TAG_OF_A_NETWORK = (P("tag", TAG, since=32, until=36), P("tag", TAG, since=42))
TAG_OF_A_DISK = (P("tag", TAG, since=32, until=32), P("tag", TAG, since=42))

NETWORK = obj(
    P("fixed_ip", IP_ADDRESS),
    P("port", or_null(UUID)),
    P("uuid", TEXT, until=36),
    P("uuid", UUID, since=37),
    *TAG_OF_A_NETWORK,
)

LEGACY_DISK = (
    P("virtual_name", text(0, 255)),
    P("volume_id", UUID),
    P("snapshot_id", UUID),
    P("volume_size", SIZE),
    P("device_name", {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._/-]*$"}),
    P("delete_on_termination", BOOLEAN),
    P("no_device"),
    P("connection_info", text(0, 16777215)),
)
DISK = (
    *LEGACY_DISK,
    P("source_type", choice("volume", "image", "snapshot", "blank")),
    P("uuid", {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._-]*$"}),
    P("image_id", UUID),
    P("destination_type", choice("local", "volume")),
    P("guest_format", text(0, 255)),
    P("device_type", text(0, 255)),
    P("disk_bus", text(0, 255)),
    P("boot_index", {"type": ["integer", "string", "null"], "pattern": "^-?[0-9]+$", "maxLength": MOST_DIGITS}),
    *TAG_OF_A_DISK,
    P("volume_type", or_null(text(0, 255)), since=67),
)

UUIDS = {"type": ["string", "array"], "items": UUID}
HINTS = obj(
    P("group", {"oneOf": [array(UUID), UUID]}),
    P("different_host", {"oneOf": [UUID, array(UUID)]}),
    P("same_host", UUIDS),
    P("query", {"type": ["string", "object"]}),
    P("target_cell", NAME),
    P("different_cell", {"type": ["string", "array"], "items": TEXT}),
    P("build_near_host_ip", IP_ADDRESS),
    P("cidr", {"type": "string", "pattern": "^/[0-9a-f.:]+$"}),
    open_until=9999,
)

NEW_SERVER = obj(
    P("name", NAME, required=True),
    P("imageRef", UUID_OR_EMPTY),
    P("flavorRef", FLAVOR_REF, required=True),
    P("adminPass", TEXT),
    P("metadata", METADATA),
    P("networks", array(NETWORK), until=36),
    P("networks", {"oneOf": [array(NETWORK), choice("none", "auto")]}, required=True, since=37),
    P("OS-DCF:diskConfig", DISK_CONFIG),
    P("accessIPv4", IPV4),
    P("accessIPv6", IPV6),
    P("personality", PERSONALITY, until=56),
    P("availability_zone", NAME),
    P("block_device_mapping", array(obj(*LEGACY_DISK))),
    P("block_device_mapping_v2", array(obj(*DISK))),
    P("config_drive", BOOLEAN),
    P("key_name", NAME),
    P("min_count", POSITIVE),
    P("max_count", POSITIVE),
    P("return_reservation_id", BOOLEAN),
    P("security_groups", array(obj(P("name", NAME)))),
    P("user_data", USER_DATA),
    P("description", DESCRIPTION, since=19),
    P("tags", TAGS, since=52),
    P("trusted_image_certificates", TRUSTED_CERTIFICATES, since=63),
    P("host", FQDN, since=74),
    P("hypervisor_hostname", FQDN, since=74),
    P("hostname", HOSTNAME, since=90, until=93),
    P("hostname", FQDN, since=94),
)

BODIES = {
    "servers.create": obj(
        P("server", NEW_SERVER, required=True),
        P("os:scheduler_hints", HINTS),
        P("OS-SCH-HNT:scheduler_hints", HINTS),
    ),
    "servers.update": body(
        "server",
        P("name", NAME),
        P("OS-DCF:diskConfig", DISK_CONFIG),
        P("accessIPv4", IPV4),
        P("accessIPv6", IPV6),
        P("description", DESCRIPTION, since=19),
        P("hostname", HOSTNAME, since=90, until=93),
        P("hostname", FQDN, since=94),
        P("pinned_availability_zone", NAME_OR_NULL, since=104),
    ),
}

SORT_KEYS = (
    *("access_ip_v4", "access_ip_v6", "auto_disk_config", "availability_zone", "config_drive", "created_at"),
    *("display_description", "display_name", "host", "hostname", "image_ref", "instance_type_id", "kernel_id"),
    *("key_name", "launch_index", "launched_at", "locked_by", "node", "power_state", "progress", "project_id"),
    *("ramdisk_id", "root_device_name", "task_state", "terminated_at", "updated_at", "user_id", "uuid", "vm_state"),
)
IGNORED_SORT_KEYS = (
    *("architecture", "cell_name", "cleaned", "default_ephemeral_device", "default_swap_device", "deleted"),
    *("deleted_at", "disable_terminate", "ephemeral_gb", "ephemeral_key_uuid", "id", "key_data", "launched_on"),
    *("locked", "memory_mb", "os_type", "reservation_id", "root_gb", "shutdown_terminate", "user_data", "vcpus"),
    "vm_mode",
)
"""Accepted before 2.75 and without effect; "locked" has one from 2.73 on, and stays."""

SORT_KEY = choice(
    *SORT_KEYS,
    *(key if key == "locked" else V(key, until=74) for key in IGNORED_SORT_KEYS),
)

LIST = query(
    *repeatable(TEXT, "user_id", "project_id", "tenant_id", "launch_index", "image_ref", "image"),
    *repeatable(REGEX, "kernel_id", "ramdisk_id", "hostname", "key_name", "power_state"),
    *repeatable(TEXT, "vm_state", "task_state", "host"),
    *repeatable(REGEX, "node", "flavor", "reservation_id", "launched_at", "terminated_at", "availability_zone"),
    *repeatable(REGEX, "name", "display_name", "description", "display_description", "locked_by"),
    *repeatable(TEXT, "uuid"),
    *repeatable(REGEX, "root_device_name", "config_drive", "access_ip_v4", "access_ip_v6", "auto_disk_config"),
    *repeatable(REGEX, "progress"),
    *repeatable(SORT_KEY, "sort_key"),
    *repeatable(TEXT, "sort_dir", "all_tenants", "soft_deleted", "deleted", "status"),
    *repeatable(TIME, "changes-since"),
    *repeatable(REGEX, "ip", "ip6", "created_at"),
    # Names of joined tables: let through here, and refused by Nova only once it filters by them.
    *repeatable(TEXT, "block_device_mapping", "services", "metadata", "system_metadata", "info_cache"),
    *repeatable(TEXT, "security_groups", "pci_devices"),
    *page(),
    *repeatable(REGEX, "tags", "tags-any", "not-tags", "not-tags-any", since=26),
    *repeatable(TIME, "changes-before", since=66),
    *repeatable(TEXT, "locked", since=73),
    strict=75,
    patternProperties={"^_": array(TEXT)},
)

QUERIES = {"servers.list": LIST, "servers.detail": LIST, "servers.show": query(strict=102)}

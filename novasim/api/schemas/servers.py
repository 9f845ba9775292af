"""Create, update, list and show servers."""

from __future__ import annotations

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
    MAX_DIGITS,
    METADATA,
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
    multi_params,
    or_null,
    page_params,
    text,
)
from novasim.api.schemas.versioned import Property, Value, object_schema, query_schema, wrapped_object
from novasim.lifecycle.microversions import NEWEST

# Device tags were added in 2.32, lost by accident (for disks in 2.33, for networks in 2.37), and restored in 2.42.
TAG_OF_A_NETWORK = (Property("tag", TAG, since=32, until=36), Property("tag", TAG, since=42))
TAG_OF_A_DISK = (Property("tag", TAG, since=32, until=32), Property("tag", TAG, since=42))

NETWORK = object_schema(
    Property("fixed_ip", IP_ADDRESS),
    Property("port", or_null(UUID)),
    Property("uuid", TEXT, until=36),
    Property("uuid", UUID, since=37),
    *TAG_OF_A_NETWORK,
)

LEGACY_DISK = (
    Property("virtual_name", text(0, 255)),
    Property("volume_id", UUID),
    Property("snapshot_id", UUID),
    Property("volume_size", SIZE),
    Property("device_name", {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._/-]*$"}),
    Property("delete_on_termination", BOOLEAN),
    Property("no_device"),
    Property("connection_info", text(0, 16777215)),
)
DISK = (
    *LEGACY_DISK,
    Property("source_type", choice("volume", "image", "snapshot", "blank")),
    Property("uuid", {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[a-zA-Z0-9._-]*$"}),
    Property("image_id", UUID),
    Property("destination_type", choice("local", "volume")),
    Property("guest_format", text(0, 255)),
    Property("device_type", text(0, 255)),
    Property("disk_bus", text(0, 255)),
    Property("boot_index", {"type": ["integer", "string", "null"], "pattern": "^-?[0-9]+$", "maxLength": MAX_DIGITS}),
    *TAG_OF_A_DISK,
    Property("volume_type", or_null(text(0, 255)), since=67),
)

UUIDS = {"type": ["string", "array"], "items": UUID}
HINTS = object_schema(
    Property("group", {"oneOf": [array(UUID), UUID]}),
    Property("different_host", {"oneOf": [UUID, array(UUID)]}),
    Property("same_host", UUIDS),
    Property("query", {"type": ["string", "object"]}),
    Property("target_cell", NAME),
    Property("different_cell", {"type": ["string", "array"], "items": TEXT}),
    Property("build_near_host_ip", IP_ADDRESS),
    Property("cidr", {"type": "string", "pattern": "^/[0-9a-f.:]+$"}),
    extra_until=NEWEST,
)

NEW_SERVER = object_schema(
    Property("name", NAME, required=True),
    Property("imageRef", UUID_OR_EMPTY),
    Property("flavorRef", FLAVOR_REF, required=True),
    Property("adminPass", TEXT),
    Property("metadata", METADATA),
    Property("networks", array(NETWORK), until=36),
    Property("networks", {"oneOf": [array(NETWORK), choice("none", "auto")]}, required=True, since=37),
    Property("OS-DCF:diskConfig", DISK_CONFIG),
    Property("accessIPv4", IPV4),
    Property("accessIPv6", IPV6),
    Property("personality", PERSONALITY, until=56),
    Property("availability_zone", NAME),
    Property("block_device_mapping", array(object_schema(*LEGACY_DISK))),
    Property("block_device_mapping_v2", array(object_schema(*DISK))),
    Property("config_drive", BOOLEAN),
    Property("key_name", NAME),
    Property("min_count", POSITIVE),
    Property("max_count", POSITIVE),
    Property("return_reservation_id", BOOLEAN),
    Property("security_groups", array(object_schema(Property("name", NAME)))),
    Property("user_data", USER_DATA),
    Property("description", DESCRIPTION, since=19),
    Property("tags", TAGS, since=52),
    Property("trusted_image_certificates", TRUSTED_CERTIFICATES, since=63),
    Property("host", FQDN, since=74),
    Property("hypervisor_hostname", FQDN, since=74),
    Property("hostname", HOSTNAME, since=90, until=93),
    Property("hostname", FQDN, since=94),
)

BODIES = {
    "servers.create": object_schema(
        Property("server", NEW_SERVER, required=True),
        Property("os:scheduler_hints", HINTS),
        Property("OS-SCH-HNT:scheduler_hints", HINTS),
    ),
    "servers.update": wrapped_object(
        "server",
        Property("name", NAME),
        Property("OS-DCF:diskConfig", DISK_CONFIG),
        Property("accessIPv4", IPV4),
        Property("accessIPv6", IPV6),
        Property("description", DESCRIPTION, since=19),
        Property("hostname", HOSTNAME, since=90, until=93),
        Property("hostname", FQDN, since=94),
        Property("pinned_availability_zone", NAME_OR_NULL, since=104),
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
"""Accepted before 2.75 without effect; "locked" has an effect since 2.73 and is still accepted."""

SORT_KEY = choice(
    *SORT_KEYS,
    *(key if key == "locked" else Value(key, until=74) for key in IGNORED_SORT_KEYS),
)

LIST = query_schema(
    *multi_params(TEXT, "user_id", "project_id", "tenant_id", "launch_index", "image_ref", "image"),
    *multi_params(REGEX, "kernel_id", "ramdisk_id", "hostname", "key_name", "power_state"),
    *multi_params(TEXT, "vm_state", "task_state", "host"),
    *multi_params(REGEX, "node", "flavor", "reservation_id", "launched_at", "terminated_at", "availability_zone"),
    *multi_params(REGEX, "name", "display_name", "description", "display_description", "locked_by"),
    *multi_params(TEXT, "uuid"),
    *multi_params(REGEX, "root_device_name", "config_drive", "access_ip_v4", "access_ip_v6", "auto_disk_config"),
    *multi_params(REGEX, "progress"),
    *multi_params(SORT_KEY, "sort_key"),
    *multi_params(TEXT, "sort_dir", "all_tenants", "soft_deleted", "deleted", "status"),
    *multi_params(TIME, "changes-since"),
    *multi_params(REGEX, "ip", "ip6", "created_at"),
    # Names of joined tables: the schema accepts them, and Nova rejects them later, when it filters.
    *multi_params(TEXT, "block_device_mapping", "services", "metadata", "system_metadata", "info_cache"),
    *multi_params(TEXT, "security_groups", "pci_devices"),
    *page_params(),
    *multi_params(REGEX, "tags", "tags-any", "not-tags", "not-tags-any", since=26),
    *multi_params(TIME, "changes-before", since=66),
    *multi_params(TEXT, "locked", since=73),
    strict_since=75,
    patternProperties={"^_": array(TEXT)},
)

QUERIES = {"servers.list": LIST, "servers.detail": LIST, "servers.show": query_schema(strict_since=102)}

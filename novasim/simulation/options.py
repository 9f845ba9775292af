"""Nova's options and quotas that the simulation supports, with Nova's names and defaults."""

from __future__ import annotations

from typing import Any

# The scheduler's filters that have an effect. By default Nova enables the first five.
FILTERS = (
    *("ComputeFilter", "ComputeCapabilitiesFilter", "ImagePropertiesFilter"),
    *("ServerGroupAntiAffinityFilter", "ServerGroupAffinityFilter"),
    *("AggregateInstanceExtraSpecsFilter", "SameHostFilter", "DifferentHostFilter"),
    *("SimpleCIDRAffinityFilter", "JsonFilter"),
)

DEFAULTS: dict[str, Any] = {
    "allow_resize_to_same_host": False,
    "count_usage_from_placement": False,
    "default_availability_zone": "nova",
    "dhcp_domain": "novalocal",
    "enabled_filters": list(FILTERS[:5]),
    "instance_name_template": "instance-%08x",
    "instance_build_timeout": 0,
    "list_records_by_skipping_down_cells": True,
    "max_attempts": 3,
    "max_disk_devices_to_attach": -1,
    "max_limit": 1000,
    "max_local_block_devices": 3,
    "metadata_proxy_shared_secret": "",
    "password_length": 12,
    "migrate_max_retries": -1,
    "reboot_timeout": 0,
    "reclaim_instance_interval": 0,
    "rescue_timeout": 0,
    "resume_guests_state_on_host_boot": False,
    "resize_confirm_window": 0,
    "serial_console_enabled": False,
    "shelved_offload_time": 0,
    "spice_enabled": False,
    "vnc_enabled": True,
    "weight_classes": ["nova.scheduler.weights.all_weighers"],
    "mks_enabled": False,
    # The others are not Nova's; see simulation/time/durations.py, simulation/passwords.py and control/purge.py.
    "duration_jitter": 0.1,
    "duration_scaling": True,
    "password_pattern": "",
    "purge_after": 3600,
    "purge_surplus_after": 5,
}

# Minimum and maximum of numeric options that do not have the default range.
RANGES: dict[str, tuple[float, float]] = {
    "duration_jitter": (0.0, 0.9),
    "max_attempts": (1, 10**9),
    "max_disk_devices_to_attach": (-1, 10**9),
    "migrate_max_retries": (-1, 10**9),
    "shelved_offload_time": (-1, 10**9),
}
DEFAULT_RANGE = (0, 10**9)

QUOTAS: dict[str, int] = {
    "instances": 10,
    "cores": 20,
    "ram": 51200,
    "metadata_items": 128,
    "injected_files": 5,
    "injected_file_content_bytes": 10240,
    "injected_file_path_bytes": 255,
    "key_pairs": 100,
    "server_groups": 10,
    "server_group_members": 10,
}

# Network quotas that Nova stores and shows (until 2.35) and no longer checks.
NETWORK_PROXY_QUOTAS: dict[str, int] = {
    "fixed_ips": -1,
    "floating_ips": -1,
    "security_group_rules": -1,
    "security_groups": -1,
}

# Quotas of the other services. Projects store them with a prefix: network.port, volume.volumes.
NETWORK_QUOTAS: dict[str, int] = {
    "network": 100,
    "subnet": 100,
    "port": 500,
    "router": 10,
    "floatingip": 50,
    "security_group": 10,
    "security_group_rule": 100,
    "subnetpool": -1,
    "rbac_policy": 10,
    "trunk": -1,
}
VOLUME_QUOTAS: dict[str, int] = {
    "volumes": 10,
    "snapshots": 10,
    "gigabytes": 1000,
    "backups": 10,
    "backup_gigabytes": 1000,
    "groups": 10,
    "per_volume_gigabytes": -1,
}

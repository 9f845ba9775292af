"""Nova's options that the simulation honours, under Nova's names and with Nova's defaults."""

from __future__ import annotations

from typing import Any

DEFAULTS: dict[str, Any] = {
    "allow_resize_to_same_host": False,
    "default_availability_zone": "nova",
    "instance_name_template": "instance-%08x",
    "max_limit": 1000,
    "max_local_block_devices": 3,
    "password_length": 12,
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
}

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

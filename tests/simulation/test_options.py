"""Options and quotas have Nova's names and defaults, copied by hand from its configuration reference."""

from __future__ import annotations

from novasim.control.options import list_options
from novasim.simulation.options import NETWORK_QUOTAS, QUOTAS, VOLUME_QUOTAS
from tests.play import Play


def test_options():
    assert list_options(Play().cloud) == {
        "allow_resize_to_same_host": False,
        "count_usage_from_placement": False,
        "default_availability_zone": "nova",
        "enabled_filters": [
            "ComputeFilter",
            "ComputeCapabilitiesFilter",
            "ImagePropertiesFilter",
            "ServerGroupAntiAffinityFilter",
            "ServerGroupAffinityFilter",
        ],
        "instance_name_template": "instance-%08x",
        "instance_build_timeout": 0,
        "list_records_by_skipping_down_cells": True,
        "max_attempts": 3,
        "max_limit": 1000,
        "max_local_block_devices": 3,
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
        "duration_jitter": 0.1,
        "duration_scaling": True,
        "password_pattern": "",
    }


def test_quotas_of_nova():
    assert QUOTAS == {
        "instances": 10,
        "cores": 20,
        "ram": 50 * 1024,
        "metadata_items": 128,
        "injected_files": 5,
        "injected_file_content_bytes": 10 * 1024,
        "injected_file_path_bytes": 255,
        "key_pairs": 100,
        "server_groups": 10,
        "server_group_members": 10,
    }


def test_quotas_of_neutron():
    limited = {"network": 100, "subnet": 100, "port": 500, "router": 10, "floatingip": 50}
    limited |= {"security_group": 10, "security_group_rule": 100, "rbac_policy": 10}
    assert {**limited, "subnetpool": -1, "trunk": -1} == NETWORK_QUOTAS


def test_quotas_of_cinder():
    limited = {"volumes": 10, "snapshots": 10, "gigabytes": 1000, "backups": 10, "backup_gigabytes": 1000, "groups": 10}
    assert {**limited, "per_volume_gigabytes": -1} == VOLUME_QUOTAS

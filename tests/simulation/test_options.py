"""Options and quotas have Nova's names and defaults, copied by hand from its configuration reference."""

from __future__ import annotations

import pytest

from novasim.control.options import list_options, set_option
from novasim.errors import UsageError
from novasim.simulation.options import FILTERS, NETWORK_PROXY_QUOTAS, NETWORK_QUOTAS, QUOTAS, VOLUME_QUOTAS
from tests.play import Play


def test_options():
    assert list_options(Play().cloud) == {
        "allow_resize_to_same_host": False,
        "count_usage_from_placement": False,
        "default_availability_zone": "nova",
        "dhcp_domain": "novalocal",
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
        "duration_jitter": 0.1,
        "duration_scaling": True,
        "password_pattern": "",
        "purge_after": 3600,
        "purge_surplus_after": 5,
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


def test_quotas_that_nova_shows_and_does_not_check():
    names = ("fixed_ips", "floating_ips", "security_group_rules", "security_groups")
    assert dict.fromkeys(names, -1) == NETWORK_PROXY_QUOTAS


def test_filters_of_nova():
    assert " ".join(FILTERS) == (
        "ComputeFilter ComputeCapabilitiesFilter ImagePropertiesFilter ServerGroupAntiAffinityFilter "
        "ServerGroupAffinityFilter AggregateInstanceExtraSpecsFilter SameHostFilter DifferentHostFilter "
        "SimpleCIDRAffinityFilter JsonFilter"
    )


@pytest.mark.parametrize(
    ("name", "least", "below", "above"),
    [
        ("max_attempts", "1", "0", "1000000001"),
        ("migrate_max_retries", "-1", "-2", "1000000001"),
        ("shelved_offload_time", "-1", "-2", "1000000001"),
        ("duration_jitter", "0", "-0.1", "0.91"),
        ("rescue_timeout", "0", "-1", "1000000001"),
    ],
)
def test_the_ranges_of_options(name, least, below, above):
    cloud = Play().cloud
    most = "0.9" if name == "duration_jitter" else "1000000000"
    for value in (least, most):
        set_option(cloud, name, value)
        assert list_options(cloud)[name] == float(value)
    for value in (below, above):
        with pytest.raises(UsageError):
            set_option(cloud, name, value)
    assert list_options(cloud)[name] == float(most)

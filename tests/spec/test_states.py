"""The vm_states, task_states and power_states of Nova, from its documents and the recordings."""

from __future__ import annotations

import json

import pytest

from novasim.lifecycle import states
from novasim.lifecycle.status import ADDRESSLESS_STATUSES, FAULT_STATUSES, PROGRESS_STATUSES, has_failed

VM_STATES = """
    active building deleted error paused rescued resized shelved shelved_offloaded soft-delete stopped suspended
"""
TASK_STATES = """
    block_device_mapping deleting image_backup image_pending_upload image_snapshot image_snapshot_pending
    image_uploading migrating networking pausing powering-off powering-on reboot_pending reboot_pending_hard
    reboot_started reboot_started_hard rebooting rebooting_hard rebuild_block_device_mapping rebuild_spawning
    rebuilding rescuing resize_confirming resize_finish resize_migrated resize_migrating resize_prep resize_reverting
    restoring resuming scheduling shelving shelving_image_pending_upload shelving_image_uploading shelving_offloading
    soft-deleting spawning suspending unpausing unrescuing unshelving updating_password
"""
POWER_STATES = {0: "pending", 1: "running", 3: "paused", 4: "shutdown", 6: "crashed", 7: "suspended"}


def test_the_states():
    assert set(VM_STATES.split()) == states.VM_STATES
    assert set(TASK_STATES.split()) == states.TASK_STATES
    assert states.POWER_STATES == POWER_STATES
    names = "NOSTATE RUNNING POWER_PAUSED SHUTDOWN CRASHED POWER_SUSPENDED".split()
    assert [getattr(states, name) for name in names] == [0, 1, 3, 4, 6, 7]


def test_the_states_are_those_of_the_recorded_nova(shared):
    recorded = json.loads((shared / "nova-facts" / "status_map.json").read_text("utf-8"))
    assert {vm for vm, _, _ in recorded["pairs"]} <= states.VM_STATES
    assert {task for _, task, _ in recorded["pairs"] if task} <= states.TASK_STATES
    assert set(recorded["progress_statuses"]) == PROGRESS_STATUSES
    assert set(recorded["fault_statuses"]) == FAULT_STATUSES


def test_the_groups_of_statuses():
    assert {"ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"} == PROGRESS_STATUSES
    assert {"ERROR", "DELETED"} == FAULT_STATUSES
    assert {"BUILD"} == ADDRESSLESS_STATUSES


@pytest.mark.parametrize(
    ("status", "task", "failed"),
    [
        ("ERROR", None, True),
        ("ERROR", "rebuilding", False),
        ("ACTIVE", None, False),
        ("ACTIVE", "pausing", False),
    ],
)
def test_a_server_has_failed_in_error_without_a_task(status, task, failed):
    assert has_failed(status, task) is failed
    assert has_failed("ERROR")

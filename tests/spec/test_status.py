"""The status map, by hand: the status of each vm_state, and of the tasks that change it."""

from __future__ import annotations

import json

import pytest

from novasim.lifecycle.states import TASK_STATES, VM_STATES
from novasim.lifecycle.status import STATUSES, stable_state_of, states_of, status_of
from tests import each_case

USUAL = {
    "active": "ACTIVE",
    "building": "BUILD",
    "deleted": "DELETED",
    "error": "ERROR",
    "paused": "PAUSED",
    "rescued": "RESCUE",
    "resized": "VERIFY_RESIZE",
    "shelved": "SHELVED",
    "shelved_offloaded": "SHELVED_OFFLOADED",
    "soft-delete": "SOFT_DELETED",
    "stopped": "SHUTOFF",
    "suspended": "SUSPENDED",
}
SPECIAL = """
    active  rebooting               REBOOT
    active  reboot_pending          REBOOT
    active  reboot_started          REBOOT
    active  rebooting_hard          HARD_REBOOT
    active  reboot_pending_hard     HARD_REBOOT
    active  reboot_started_hard     HARD_REBOOT
    active  updating_password       PASSWORD
    active  migrating               MIGRATING
    paused  migrating               MIGRATING
    resized resize_reverting        REVERT_RESIZE
"""
CASES = {tuple(line.split()[:2]): line.split()[2] for line in SPECIAL.strip().splitlines()}
CASES |= {
    (vm, f"resize_{what}"): "RESIZE"
    for vm in ("active", "stopped")
    for what in ("prep", "migrating", "migrated", "finish")
}
CASES |= {
    (vm, task): "REBUILD"
    for vm in ("active", "error", "stopped")
    for task in ("rebuilding", "rebuild_block_device_mapping", "rebuild_spawning")
}


@each_case("vm_state", sorted(USUAL))
def test_every_pair_has_its_status(vm_state):
    for task in [None, *TASK_STATES]:
        assert status_of(vm_state, task) == CASES.get((vm_state, task), USUAL[vm_state])


def test_every_state_and_status_is_specified():
    assert set(USUAL) == VM_STATES
    assert set(CASES.values()) | set(USUAL.values()) == STATUSES
    assert status_of("nonsense", None) == "UNKNOWN"


@each_case("status", sorted(STATUSES))
def test_a_status_selects_what_shows_it(status):
    chosen = states_of(status.lower())
    for vm_state in VM_STATES:
        tasks = chosen.get(vm_state, frozenset())
        for task in TASK_STATES:
            shown = status_of(vm_state, task) == status
            assert shown <= (tasks is None or task in tasks)


@pytest.mark.parametrize(
    ("status", "selected"),
    [
        ("ACTIVE", {"active": None}),
        ("MIGRATING", {"active": {"migrating"}, "paused": {"migrating"}}),
        ("verify_resize", {"resized": None}),
        ("REVERT_RESIZE", {"resized": {"resize_reverting"}}),
        ("Reboot", {"active": {"rebooting", "reboot_pending", "reboot_started"}}),
    ],
)
def test_which_states_a_status_selects(status, selected):
    assert states_of(status) == selected


@each_case(
    ("status", "vm_state"),
    [
        ("ACTIVE", "active"),
        ("SHUTOFF", "stopped"),
        ("RESCUE", "rescued"),
        ("VERIFY_RESIZE", "resized"),
        ("SOFT_DELETED", "soft-delete"),
        ("ERROR", "error"),
        ("DELETED", "deleted"),
        ("BUILD", None),
        ("RESIZE", None),
        ("REBOOT", None),
        ("MIGRATING", None),
        ("nonsense", None),
    ],
)
def test_the_vm_state_behind_a_status(status, vm_state):
    assert stable_state_of(status) == vm_state


def test_an_unknown_status_selects_nothing():
    assert states_of("nonsense") == {}


def test_every_recorded_pair(shared):
    recorded = json.loads((shared / "nova-facts" / "status_map.json").read_text("utf-8"))
    assert recorded["pairs"]
    for vm_state, task_state, status in recorded["pairs"]:
        assert status_of(vm_state, task_state) == status

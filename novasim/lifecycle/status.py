"""
The map from (vm_state, task_state) to the status that users see, and back for filters.

Source: nova/api/openstack/common.py, _STATE_MAP; compared with 129 pairs of states recorded from Nova.
"""

from __future__ import annotations

from novasim.lifecycle import states

_REBUILDING = {
    "rebuilding": "REBUILD",
    "rebuild_block_device_mapping": "REBUILD",
    "rebuild_spawning": "REBUILD",
}
_RESIZING = {
    "resize_prep": "RESIZE",
    "resize_migrating": "RESIZE",
    "resize_migrated": "RESIZE",
    "resize_finish": "RESIZE",
}
_REBOOTING = {"rebooting": "REBOOT", "reboot_pending": "REBOOT", "reboot_started": "REBOOT"}
_REBOOTING_HARD = {
    "rebooting_hard": "HARD_REBOOT",
    "reboot_pending_hard": "HARD_REBOOT",
    "reboot_started_hard": "HARD_REBOOT",
}

_DEFAULT = {
    states.ACTIVE: "ACTIVE",
    states.BUILDING: "BUILD",
    states.DELETED: "DELETED",
    states.ERROR: "ERROR",
    states.PAUSED: "PAUSED",
    states.RESCUED: "RESCUE",
    states.RESIZED: "VERIFY_RESIZE",
    states.SHELVED: "SHELVED",
    states.SHELVED_OFFLOADED: "SHELVED_OFFLOADED",
    states.SOFT_DELETED: "SOFT_DELETED",
    states.STOPPED: "SHUTOFF",
    states.SUSPENDED: "SUSPENDED",
}

_BY_TASK: dict[str, dict[str, str]] = {
    states.ACTIVE: {
        "migrating": "MIGRATING",
        "updating_password": "PASSWORD",
        **_REBOOTING,
        **_REBOOTING_HARD,
        **_REBUILDING,
        **_RESIZING,
    },
    states.ERROR: _REBUILDING,
    states.PAUSED: {"migrating": "MIGRATING"},
    states.RESIZED: {"resize_reverting": "REVERT_RESIZE"},
    states.STOPPED: {**_REBUILDING, **_RESIZING},
}

PROGRESS_STATUSES = frozenset({"ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING"})
FAULT_STATUSES = frozenset({"ERROR", "DELETED"})
ADDRESSLESS_STATUSES = frozenset({"BUILD"})  # Nova shows no addresses before the server is built
STATUSES = frozenset(_DEFAULT.values()).union(*(tasks.values() for tasks in _BY_TASK.values()))


def status_of(vm_state: str, task_state: str | None) -> str:
    """The status that users see; UNKNOWN for a vm_state that Nova does not have."""
    return _BY_TASK.get(vm_state, {}).get(task_state or "", _DEFAULT.get(vm_state, "UNKNOWN"))


def stable_state_of(status: str) -> str | None:
    """The vm_state of a server without a task that shows a status; None if the status is transitional."""
    vm_state = next((vm_state for vm_state, default in _DEFAULT.items() if default == status), None)
    return None if vm_state == states.BUILDING else vm_state


def has_failed(status: str, task_state: str | None = None) -> bool:
    """Whether a server is in ERROR and no task is running that could end it."""
    return status == "ERROR" and not task_state


def is_being_deleted(task_state: str | None) -> bool:
    """Whether a running task removes the server for good."""
    return task_state == "deleting"


def is_queued_for_delete(vm_state: str, task_state: str | None) -> bool:
    """
    Whether Nova's API database knows that a server was deleted or soft-deleted, or is about to be.

    Source: nova/compute/api.py, _update_queued_for_deletion.
    """
    return vm_state in {states.DELETED, states.SOFT_DELETED} or task_state in {"deleting", "soft-deleting"}


def states_of(status: str) -> dict[str, frozenset[str] | None]:
    """
    What `?status=` selects: vm_state -> the task_states that match, or None if every one does.

    Case is ignored; an unknown status selects nothing. As in Nova, the default status of a vm_state selects it whatever
    its task_state is.
    """
    status = status.upper()
    selected: dict[str, frozenset[str] | None] = {
        vm_state: None for vm_state, default in _DEFAULT.items() if default == status
    }
    for vm_state, statuses in _BY_TASK.items():
        if tasks := frozenset(task for task, shown in statuses.items() if shown == status):
            selected[vm_state] = tasks
    return selected

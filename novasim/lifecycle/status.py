"""
The one map from (vm_state, task_state) to the status that users see, and back for filters.

Source: status_map of the recorded Nova, verified there over HTTP for 129 pairs.
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


def shown_status(vm_state: str, task_state: str | None) -> str:
    """The status of a server in these states; UNKNOWN for a vm_state that Nova does not have."""
    return _BY_TASK.get(vm_state, {}).get(task_state or "", _DEFAULT.get(vm_state, "UNKNOWN"))


def resting_state(status: str) -> str | None:
    """The vm_state of a server that shows a status and is busy with nothing; None for statuses that only pass."""
    found = next((vm_state for vm_state, usual in _DEFAULT.items() if usual == status), None)
    return None if found == states.BUILDING else found


def has_failed(status: str, task_state: str | None = None) -> bool:
    """Whether a server went to ERROR and nothing is under way that could end it."""
    return status == "ERROR" and not task_state


def is_removed(status: str | None) -> bool:
    """Whether a deletion has come to its end: the server is gone (None) or waits to be reclaimed."""
    return status in (None, "SOFT_DELETED")


def states_of(status: str) -> dict[str, frozenset[str] | None]:
    """
    What `?status=` selects: vm_state -> the task states that qualify, or None where every one does.

    Matching ignores case; an unknown status gives an empty map. As in Nova, a vm_state whose usual
    status is asked for is selected whatever its task_state is.
    """
    wanted = status.upper()
    found: dict[str, frozenset[str] | None] = {vm: None for vm, usual in _DEFAULT.items() if usual == wanted}
    for vm_state, tasks in _BY_TASK.items():
        if matching := frozenset(task for task, shown in tasks.items() if shown == wanted):
            found[vm_state] = matching
    return found

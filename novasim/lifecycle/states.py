"""Every vm_state, task_state and power_state of Nova. Source: nova/compute/vm_states.py, task_states.py."""

from __future__ import annotations

ACTIVE = "active"
BUILDING = "building"
DELETED = "deleted"
ERROR = "error"
PAUSED = "paused"
RESCUED = "rescued"
RESIZED = "resized"
SHELVED = "shelved"
SHELVED_OFFLOADED = "shelved_offloaded"
SOFT_DELETED = "soft-delete"
STOPPED = "stopped"
SUSPENDED = "suspended"

VM_STATES = frozenset(
    {
        ACTIVE,
        BUILDING,
        DELETED,
        ERROR,
        PAUSED,
        RESCUED,
        RESIZED,
        SHELVED,
        SHELVED_OFFLOADED,
        SOFT_DELETED,
        STOPPED,
        SUSPENDED,
    }
)

TASK_STATES = frozenset(
    {
        "block_device_mapping",
        "deleting",
        "image_backup",
        "image_pending_upload",
        "image_snapshot",
        "image_snapshot_pending",
        "image_uploading",
        "migrating",
        "networking",
        "pausing",
        "powering-off",
        "powering-on",
        "reboot_pending",
        "reboot_pending_hard",
        "reboot_started",
        "reboot_started_hard",
        "rebooting",
        "rebooting_hard",
        "rebuild_block_device_mapping",
        "rebuild_spawning",
        "rebuilding",
        "rescuing",
        "resize_confirming",
        "resize_finish",
        "resize_migrated",
        "resize_migrating",
        "resize_prep",
        "resize_reverting",
        "restoring",
        "resuming",
        "scheduling",
        "shelving",
        "shelving_image_pending_upload",
        "shelving_image_uploading",
        "shelving_offloading",
        "soft-deleting",
        "spawning",
        "suspending",
        "unpausing",
        "unrescuing",
        "unshelving",
        "updating_password",
    }
)

NOSTATE, RUNNING, POWER_PAUSED, SHUTDOWN, CRASHED, POWER_SUSPENDED = 0, 1, 3, 4, 6, 7

POWER_STATES = {
    NOSTATE: "pending",
    RUNNING: "running",
    POWER_PAUSED: "paused",
    SHUTDOWN: "shutdown",
    CRASHED: "crashed",
    POWER_SUSPENDED: "suspended",
}


def is_powered(power_state: int) -> bool:
    """Whether a guest has memory that can move to another host: it is running or paused."""
    return power_state in (RUNNING, POWER_PAUSED)

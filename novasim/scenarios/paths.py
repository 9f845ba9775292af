"""The statuses in which a server can begin, and the actions that lead from ACTIVE to each of them."""

from __future__ import annotations

from typing import Any, NamedTuple

from novasim.errors import UsageError
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.states import ACTIVE, BUILDING
from novasim.lifecycle.status import stable_state_of, states_of, status_of

UNKNOWN = "UNKNOWN"
PATHS: dict[str, tuple[str, ...]] = {
    "ACTIVE": (),
    "BUILD": (),
    "DELETED": ("delete",),
    "ERROR": ("hard-reboot",),
    "HARD_REBOOT": ("hard-reboot",),
    "MIGRATING": ("live-migrate",),
    "PASSWORD": ("change-password",),
    "PAUSED": ("pause",),
    "REBOOT": ("reboot",),
    "REBUILD": ("rebuild",),
    "RESCUE": ("rescue",),
    "RESIZE": ("resize",),
    "REVERT_RESIZE": ("resize", "revert-resize"),
    "SHELVED": ("shelve",),
    "SHELVED_OFFLOADED": ("shelve",),
    "SHUTOFF": ("stop",),
    "SOFT_DELETED": ("delete",),
    "SUSPENDED": ("suspend",),
    "UNKNOWN": (),
    "VERIFY_RESIZE": ("resize",),
}
"""By status. With the same flavor a resize is a migration; the reboot on the way to ERROR fails."""
MOVED = frozenset({"REVERT_RESIZE", "VERIFY_RESIZE"})
"""The statuses of servers that are on another host than before."""
RESIZED = frozenset({"RESIZE", "REVERT_RESIZE", "VERIFY_RESIZE"})
"""The statuses of servers that had another flavor or host before."""
NEVER = 10**9  # seconds
OPTIONS: dict[str, dict[str, int]] = {
    "DELETED": {"reclaim_instance_interval": 0},
    "SHELVED": {"shelved_offload_time": -1},
    "SHELVED_OFFLOADED": {"shelved_offload_time": 0},
    "SOFT_DELETED": {"reclaim_instance_interval": NEVER},
}
"""The options with which the actions end in a status."""
TIMED = frozenset({"SHELVED", "SOFT_DELETED"})
"""The statuses that end after the time that the same option sets."""
ARGUMENTS: dict[str, Any] = {
    "change-password": {"adminPass": "secret"},
    "hard-reboot": {"type": "HARD"},
    "live-migrate": {"host": None, "block_migration": "auto"},
    "reboot": {"type": "SOFT"},
    "rescue": {},
}
"""Arguments of actions, by name; the others have none or depend on the server."""


class Goal(NamedTuple):
    """
    The state in which a server begins.

    Args:
        status: The status that the actions lead to.
        stuck: The vm_state and task_state to set afterwards, without a task; None if a status is enough.
    """

    status: str
    stuck: tuple[str, str] | None = None

    @property
    def is_in_progress(self) -> bool:
        """Whether a task is running in this state, which will end it."""
        return self.stuck is None and self.status != UNKNOWN and stable_state_of(self.status) is None


def read_goal(entry: dict[str, Any]) -> Goal:
    """
    The state that status, vm_state and task_state of an entry describe.

    Raises:
        UsageError: They do not belong together.
    """
    status, vm_state, task_state = entry.get("status"), entry.get("vm_state"), entry.get("task_state")
    if not vm_state and not task_state:
        return Goal(status or "ACTIVE")
    if not vm_state:
        vm_state = _find_vm_state(status or "ACTIVE", str(task_state))
    shown = status_of(vm_state, task_state)
    if status not in (None, shown):
        task = f" and task_state {task_state}" if task_state else ""
        raise UsageError(f"a server with vm_state {vm_state}{task} has the status {shown}, not {status}")
    if not task_state:
        return Goal(shown)
    return Goal("ACTIVE" if vm_state == BUILDING else status_of(vm_state, None), (vm_state, task_state))


def _find_vm_state(status: str, task_state: str) -> str:
    """The vm_state that shows a status with a task_state; active if there are several or none."""
    found = [vm_state for vm_state in states_of(status) if status_of(vm_state, task_state) == status]
    return ACTIVE if ACTIVE in found or not found else min(found)


def action_body(name: str, arguments: Any = None) -> dict[str, Any]:
    """The body of the request for an action."""
    return {ACTIONS[name].api_key: arguments if arguments is not None else ARGUMENTS.get(name)}

"""The rules for the arguments of stored tasks, which the effects of their actions read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from novasim.simulation.validation.rules import Check, is_flavor, object_check, type_rule

TYPES = {
    "aborted": "bool",
    "alternates": "list[str]",
    "attachment": "str",
    "attachment_id": "str",
    "attempt": "integer",
    "backup_type": "str",
    "block_migration": "bool | None",
    "boot_volume_image": "str | None",
    "forced": "bool | None",  # None in clouds of earlier versions
    "host": "str | None",
    "image": "str | None",
    "is_batch": "bool",
    "is_swapped": "bool",
    "migration": "str",
    "new_image": "str | None",
    "node": "str | None",
    "old_image": "str | None",
    "password_refused": "bool",
    "preserve_ephemeral": "bool",
    "rotation": "integer",
    "shows_progress": "bool",
    "source_attachments": "dict[str, str]",
    "unplaced_reason": "str",
    "volume": "str",
    "zone": "str | None",
}
"""By name: the types of the arguments that are read after a request has been accepted."""
REQUESTER = {"user_id": "str", "project_id": "str", "is_admin": "bool"}
REQUIRED = {
    "attach-volume": ("attachment",),
    "create-backup": ("backup_type", "rotation"),
    "detach-volume": ("attachment",),
    "evacuate": ("migration",),
    "migrate": ("flavor", "migration"),
    "rebuild": ("old_image",),
    "resize": ("flavor", "migration"),
    "swap-volume": ("attachment", "attachment_id", "volume"),
}
"""By action: the arguments that its effects cannot do without."""


def find_argument_problems(task: Mapping[str, Any]) -> Iterator[str]:
    """Yield the errors in the arguments of a task, such as "'args' should have a valid 'flavor'"."""
    args = task.get("args", {})
    if type(args) is not dict:
        return
    for name in _required_arguments(task, args):
        if name not in args:
            yield f"'args' lacks {name!r}"
    for name, value in args.items():
        if name in _checks and not _checks[name](value):
            yield f"'args' should have a valid {name!r}"


def find_unknown_migration(task: Mapping[str, Any], migrations: Collection[str]) -> str:
    """
    The problem of a task that names a migration that does not exist; "" if it has none.

    Args:
        migrations: IDs of those that exist.
    """
    args = task.get("args", {})
    is_wrong = type(args) is dict and "migration" in args and args["migration"] not in migrations
    return "'args' should have the 'migration' of the server" if is_wrong else ""


def _required_arguments(task: Mapping[str, Any], args: Mapping[str, Any]) -> tuple[str, ...]:
    if task.get("timer"):
        return ()
    action = task.get("action")
    required = REQUIRED.get(action, ()) if isinstance(action, str) else ()
    is_placed = action == "create" and task.get("position", 0) != 0
    return (*required, "alternates") if is_placed or "attempt" in args else required


_checks: dict[str, Check] = {
    **{name: type_rule(hint, "").check for name, hint in TYPES.items()},
    "flavor": is_flavor,
    "requester": object_check(REQUESTER),
}

"""What accepted actions do to the world, in small functions named after the action, by subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from novasim.records import Server, Task
from novasim.simulation.world import World

Step = Callable[[World, Server, Task], None]


class Effect(NamedTuple):
    """
    The code behind one row of the action table.

    Args:
        start: At acceptance; returns the name of the course (variant) to take, "" for the usual one.
        leave: At the end of the phase that shows this task_state.
        finish: At the end of the last phase, after the row's end state was set; may correct it.
        undo: When the task fails or is cancelled: give back what was claimed, remove what was half made.
    """

    start: Callable[[World, Server, dict[str, Any]], str] | None = None
    leave: Mapping[str, Step] = {}
    finish: Step | None = None
    undo: Step | None = None


_SUBJECTS = {
    "power": ("start", "stop", "reboot", "hard-reboot", "pause", "unpause", "suspend", "resume"),
    "lock": ("lock", "unlock", "reset-state"),
    "build": ("create",),
    "resize": ("resize", "migrate", "confirm-resize", "revert-resize"),
    "rebuild": ("rebuild", "evacuate"),
    "rescue": ("rescue", "unrescue"),
    "shelve": ("shelve", "shelve-offload", "unshelve"),
    "image": ("create-image", "create-backup"),
    "move": ("live-migrate",),
    "delete": ("delete", "force-delete", "restore"),
    "device": ("attach-volume", "detach-volume", "attach-port", "detach-port", "add-fixed-ip", "remove-fixed-ip"),
}
_SUBJECT_OF = {action: subject for subject, actions in _SUBJECTS.items() for action in actions}


@cache
def effect_of(action_name: str) -> Effect:
    """The effect of an action; actions that change nothing but the state have an empty one."""
    subject = _SUBJECT_OF.get(action_name)
    if subject is None:
        return Effect()
    effect: Effect = import_module(f"novasim.simulation.effects.{subject}").EFFECTS[action_name]
    return effect

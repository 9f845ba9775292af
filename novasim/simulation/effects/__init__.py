"""The effects of accepted actions on the world: one module per subject, loaded on first use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from novasim.records import Server, Task
from novasim.simulation.failures import TaskFailed
from novasim.simulation.world import World

AcceptHook = Callable[[World, Server, dict[str, Any]], str]
TaskHook = Callable[[World, Server, Task], None]
FailureHook = Callable[[World, Server, Task, TaskFailed], TaskFailed | None]


class Effect(NamedTuple):
    """
    What one action changes beyond its states.

    Args:
        on_accept: Runs when the action is accepted. May add to the arguments. Returns the variant of the action's
            phases that applies, "" for the default.
        on_phase_end: By task_state: runs at the end of the phase that shows it.
        on_finish: Runs at the end of the last phase, after the row's end state was set, and may change it.
        undo: Runs when the task fails or is cancelled: releases claims and removes what is incomplete.
        on_failure: Runs when a phase fails, before undo. Returns the failure that ends the task; None if the task
            starts again from its first phase.
    """

    on_accept: AcceptHook | None = None
    on_phase_end: Mapping[str, TaskHook] = {}
    on_finish: TaskHook | None = None
    undo: TaskHook | None = None
    on_failure: FailureHook | None = None


_SUBJECTS = {
    "power": ("start", "stop", "reboot", "hard-reboot", "pause", "unpause", "suspend", "resume"),
    "lock": ("lock", "unlock", "reset-state"),
    "build": ("create",),
    "resize": ("resize", "migrate", "confirm-resize", "revert-resize"),
    "rebuild": ("rebuild", "evacuate"),
    "rescue": ("rescue", "unrescue"),
    "password": ("change-password",),
    "shelve": ("shelve", "shelve-offload", "unshelve"),
    "image": ("create-image", "create-backup"),
    "move": ("live-migrate",),
    "delete": ("delete", "force-delete", "restore"),
    "device": ("attach-volume", "detach-volume", "attach-port", "detach-port"),
    "swap": ("swap-volume",),
    "addresses": (
        *("add-floating-ip", "remove-floating-ip", "add-fixed-ip", "remove-fixed-ip"),
        *("add-security-group", "remove-security-group"),
    ),
    "attributes": (
        *("set", "metadata-create", "metadata-replace", "metadata-set-item", "metadata-delete-item"),
        *("tag-add", "tag-replace", "tag-delete", "tag-delete-all"),
    ),
}
_SUBJECT_OF = {action: subject for subject, actions in _SUBJECTS.items() for action in actions}


@cache
def get_effect(action_name: str) -> Effect:
    """The effect of an action; empty for actions that change nothing but the state."""
    subject = _SUBJECT_OF.get(action_name)
    if subject is None:
        return Effect()
    effect: Effect = import_module(f"novasim.simulation.effects.{subject}").EFFECTS[action_name]
    return effect

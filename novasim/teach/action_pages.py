"""Pages about actions: what each does, who may request it, when, how long it takes, how it can fail."""

from __future__ import annotations

import json
from typing import Any

from novasim.lifecycle.action import Action, Phase
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.lifecycle.status import status_of
from novasim.teach.commands import command_words
from novasim.teach.rights import allowed_roles, lowest_role
from novasim.teach.words.actions import read_lessons

Page = dict[str, Any]
GROWTH = {"image": "the image's size", "disk": "the flavor's disk", "ram": "the flavor's RAM"}
LOCKS = {
    "locked": "A lock blocks it (409, is locked), except for administrators.",
    "invalid": "A lock blocks it (409, in an invalid state), except for administrators.",
    "": "A lock does not block it.",
}


def list_actions() -> list[Page]:
    """A row for each action: the statuses before and after it, the lowest role, and its summary."""
    return [
        {
            "action": action.name,
            "from": ", ".join(accepted_statuses(action) or ["any"]),
            "to": " or ".join(status_of(end, None) for end in end_states(action)) or "=",
            "who": lowest_role(action),
            "lock": "blocks it" if action.lock else "",
            "summary": action.summary,
        }
        for action in ACTIONS.values()
    ]


def describe_action(name: str) -> Page:
    """Everything about one action."""
    action, lesson = ACTIONS[name], read_lessons()[name]
    return {
        "action": action.name,
        "summary": action.summary,
        "does": lesson.does,
        "command": describe_command(action),
        "request": describe_request(action),
        "policy": action.policy,
        "allowed": allowed_roles(action),
        "statuses": accepted_statuses(action) if action.acts_on_server else [],
        "task_states": None if action.task_states is None else sorted(action.task_states, key=str),
        "lock": LOCKS[action.lock],
        "conditions": list_conditions(action),
        "phases": [_describe_phase(phase) for phase in action.phases],
        "seconds": round(sum(phase.seconds for phase in action.phases), 3),
        "ends": [status_of(end, None) for end in end_states(action)],
        "fails": next((status_of(end, None) for end in action.failure_states), None),
        "code": action.success_code,
        "refusals": refusal_codes(action),
        "microversions": [f"2.{action.since}", f"2.{min(action.until, NEWEST)}"],
        "recorded": action.log_name or None,
        "wrong": list(lesson.wrong),
        "notes": list(lesson.notes),
        "differs": list(lesson.differs),
        "source": action.source,
    }


def describe_command(action: Action) -> str | None:
    """The command that requests the action; None if only the API has it."""
    words = command_words(action, "SERVER")
    return " ".join(["novasim", *words]) if words else None


def describe_request(action: Action) -> str:
    """The HTTP request of the action."""
    if not action.api_key:
        return f"{action.method} {action.path}"
    arguments = json.dumps(dict([action.selector])) if action.selector else "..."
    return f'{action.method} {action.path} {{"{action.api_key}": {arguments}}}'


def accepted_statuses(action: Action) -> list[str] | None:
    """The statuses in which the action is accepted on a server without a task; None if it does not depend on them."""
    return None if action.vm_states is None else sorted(status_of(state, None) for state in action.vm_states)


def end_states(action: Action) -> list[str]:
    """The vm_states in which the action can end; empty if it does not change the state."""
    return list(dict.fromkeys([*([action.ends] if action.ends else []), *action.other_ends.values()]))


def list_conditions(action: Action) -> list[str]:
    """The requirements of the action besides lock and state, in plain words."""
    conditions = ["The server is on a host."] if action.needs_host else []
    conditions += ["The server has run before."] if action.must_have_launched else []
    return conditions + [check.requires for check in (*action.first_checks, *action.checks)]


def refusal_codes(action: Action) -> list[int]:
    """The HTTP codes with which the action can be refused."""
    codes = {403, *action.other_codes, *(check.code for check in (*action.first_checks, *action.checks))}
    codes |= {404} if action.acts_on_server else set()
    if action.api_key:
        codes.add(400)
    if action.vm_states is not None or action.task_states is not None or action.lock or action.needs_host:
        codes.add(409)
    return sorted(codes)


def _describe_phase(phase: Phase) -> Page:
    return {"task_state": phase.task_state, "seconds": phase.seconds, "grows_with": GROWTH.get(phase.grows_with)}

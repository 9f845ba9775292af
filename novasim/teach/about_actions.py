"""An action explained: what it does, who may, when, how long it takes, what can go wrong. Read from the table."""

from __future__ import annotations

from typing import Any

from novasim.lifecycle.action import Action, Phase
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.microversions import NEWEST
from novasim.lifecycle.status import shown_status
from novasim.teach.rights import allowed, least_role
from novasim.teach.words.actions import lessons
from novasim.teach.words.commands import COMMANDS

Page = dict[str, Any]
GROWS = {"image": "the image's size", "disk": "the flavor's disk", "ram": "the flavor's RAM"}
LOCKS = {
    "locked": "A lock stops it (409, is locked), except for administrators.",
    "invalid": "A lock stops it (409, in an invalid state), except for administrators.",
    "": "A lock does not stop it.",
}


def all_actions() -> list[Page]:
    """One row for each action: from where, to where, who, what."""
    return [
        {
            "action": action.name,
            "from": _from(action),
            "to": _to(action),
            "who": least_role(action),
            "lock": "stops it" if action.lock else "",
            "summary": action.summary,
        }
        for action in ACTIONS.values()
    ]


def page(name: str) -> Page:
    """Everything about one action."""
    action, lesson = ACTIONS[name], lessons()[name]
    return {
        "action": action.name,
        "summary": action.summary,
        "does": lesson.does,
        "command": command(action),
        "request": request(action),
        "policy": action.policy,
        "allowed": allowed(action),
        "statuses": statuses(action),
        "task_states": None if action.task_states is None else sorted(action.task_states, key=str),
        "lock": LOCKS[action.lock],
        "conditions": list(conditions(action)),
        "phases": [_phase(phase) for phase in action.phases],
        "seconds": round(sum(phase.seconds for phase in action.phases), 3),
        "ends": [shown_status(end, None) for end in ends(action)],
        "fails": next((shown_status(end, None) for end in action.failure_states), None),
        "code": action.code,
        "refusals": refusals(action),
        "microversions": [f"2.{action.since}", f"2.{min(action.until, NEWEST)}"],
        "recorded": action.log_name or None,
        "wrong": list(lesson.wrong),
        "differs": lesson.differs or None,
        "source": action.source,
    }


def command(action: Action) -> str | None:
    """The command that asks for it; None for what only the API has."""
    words = COMMANDS.get(action.name, f"{action.name} {{}}")
    return f"novasim {words.format('SERVER')}" if words else None


def request(action: Action) -> str:
    """The request that it is."""
    chosen = {action.selector[0]: action.selector[1]} if action.selector else "..."
    body = f' {{"{action.api}": {chosen}}}'.replace("'", '"') if action.api else ""
    return f"{action.method} {action.path}{body}"


def statuses(action: Action) -> list[str] | None:
    """The statuses in which it is accepted, without a task; None if it does not matter."""
    return None if action.vm_states is None else sorted(shown_status(state, None) for state in action.vm_states)


def ends(action: Action) -> list[str]:
    """The vm_states in which it can end; none if it leaves the state as it is."""
    return list(dict.fromkeys([*([action.ends] if action.ends else []), *action.other_ends.values()]))


def conditions(action: Action) -> list[str]:
    """What is asked beside lock and state, in plain words."""
    found = ["The server is on a host."] if action.needs_host else []
    found += ["The server has run before."] if action.must_have_launched else []
    return found + [check.requires for check in (*action.first_checks, *action.checks)]


def refusals(action: Action) -> list[int]:
    """The HTTP codes with which the action can be refused."""
    codes = {403, 404, *(check.code for check in (*action.first_checks, *action.checks))}
    if action.api:
        codes.add(400)
    if action.vm_states is not None or action.task_states is not None or action.lock or action.needs_host:
        codes.add(409)
    return sorted(codes)


def _phase(phase: Phase) -> Page:
    return {"task_state": phase.task_state, "seconds": phase.seconds, "grows_with": GROWS.get(phase.grows_with)}


def _from(action: Action) -> str:
    known = statuses(action)
    return "any" if known is None else ", ".join(known)


def _to(action: Action) -> str:
    return " or ".join(shown_status(end, None) for end in ends(action)) or "="

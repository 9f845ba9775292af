"""A status, a task_state or a code explained: how one gets in, what is possible there, how one gets out."""

from __future__ import annotations

from typing import Any

from novasim.errors import EXIT_BY_HTTP, FAULT_BY_HTTP
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import accepted_during, accepted_in
from novasim.lifecycle.status import resting_state, shown_status, states_of
from novasim.teach import about_actions
from novasim.teach.words import codes, statuses, task_states

Page = dict[str, Any]


def status_page(status: str) -> Page:
    """Everything about a status."""
    rests = resting_state(status)
    return {
        "status": status,
        "meaning": statuses.MEANINGS[status],
        "lasts": rests is not None,
        "behind": pairs_behind(status),
        "in": ways_in(status),
        "failing": failing_into(status),
        "possible": possible(rests) if rests else possible_meanwhile(status),
        "out": ways_out(rests) if rests else [],
    }


def pairs_behind(status: str) -> list[Page]:
    """The pairs of vm_state and task_states that show as the status; None is every task_state that shows no other."""
    return [
        {"vm_state": vm_state, "task_states": None if tasks is None else sorted(map(str, tasks))}
        for vm_state, tasks in sorted(states_of(status).items())
    ]


def ways_in(status: str) -> list[str]:
    """The actions that lead to the status, or that show it while they run."""
    rests = resting_state(status)
    if rests is None:
        return [action.name for action in ACTIONS.values() if status in _shown_during(action)]
    return [action.name for action in ACTIONS.values() if rests in about_actions.ends(action)]


def failing_into(status: str) -> list[str]:
    """The actions that leave a server in the status when they fail."""
    rests = resting_state(status)
    return [action.name for action in ACTIONS.values() if rests in action.failure_states]


def possible(vm_state: str) -> list[str]:
    """The actions that are accepted in a vm_state when there is no task, as far as the state tells."""
    return [action.name for action in accepted_in(vm_state)]


def possible_meanwhile(status: str) -> list[str]:
    """The actions that are accepted in every pair behind a status that only passes."""
    tasks_of_a_build = ACTIONS["create"].shown_task_states
    pairs = [(vm, task) for vm, tasks in states_of(status).items() for task in tasks or tasks_of_a_build if task]
    sets = [{action.name for action in accepted_in(vm) if action in accepted_during(task)} for vm, task in pairs]
    return [name for name in ACTIONS if all(name in accepted for accepted in sets)]


def ways_out(vm_state: str) -> list[Page]:
    """The actions that lead elsewhere from a vm_state, and where to."""
    found = []
    for name in possible(vm_state):
        elsewhere = [end for end in ACTIONS[name].end_states(vm_state) if end != vm_state]
        if elsewhere:
            found.append({"action": name, "to": [shown_status(end, None) for end in elsewhere]})
    return found


def task_page(task_state: str) -> Page:
    """Everything about a task_state."""
    return {
        "task_state": task_state,
        "meaning": task_states.MEANINGS[task_state],
        "actions": [action.name for action in ACTIONS.values() if action.may_show(task_state)],
        "statuses": sorted({shown_status(vm, task_state) for vm in _vm_states_with(task_state)}),
        "accepted": [action.name for action in accepted_during(task_state) if action.task_states is not None],
        "always": [action.name for action in accepted_during(task_state) if action.task_states is None],
    }


def code_page(code: int) -> Page:
    """Everything about an HTTP code."""
    known = codes.CODES[code]
    accepted = code < 300
    return {
        "code": code,
        "meaning": known.means,
        "helps": known.helps or None,
        "fault": FAULT_BY_HTTP.get(code),
        "exit_code": 0 if accepted else EXIT_BY_HTTP.get(code, 1),
        "actions": [
            a.name for a in ACTIONS.values() if code == a.code or (not accepted and code in about_actions.refusals(a))
        ],
    }


def _shown_during(action: Action) -> set[str]:
    begins = action.vm_states or (("building",) if action.name == "create" else ())
    return {shown_status(vm_state, task) for vm_state in begins for task in action.shown_task_states}


def _vm_states_with(task_state: str) -> set[str]:
    found: set[str] = set()
    for action in ACTIONS.values():
        if action.may_show(task_state):
            found |= {"building"} if action.name == "create" else set(action.vm_states or ("active",))
    return found

"""
Pages about statuses, task_states, HTTP codes, subjects and terms.

They list the actions that lead to a state, are accepted in it, and leave it.
"""

from __future__ import annotations

from typing import Any

from novasim.errors import FAULT_BY_HTTP, exit_code_for
from novasim.lifecycle.action import Action
from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import actions_accepted_during, actions_accepted_in
from novasim.lifecycle.status import stable_state_of, states_of, status_of
from novasim.records import Server
from novasim.teach import action_pages
from novasim.teach.words import codes, statuses, task_states
from novasim.teach.words.subjects import read_subjects, read_terms

Page = dict[str, Any]
FIRST_VM_STATE = Server.vm_state  # of a new server
DEFAULT_VM_STATE = "active"  # in which an action without states of its own is shown


def describe_status(status: str) -> Page:
    """Everything about a status."""
    vm_state = stable_state_of(status)
    return {
        "status": status,
        "meaning": statuses.MEANINGS[status],
        "lasts": vm_state is not None,
        "behind": list_pairs(status),
        "in": list_actions_to(vm_state) if vm_state else list_actions_showing(status),
        "failing": list_actions_failing_to(status),
        "possible": list_accepted_actions(vm_state) if vm_state else list_accepted_actions_during(status),
        "out": list_exits(vm_state) if vm_state else [],
        "differs": [statuses.DIFFERENCES[status]] if status in statuses.DIFFERENCES else [],
    }


def list_pairs(status: str) -> list[Page]:
    """The pairs of vm_state and task_states that show as the status; None is every task_state that shows no other."""
    return [
        {"vm_state": vm_state, "task_states": None if tasks is None else sorted(map(str, tasks))}
        for vm_state, tasks in sorted(states_of(status).items())
    ]


def list_actions_to(vm_state: str) -> list[str]:
    """The actions that end in a vm_state."""
    return [action.name for action in ACTIONS.values() if vm_state in action_pages.end_states(action)]


def list_actions_showing(status: str) -> list[str]:
    """The actions during which a server shows the status."""
    return [action.name for action in ACTIONS.values() if status in _statuses_during(action)]


def list_actions_failing_to(status: str) -> list[str]:
    """The actions that leave a server in the status when they fail."""
    vm_state = stable_state_of(status)
    return [action.name for action in ACTIONS.values() if vm_state in action.failure_states]


def list_accepted_actions(vm_state: str) -> list[str]:
    """The actions that a vm_state allows on a server without a task."""
    return [action.name for action in actions_accepted_in(vm_state)]


def list_accepted_actions_during(status: str) -> list[str]:
    """The actions that are accepted in every pair behind a transitional status."""
    building_tasks = ACTIONS["create"].shown_task_states
    pairs = [(vm, task) for vm, tasks in states_of(status).items() for task in tasks or building_tasks if task]
    sets = [
        {action.name for action in actions_accepted_in(vm) if action in actions_accepted_during(task)}
        for vm, task in pairs
    ]
    return [name for name in ACTIONS if all(name in accepted for accepted in sets)]


def list_exits(vm_state: str) -> list[Page]:
    """The actions that lead from a vm_state to others, and to which."""
    exits = []
    for name in list_accepted_actions(vm_state):
        ends = [end for end in ACTIONS[name].end_states(vm_state) if end != vm_state]
        if ends:
            exits.append({"action": name, "to": [status_of(end, None) for end in ends]})
    return exits


def describe_task_state(task_state: str) -> Page:
    """Everything about a task_state."""
    accepted = actions_accepted_during(task_state)
    return {
        "task_state": task_state,
        "meaning": task_states.MEANINGS[task_state],
        "actions": [action.name for action in ACTIONS.values() if action.may_show(task_state)],
        "statuses": sorted({status_of(vm, task_state) for vm in _vm_states_with(task_state)}),
        "accepted": [action.name for action in accepted if action.task_states is not None],
        "always": [action.name for action in accepted if action.task_states is None],
    }


def describe_code(code: int) -> Page:
    """Everything about an HTTP code."""
    words = codes.CODES[code]
    is_success = code < 300
    return {
        "code": code,
        "meaning": words.meaning,
        "helps": words.remedy or None,
        "fault": FAULT_BY_HTTP.get(code),
        "exit_code": 0 if is_success else exit_code_for(code),
        "actions": [
            action.name
            for action in ACTIONS.values()
            if code == action.success_code or (not is_success and code in action_pages.refusal_codes(action))
        ],
    }


def describe_subject(name: str) -> Page:
    """Everything about a subject that is no action, such as filters."""
    lesson = read_subjects()[name]
    return {"subject": name, "meaning": lesson.does, "notes": list(lesson.notes), "differs": list(lesson.differs)}


def describe_term(name: str) -> Page:
    """The meaning of a term of the glossary."""
    return {"term": name, "meaning": read_terms()[name]}


def describe_glossary() -> Page:
    """Every term and subject with its meaning, by name."""
    subjects = {name: lesson.does.partition(". ")[0].rstrip(".") + "." for name, lesson in read_subjects().items()}
    meanings = subjects | read_terms()
    return {"glossary": [{"term": name, "meaning": meanings[name]} for name in sorted(meanings, key=str.lower)]}


def _statuses_during(action: Action) -> set[str]:
    starts = action.vm_states or (() if action.acts_on_server else (FIRST_VM_STATE,))
    return {status_of(vm_state, task) for vm_state in starts for task in action.shown_task_states}


def _vm_states_with(task_state: str) -> set[str]:
    vm_states: set[str] = set()
    for action in ACTIONS.values():
        if action.may_show(task_state):
            default = DEFAULT_VM_STATE if action.acts_on_server else FIRST_VM_STATE
            vm_states |= set(action.vm_states or (default,))
    return vm_states

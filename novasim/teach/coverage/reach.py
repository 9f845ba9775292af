"""What a script could not have met: a role that no caller has, an option that is off, a microversion never used."""

from __future__ import annotations

from collections.abc import Set

from novasim.api.callers import expand_roles
from novasim.lifecycle.actions import ACTIONS
from novasim.scenarios.paths import OPTIONS, TIMED
from novasim.teach.coverage.counter import Evidence
from novasim.teach.coverage.items import ACTION, CHECK, MICROVERSION, ROLE, TASK, Item
from novasim.teach.graph.edges import privileged_role, resting_status
from novasim.teach.rights import lowest_role

NEEDS_ACCEPTANCE = frozenset({ACTION, CHECK, TASK})  # dimensions without a status that need an accepted one
OPTION_OF_STATUS = {status: next(iter(options)) for status, options in OPTIONS.items() if status in TIMED}


def explain_unreachable(item: Item, evidence: Evidence) -> str:
    """Why the requests and callers of a record cannot meet an item; "" if they can."""
    if item.dimension == MICROVERSION:
        return "" if any(_is_in(item.detail, minor) for minor in evidence.minors) else f"no request {item.detail}"
    return _explain_role(item, evidence) or _explain_option(item, evidence)


def _is_in(bound: str, minor: int) -> bool:
    """Whether a microversion is in "before 2.N" or "after 2.N"."""
    word, _, version = bound.partition(" ")
    limit = int(version.removeprefix("2."))
    return minor < limit if word == "before" else minor > limit


def _explain_role(item: Item, evidence: Evidence) -> str:
    row = ACTIONS[item.action]
    callers = [expand_roles(roles) for roles in evidence.roles]
    if item.dimension == ROLE:
        role = lowest_role(row)
        return f"no caller without the role {role}" if all(role in roles for roles in callers) else ""
    role = privileged_role(row)
    return f"no caller with the role {role}" if role and not any(role in roles for roles in callers) else ""


def _explain_option(item: Item, evidence: Evidence) -> str:
    off = {
        status: option
        for status, option in OPTION_OF_STATUS.items()
        if status not in evidence.statuses and option not in evidence.options
    }
    found = [off[status] for status in (item.source, item.target) if status in off]
    if not found and item.dimension in NEEDS_ACCEPTANCE:
        found = _find_required(item.action, off.keys(), off)
    return f"the option {found[0]} is not set" if found else ""


def _find_required(action: str, missing: Set[str], options: dict[str, str]) -> list[str]:
    """The options without which no server is in a status that accepts an action."""
    accepting = {resting_status(vm_state) for vm_state in ACTIONS[action].vm_states or ()}
    return [options[status] for status in sorted(accepting)] if accepting and accepting <= missing else []

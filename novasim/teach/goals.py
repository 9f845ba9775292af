"""Plans that end in a status."""

from __future__ import annotations

from novasim.errors import Conflict
from novasim.lifecycle.status import stable_state_of
from novasim.teach.plans import Plan, plan_to_state
from novasim.teach.reasons import explain_cell_down
from novasim.teach.situation import Situation
from novasim.teach.state_pages import list_actions_showing
from novasim.teach.verdicts import explain_unreachable


def find_plan(situation: Situation, status: str) -> Plan:
    """
    Find a plan that ends in a status.

    Raises:
        Conflict: No plan leads there; the message says why.
    """
    if situation.is_cell_down:
        raise Conflict(reason=explain_cell_down(situation))
    vm_state = stable_state_of(status)
    if vm_state and (found := plan_to_state(situation, vm_state)):
        return found
    showing = [] if vm_state else list_actions_showing(status)
    raise Conflict(reason=explain_unreachable(situation, status, showing))

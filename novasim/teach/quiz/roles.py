"""Questions about roles: which role an action needs, and which action needs a role."""

from __future__ import annotations

from itertools import count

from novasim.lifecycle.actions import ACTIONS
from novasim.teach.quiz.laboratory import ADMIN, ASKED, WAYS, Laboratory
from novasim.teach.quiz.question import Chance, Question, build_question, find_case
from novasim.teach.rights import ROLES, lowest_role

ASKED_OF = (*ASKED, "inject-network-info", "reset-state")
ASKABLE = ROLES[1:]  # no action of these is for readers
WORDS = {
    "member": "may a member of its project request",
    "manager": "may a manager of its project request, but not a member",
    "admin": "may only an administrator request",
}
INCLUDED = "Each role includes those before it: reader, member, manager, admin."


def ask_role(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask for the role that an action needs, or for the action that needs a role. Each role is as likely as another."""
    role = chance.choose(ASKABLE)
    return chance.choose((_ask_for_role, _ask_for_action, _ask_for_action))(lab, chance, role)


def _ask_for_role(lab: Laboratory, chance: Chance, role: str) -> Question | None:
    actions = [action for action in ASKED_OF if lowest_role(ACTIONS[action]) == role]
    tries = ((chance.choose(list(WAYS)), chance.choose(actions)) for _ in count())
    found = find_case(tries, lambda case: find_lowest_role(lab, *case) == role)
    if found is None:
        return None
    status, action = found
    return build_question(
        chance,
        "role",
        f"A server is {status}. Which is the lowest role in its project that may request {action}?",
        role,
        ROLES,
        [_explain(action, role), INCLUDED],
        f"novasim explain {action}",
        order=ROLES,
    )


def _ask_for_action(lab: Laboratory, chance: Chance, role: str) -> Question | None:
    status = chance.choose(list(WAYS))
    roles = {action: found for action in ASKED_OF if (found := find_lowest_role(lab, status, action))}
    matching = [action for action, found in roles.items() if found == role]
    if not matching:
        return None
    right = chance.choose(matching)
    return build_question(
        chance,
        "role",
        f"A server is {status}. Which of these actions {WORDS[role]}?",
        right,
        [action for action, found in roles.items() if found != role],
        [_explain(right, role), INCLUDED],
        f"novasim explain {right}",
    )


def _explain(action: str, lowest: str) -> str:
    return f"These roles may request {action}: {', '.join(ROLES[ROLES.index(lowest) :])}."


def find_lowest_role(lab: Laboratory, status: str, action: str) -> str:
    """
    The lowest role that may request an action, found by requests; "" if the action is not accepted in the status.

    The roles are tried from that of the table, so that few requests are needed.
    """
    if not lab.outcome(status, action, ADMIN).is_accepted:
        return ""
    place = ROLES.index(lowest_role(ACTIONS[action]))
    permitted = [
        role for role in ROLES[max(0, place - 1) :] if lab.outcome(status, action, f"role:{role}").is_permitted
    ]
    return next(iter(permitted), "")

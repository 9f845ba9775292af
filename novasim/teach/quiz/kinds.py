"""Kinds of questions about one request: is it accepted, with which code, where does it end, who may."""

from __future__ import annotations

from itertools import count

from novasim.lifecycle.actions import ACTIONS
from novasim.lifecycle.plan import accepted_vm_states
from novasim.lifecycle.status import status_of
from novasim.teach.quiz.laboratory import ADMIN, ASKED, GONE, NAME, OWNER, WAYS, Laboratory, Outcome
from novasim.teach.quiz.question import Chance, Question, build_question, find_case

ACCEPTED, REFUSED = "accepted", "refused"
AGREES = "Here the page is right; in many other lines it differs from Nova."
DIFFERS = "The page is wrong here, as in many other lines."
ORDER = (ACCEPTED, REFUSED, "Yes.", "No.")  # of the answers that are always the same
REASONS = {
    "vm_state": "409: the state of the server",
    "task_state": "409: the server is busy",
    "lock": "409: the lock",
    "no_host": "409: the server is on no host",
    "policy": "403: the role of the caller",
}
# The states that Nova's page about states requires. Source: doc/source/reference/vm-states.rst.
REFERENCE = {
    "pause": ("ACTIVE", "SHUTOFF", "RESCUE"),
    "suspend": ("ACTIVE", "SHUTOFF"),
    "rescue": ("ACTIVE", "SHUTOFF"),
    "rebuild": ("ACTIVE", "SHUTOFF"),
    "stop": ("ACTIVE", "SHUTOFF", "RESCUE"),
    "reboot": ("ACTIVE", "SHUTOFF", "RESCUE"),
    "revert-resize": ("ACTIVE", "SHUTOFF"),
    "confirm-resize": ("ACTIVE", "SHUTOFF"),
    "create-backup": ("ACTIVE", "SHUTOFF"),
    "create-image": ("ACTIVE", "SHUTOFF"),
    "resize": ("ACTIVE", "SHUTOFF"),
    "change-password": ("ACTIVE",),
}


def describe_states(action: str) -> str:
    """The statuses in which an action is accepted, as a sentence."""
    states = [status_of(state, None) for state in accepted_vm_states(ACTIONS[action])]
    return f"{action} is accepted in {', '.join(states)}." if states else f"{action} does not depend on the status."


def describe_answer(action: str, outcome: Outcome) -> str:
    """Nova's answer, as a sentence."""
    if outcome.is_accepted:
        end = "is deleted" if outcome.status == GONE else f"is {outcome.status}"
        return f"Nova answers {outcome.code}; in the end {NAME} {end}."
    return f"Nova answers {outcome.code}: {outcome.message}"


def _pick(chance: Chance) -> tuple[str, str]:
    return chance.choose(list(WAYS)), chance.choose(ASKED)


def _explain_refusal(action: str, outcome: Outcome) -> str:
    """What decided about an answer: the lock, the role or the state."""
    if outcome.check == "lock":
        return "Nova checks the lock before the state."
    if outcome.check == "policy":
        return "Nova checks the role before anything else."
    return describe_states(action)


def ask_accepted(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask whether an action is accepted in a status."""
    is_right = chance.choose((True, False))
    cases = (_try_request(lab, *_pick(chance)) for _ in count())
    found = find_case(cases, lambda case: case[3].is_accepted is is_right)
    if found is None:
        return None
    status, action, who, outcome = found
    right, wrong = (ACCEPTED, REFUSED) if outcome.is_accepted else (REFUSED, ACCEPTED)
    by = "" if who == OWNER else ", and the administrator requests it"
    return build_question(
        chance,
        "accepted",
        f"{NAME} is {status}{by}. Is {action} accepted?",
        right,
        [wrong],
        [describe_answer(action, outcome), describe_states(action)],
        f"novasim explain {action}",
        order=ORDER,
    )


def _try_request(lab: Laboratory, status: str, action: str) -> tuple[str, str, str, Outcome]:
    """A request of the owner, or of the administrator if the owner has not the role; and its outcome."""
    who = OWNER if lab.outcome(status, action).check != "policy" else ADMIN
    return status, action, who, lab.outcome(status, action, who)


def ask_code(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask which code a request gets, and why. Each answer is as likely as another."""
    wanted = chance.choose(("", "vm_state", "lock", "policy"))
    cases = ((*_pick(chance), chance.choose((True, False))) for _ in count())
    found = find_case(cases, lambda case: lab.outcome(*case[:2], OWNER, case[2]).check == wanted)
    if found is None:
        return None
    status, action, locked = found
    outcome = lab.outcome(status, action, OWNER, locked)
    state = f"{status}, and its owner has locked it" if locked else status
    return build_question(
        chance,
        "code",
        f"{NAME} is {state}. Its owner, an ordinary member of the project, requests {action}. What is the answer?",
        REASONS.get(wanted, ACCEPTED),
        [ACCEPTED, *REASONS.values(), "404: there is no such server", "410: Nova has removed the action"],
        [describe_answer(action, outcome), _explain_refusal(action, outcome)],
        f"novasim explain {action}",
    )


def ask_end(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask in which status an action ends."""
    end = chance.choose(sorted(set(lab.edges.values())))
    status, action = chance.choose(sorted(edge for edge, other in lab.edges.items() if other == end))
    near = [other for (source, _), other in lab.edges.items() if source == status]
    return build_question(
        chance,
        "end",
        f"{NAME} is {status}, and {action} is accepted. What is the status when all tasks have ended?",
        end,
        [*near, status, *(other for other in WAYS if len(near) < 3)],
        [f"{action} leads from {status} to {end}.", describe_states(action)],
        f"novasim explain {action}",
    )


def ask_possible(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask which of several actions is accepted in a status."""
    status = chance.choose(list(WAYS))
    accepted = [action for action in ASKED if lab.outcome(status, action).is_accepted]
    refused = [action for action in ASKED if lab.outcome(status, action).is_refused_by_state]
    right = chance.choose(accepted)
    return build_question(
        chance,
        "possible",
        f"{NAME} is {status}. Which of these actions is accepted?",
        right,
        refused,
        [describe_answer(right, lab.outcome(status, right)), describe_states(right)],
        f"novasim explain {status}",
    )


def ask_lock(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask which of several actions a lock stops."""
    status = chance.choose(("ACTIVE", "SHUTOFF", "PAUSED", "SHELVED", "RESCUE"))
    unlocked = [action for action in ASKED if lab.outcome(status, action).is_accepted]
    stopped = [action for action in unlocked if not lab.outcome(status, action, OWNER, True).is_accepted]
    others = [action for action in unlocked if action not in stopped]
    right = chance.choose(stopped)
    return build_question(
        chance,
        "lock",
        f"{NAME} is {status}, and its owner has locked it. Which of these requests of the owner does the lock stop?",
        right,
        others,
        [describe_answer(right, lab.outcome(status, right, OWNER, True)), "A lock does not stop administrators."],
        f"novasim explain {right}",
    )


def ask_reference(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask whether a line of Nova's reference is right."""
    right = chance.choose(("Yes.", "No."))
    cases = (_compare_reference(lab, chance) for _ in count())
    found = find_case(cases, lambda case: case[2] is (right == "Yes."))
    if found is None:
        return None
    action, status, is_right = found
    claims, outcome = status in REFERENCE[action], lab.outcome(status, action)
    says = "names" if claims else "does not name"
    return build_question(
        chance,
        "reference",
        f"Nova's page about states {says} {status} among the states in which {action} is accepted. Is it right?",
        right,
        ["Yes.", "No."],
        [describe_answer(action, outcome), describe_states(action), AGREES if is_right else DIFFERS],
        f"novasim explain {action}",
        order=ORDER,
    )


def _compare_reference(lab: Laboratory, chance: Chance) -> tuple[str, str, bool]:
    """An action, a status, and whether Nova's page is right about them."""
    action = chance.choose(list(REFERENCE))
    status = chance.choose(("ACTIVE", "SHUTOFF", "RESCUE", "ERROR", "PAUSED", "SUSPENDED", "VERIFY_RESIZE"))
    return action, status, (status in REFERENCE[action]) is lab.outcome(status, action).is_accepted

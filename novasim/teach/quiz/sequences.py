"""Kinds of questions about several requests: traces, the shortest way, what to do first, pictures, busy servers."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import count

from novasim.lifecycle.actions import ACTIONS
from novasim.teach.commands import command_words
from novasim.teach.quiz.kinds import ACCEPTED, ORDER, REFUSED, describe_answer, describe_states
from novasim.teach.quiz.laboratory import ASKED, GONE, NAME, WAYS, Laboratory, Outcome
from novasim.teach.quiz.question import Chance, Question, build_question, find_case

TRACED = tuple(
    "stop start reboot pause unpause suspend resume shelve unshelve rescue unrescue lock unlock hard-reboot "
    "resize confirm-resize revert-resize".split()
)
BUSY = ("stop", "reboot", "pause", "suspend", "resize", "shelve", "rescue", "hard-reboot")
STEPS = 4  # of a trace
FREQUENT = ("ACTIVE",)  # the status in which most traces end
RARE = tuple(status for status in WAYS if status not in FREQUENT)
ATTEMPTS = 60  # at a sequence with the wanted property


def _line(action: str) -> str:
    options = {"flavor": "m1.small"} if ACTIONS[action].plan_arguments else {}
    return " ".join(["novasim", *command_words(ACTIONS[action], NAME, options)])


def _block(actions: tuple[str, ...]) -> str:
    return "\n".join(f"    {_line(action)}" for action in actions)


def _choose_steps(
    lab: Laboratory, chance: Chance, refusals: int, ends: Sequence[str]
) -> tuple[str, tuple[str, ...]] | None:
    """A status and four actions, no action twice, of which so many are refused, and which end in one of *ends*."""
    for _ in range(ATTEMPTS):
        status = chance.choose(("ACTIVE", "SHUTOFF", "PAUSED"))
        actions: tuple[str, ...] = ()
        present, refused = status, 0
        while len(actions) < STEPS:
            usable = [name for name in TRACED if name not in actions]
            action = chance.choose(usable)
            if refused >= refusals and (present, action) not in lab.edges:
                likely = [name for name in usable if (present, name) in lab.edges]
                action = chance.choose(likely or usable)
            actions = (*actions, action)
            outcome = lab.run(status, actions)[-1]
            present, refused = outcome.status, refused + (not outcome.is_accepted)
        if refused == refusals and present in ends:
            return status, actions
    return None


def ask_list(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask what list shows after four commands."""
    ends = chance.choose((FREQUENT, RARE, RARE))
    found = _choose_steps(lab, chance, chance.choose((0, 1, 2)), ends)
    if found is None:
        return None
    status, actions = found
    outcomes = lab.run(status, actions)
    passed = [outcome.status for outcome in outcomes]
    said = [f"{action}: {outcome.code}, {outcome.status}" for action, outcome in zip(actions, outcomes, strict=True)]
    return build_question(
        chance,
        "list",
        f"{NAME} is {status}. Each command is run when the one before it has ended:\n{_block(actions)}\n"
        "Which status does novasim list show then?",
        passed[-1],
        [*passed, status, *WAYS],
        ["; ".join(said) + "."],
        f"novasim explain {passed[-1]}",
    )


def ask_refused(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask which of four commands is refused."""
    found = _choose_steps(lab, chance, 1, (*FREQUENT, *RARE))
    if found is None:
        return None
    status, actions = found
    outcomes = lab.run(status, actions)
    place = next(place for place, outcome in enumerate(outcomes) if not outcome.is_accepted)
    return build_question(
        chance,
        "refused",
        f"{NAME} is {status}. Each command is run when the one before it has ended:\n{_block(actions)}\n"
        "Exactly one of them is refused. Which one?",
        actions[place],
        [action for action in actions if action != actions[place]],
        [describe_answer(actions[place], outcomes[place]), describe_states(actions[place])],
        f"novasim explain {actions[place]}",
    )


def shortest_ways(lab: Laboratory, start: str, goal: str) -> list[tuple[str, ...]]:
    """All shortest sequences of actions of the owner that lead from one status to another."""
    queue: deque[tuple[str, tuple[str, ...]]] = deque([(start, ())])
    found: list[tuple[str, ...]] = []
    while queue:
        status, way = queue.popleft()
        if found and len(way) >= len(found[0]):
            break
        for (source, action), end in lab.edges.items():
            if source != status or end == GONE or len(way) >= STEPS:
                continue
            if end == goal:
                found.append((*way, action))
            elif end in WAYS:
                queue.append((end, (*way, action)))
    shortest = min(map(len, found), default=0)
    return [way for way in found if len(way) == shortest]


def ask_path(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask for the shortest way from one status to another."""
    start, goal = chance.choose(list(WAYS)), chance.choose(list(WAYS))
    ways = shortest_ways(lab, start, goal) if start != goal else []
    if len(ways) != 1 or not _leads_to(lab, start, ways[0], goal):
        return None
    right = ways[0]
    what = "action leads" if len(right) == 1 else "actions lead"
    wrong = [way for way in _similar_ways(lab, chance, right) if not _leads_to(lab, start, way, goal)]
    return build_question(
        chance,
        "path",
        f"{NAME} is {start} and is to be {goal}. Which {what} there?",
        ", ".join(right),
        [", ".join(way) for way in wrong],
        [f"From {start}, {', then '.join(right)} leads to {goal}."],
        f"novasim graph --around {start}",
    )


def _similar_ways(lab: Laboratory, chance: Chance, right: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Ways that differ from the right one in one action."""
    names = sorted({action for _, action in lab.edges})
    ways = [right[:-1]] if len(right) > 1 else []
    ways += [(*right[:-1], name) for name in chance.shuffle(names)[:8]]
    return ways + [(name, *right[1:]) for name in chance.shuffle(names)[:8]]


def _leads_to(lab: Laboratory, start: str, way: tuple[str, ...], goal: str) -> bool:
    outcomes = lab.run(start, way)
    return all(outcome.is_accepted for outcome in outcomes) and outcomes[-1].status == goal


def ask_first(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask for the first command for a server in trouble."""
    status = chance.choose(("ERROR", "RESCUE", "SHELVED_OFFLOADED", "SHELVED", "SOFT_DELETED", "SUSPENDED", "PAUSED"))
    goal = chance.choose(("ACTIVE", "SHUTOFF"))
    ways = shortest_ways(lab, status, goal)
    if not ways:
        return None
    firsts = {way[0] for way in ways}
    right = chance.choose(sorted(firsts))
    wrong = [action for action in ASKED if lab.outcome(status, action).is_refused_by_state]
    return build_question(
        chance,
        "first",
        f"{NAME} is {status}, and its owner needs it {goal}. Which action comes first?",
        right,
        [action for action in wrong if action not in firsts],
        [describe_answer(right, lab.outcome(status, right)), describe_states(right)],
        f"novasim graph --around {status}",
    )


def ask_picture(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask which action belongs to an arrow of the picture."""
    (status, right), end = chance.choose(sorted(lab.edges.items()))
    if end == GONE:
        return None
    same = {action for (source, action), target in lab.edges.items() if (source, target) == (status, end)}
    others = sorted({action for _, action in lab.edges} - same)
    return build_question(
        chance,
        "picture",
        f"Which action belongs to this arrow?\n    [{status}] --?--> [{end}]",
        right,
        others,
        [f"{right} leads from {status} to {end}.", describe_states(right)],
        f"novasim graph --around {status}",
    )


def _is_answer(found: tuple[Outcome, Outcome, str], is_accepted: bool) -> bool:
    """Whether only the running task has settled that the second request is accepted, or refused."""
    begun, outcome, task = found
    return begun.is_accepted and bool(task) and outcome.is_settled_by_task and outcome.is_accepted is is_accepted


def ask_busy(lab: Laboratory, chance: Chance) -> Question | None:
    """Ask whether an action is accepted while another one runs."""
    is_right = chance.choose((True, False))
    cases = ((chance.choose(BUSY), chance.choose(ASKED)) for _ in count())
    found = find_case(cases, lambda case: _is_answer(lab.during("ACTIVE", *case), is_right))
    if found is None:
        return None
    first, second = found
    _, outcome, task = lab.during("ACTIVE", first, second)
    right, wrong = (ACCEPTED, REFUSED) if outcome.is_accepted else (REFUSED, ACCEPTED)
    answer = "Nova accepts it." if outcome.is_accepted else f"Nova answers {outcome.code}: {outcome.message}"
    return build_question(
        chance,
        "busy",
        f"{NAME} was ACTIVE. {first} has been accepted and is still running; the task_state is {task}. Is {second} "
        "accepted now?",
        right,
        [wrong],
        [answer, "A task_state blocks most actions until the task has ended."],
        f"novasim explain {task}",
        order=ORDER,
    )

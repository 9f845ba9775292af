"""How many commands the open goals need at least, by which a search leaves out states that lead nowhere."""

from __future__ import annotations

from novasim.teach.lessons.checks import Done, Never, Refused
from novasim.teach.lessons.evaluation import View, find_mismatch
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Playground


def count_needed(lesson: Lesson, playground: Playground) -> int:
    """
    The least number of commands that may close all open goals, if each acts on one server.

    A refusal closes only goals that ask for it. An accepted request is about one server, so servers add up.
    """
    with playground.view() as view:
        checks = [goal.check for goal in lesson.goals if find_mismatch(goal.check, view)]
        refusals = {(each.server, each.action, each.code) for each in checks if isinstance(each, Refused)}
        requests: dict[str, int] = {}
        for check in checks:
            if not isinstance(check, Refused | Never):
                name = getattr(check, "server", "")
                requests[name] = max(requests.get(name, 0), len(missing_actions(check, view)), 1)
    about_others = requests.pop("", 0)
    return len(refusals) + max(sum(requests.values()), about_others)


def missing_actions(check: object, view: View) -> list[str]:
    """The actions of a `done` check that are still to be taken, in order; empty for another check."""
    missing = list(check.actions) if isinstance(check, Done) else []
    for entry in view.accepted(check.server) if isinstance(check, Done) else ():
        if missing and entry.action == missing[0]:
            missing.pop(0)
    return missing

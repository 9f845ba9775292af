"""What a learner sees after each command in the shell of a lesson: the goals that have changed."""

from __future__ import annotations

import os
import sys
from typing import Any

from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.markdown import print_markdown
from novasim.cli.lessons.places import Place
from novasim.cli.lessons.workplace import LESSON, Workplace
from novasim.errors import NovasimError
from novasim.render.output import print_message
from novasim.teach.lessons.evaluation import is_broken_by
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.status import (
    BROKEN,
    DONE,
    NOT_YET,
    BusyServer,
    GoalStatus,
    is_solved,
)

MARKS = {DONE: "[x]", NOT_YET: "[.]", BROKEN: "[!]"}
OWNER = "demo"  # the default caller, whose steps undo takes back without --all


def report_progress() -> None:
    """Print the goals of the open lesson that have changed. An error is printed, and changes no exit code."""
    try:
        lesson = open_library().find(os.environ[LESSON])
        if os.environ.get("NOVASIM_CLOUD") == Workplace(lesson).path:
            update_progress(Workplace(lesson))
    except (NovasimError, OSError) as error:
        print_message(f"novasim: the lesson cannot be checked: {error}")


def update_progress(place: Place, is_silent: bool = False) -> list[GoalStatus]:
    """Keep which goals are done, and print what has changed since the last time."""
    statuses, busy = place.evaluate()
    before = place.keep(statuses)
    if not is_silent:
        _print_changes(place, statuses, before)
        if any(each.state == NOT_YET and each.number not in before["waiting"] for each in statuses):
            print_message(f"    {explain_wait(place.lesson, busy[0])}")
        if is_solved(statuses) and not before["ended"]:
            print_end(place)
    return statuses


def end_if_solved(place: Workplace) -> None:
    """Say that a lesson is solved whose last task has ended since the last command."""
    if not place.exists:
        return
    statuses, _ = place.evaluate()
    if not place.keep(statuses)["ended"] and is_solved(statuses):
        print_end(place, is_followed=True)


def _print_changes(place: Place, statuses: list[GoalStatus], before: dict[str, Any]) -> None:
    done = sum(each.state == DONE and each.number in before["done"] for each in statuses)
    for each in statuses:
        was_done = each.number in before["done"]
        if each.state == DONE and not was_done:
            done += 1
            print_message(f"[x] {done} of {len(statuses)} goals done: {each.goal.text}")
        elif each.state == BROKEN and was_done:
            print_message(f"[!] Lost: {each.goal.text}")
            print_message(f"    {each.reason}")
            print_message(f"    {describe_undo(place)}")
        elif each.state == NOT_YET and each.number not in before["waiting"]:
            print_message(f"[.] Not yet: {each.goal.text}")
        elif each.state != DONE and was_done:
            print_message(f"[ ] Open again: {each.goal.text}")


def describe_undo(place: Place) -> str:
    """How to take back an action that a goal forbids, which takes back all steps after it, too."""
    with place.view() as view:
        accepted = [entry for entry in view.entries if entry.is_accepted]
    goals = place.lesson.goals
    broken = (at for at, entry in enumerate(accepted) if any(is_broken_by(goal.check, entry) for goal in goals))
    later = accepted[next(broken, 0) :]
    count = len({entry.step for entry in later})
    more = ", and what you have done since" if count > 1 else ""
    options = f" {count}" * (count > 1) + " --all" * any(entry.user not in ("", OWNER) for entry in later)
    return f"To take it back{more}: novasim undo{options}"


def list_ways_back(place: Place) -> list[str]:
    """What a learner can do who has lost a goal."""
    return [describe_undo(place)] * place.can_undo + ["To start again: novasim lesson reset"]


def mark_goal(status: GoalStatus) -> str:
    """A goal with its number and the mark of its state."""
    return f"{MARKS.get(status.state, '[ ]')} {status.number}. {status.goal.text}"


def explain_wait(lesson: Lesson, busy: BusyServer) -> str:
    """Which task closes goals by itself, how long it takes, and the command to wait."""
    command = f"novasim wait {busy.name} --for idle"
    if lesson.names_clock:
        command = f"novasim clock advance --until {busy.name}=idle"
    task = f" ({busy.task})" if busy.task else ""
    return f"{busy.name} is busy{task}, {busy.seconds:.1f} s more: {command}"


def print_end(place: Place, is_followed: bool = False) -> None:
    """
    Say that a lesson is solved, with how many commands, and print what to remember.

    Args:
        is_followed: Whether the next lesson follows at once. Otherwise the last line says how to continue.
    """
    lesson = place.lesson
    print_message(f"Solved. You needed {place.count_steps()} commands; the author needed {len(lesson.solution)}.")
    if lesson.afterwards:
        print_markdown(lesson.afterwards, sys.stderr)
    print_message("" if is_followed else place.ending)

"""The commands `lesson` and `lesson check`."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.lessons.feedback import keep_progress
from novasim.cli.lessons.workplace import Workplace, find_lesson
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.render.output import print_line
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.status import (
    BROKEN,
    DONE,
    NOT_YET,
    BusyServer,
    GoalStatus,
    find_busy_servers,
    find_status,
    is_solved,
)

STILL_RUNNING, GOALS_OPEN = 7, 11  # exit codes
MARKS = {DONE: "[x]", NOT_YET: "[.]", BROKEN: "[!]"}


@click.command()
@click.argument("lesson", required=False)
@output_options
@pass_session
def check(session: Session, lesson: str | None) -> None:
    """
    Check the goals of a lesson: done, not yet, or open and what is in the way.

    The exit code is 0 if all goals are done, 7 if running tasks will close all that are left, 11 otherwise.

    Example: novasim lesson check
    """
    found = find_lesson(lesson)
    statuses, busy = look(found)
    if session.has_default_output:
        print_statuses(found, statuses, busy)
    else:
        session.show_list([_describe(each) for each in statuses], {"No": "number", "Goal": "text", "State": "state"})
    click.get_current_context().exit(exit_code(statuses))


def look(lesson: Lesson) -> tuple[list[GoalStatus], list[BusyServer]]:
    """The status of each goal, and the busy servers. What has changed is kept."""
    place = Workplace(lesson)
    with place.view() as view:
        busy = find_busy_servers(view.world)
        statuses = find_status(lesson, view, place.playground(lets_time_pass=True) if busy else None)
        keep_progress(lesson, statuses, view, is_silent=True)
    return statuses, busy


def exit_code(statuses: list[GoalStatus]) -> int:
    """The answer of a check as an exit code."""
    if is_solved(statuses):
        return 0
    return STILL_RUNNING if all(each.state in (DONE, NOT_YET) for each in statuses) else GOALS_OPEN


def _describe(status: GoalStatus) -> dict[str, Any]:
    return {
        "number": status.number,
        "text": status.goal.text,
        "state": status.state,
        "check": status.goal.source,
        "reason": status.reason or None,
    }


def print_statuses(lesson: Lesson, statuses: list[GoalStatus], busy: list[BusyServer]) -> None:
    """Print each goal with its mark, and the reason why it is open."""
    done = sum(each.state == DONE for each in statuses)
    print_line(f"{lesson.title}: {done} of {len(statuses)} goals done")
    for each in statuses:
        print_line(f"{MARKS.get(each.state, '[ ]')} {each.number}. {each.goal.text}")
        if each.reason:
            print_line(f"       {each.reason}")
    if any(each.state == NOT_YET for each in statuses):
        print_line(_explain_wait(lesson, busy[0]))
    if any(each.state == BROKEN for each in statuses):
        print_line("[!] means: lost. To take the last command back: novasim undo. To start again: novasim lesson reset")
    elif not is_solved(statuses):
        print_line("For help: novasim lesson hint")


def _explain_wait(lesson: Lesson, busy: BusyServer) -> str:
    """Which task closes goals by itself, how long it takes, and the command to wait."""
    command = f"novasim wait {busy.name} --for idle"
    if lesson.names_clock:
        command = f"novasim clock advance --until {busy.name}=idle"
    task = f" ({busy.task})" if busy.task else ""
    return f"[.] means: not yet. {busy.name} is busy{task}, {busy.seconds:.1f} s to go: {command}"

"""The commands `lesson` and `lesson check`."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.lessons.feedback import explain_wait, list_ways_back, mark_goal, print_end
from novasim.cli.lessons.places import Place, find_place
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.render.output import print_line, print_wrapped
from novasim.teach.lessons.status import BROKEN, DONE, NOT_YET, BusyServer, GoalStatus, is_solved

STILL_RUNNING, GOALS_OPEN = 7, 11  # exit codes


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
    place = find_place(lesson)
    if session.has_default_output:
        statuses = report(place)
    else:
        statuses, _ = place.evaluate()
        session.show_list([_describe(each) for each in statuses], {"No": "number", "Goal": "text", "State": "state"})
    click.get_current_context().exit(exit_code(statuses))


def report(place: Place) -> list[GoalStatus]:
    """Print the status of each goal, and keep it."""
    statuses, busy = place.evaluate()
    before = place.keep(statuses)
    _print_statuses(place, statuses, busy)
    if is_solved(statuses):
        _print_end(place, has_ended=before["ended"])
    return statuses


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


def _print_statuses(place: Place, statuses: list[GoalStatus], busy: list[BusyServer]) -> None:
    """Print each goal with its mark, and the reason why it is open."""
    done = sum(each.state == DONE for each in statuses)
    print_line(f"{place.lesson.title}: {done} of {len(statuses)} goals done")
    for each in statuses:
        print_wrapped(mark_goal(each))
        if each.reason:
            print_wrapped(f"       {each.reason}")
    if any(each.state == NOT_YET for each in statuses):
        print_wrapped(f"[.] means: not yet. {explain_wait(place.lesson, busy[0])}")
    if any(each.state == BROKEN for each in statuses):
        for line in ("[!] means: lost.", *list_ways_back(place)):
            print_line(line)
    elif not is_solved(statuses):
        print_line("For help: novasim lesson hint")


def _print_end(place: Place, has_ended: bool) -> None:
    """Say how to continue; the first time also what to remember."""
    if has_ended:
        print_line(place.ending)
    else:
        print_end(place)

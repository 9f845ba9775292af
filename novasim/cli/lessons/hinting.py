"""The commands `lesson hint` and `lesson solution`."""

from __future__ import annotations

import sys

import click

from novasim.cli.lessons.feedback import CONTINUE, WAYS_BACK, keep_progress, look, print_end
from novasim.cli.lessons.markdown import print_markdown
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cli.lessons.workplace import Progress, Workplace, find_lesson
from novasim.records import Server
from novasim.render.output import print_line, print_wrapped
from novasim.teach.lessons.hints.ways import find_way
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.status import BROKEN, NOT_YET, find_busy_servers, is_solved
from novasim.teach.lessons.transitions import Transitions

RESET = "From here nothing leads to the goals. Start again: novasim lesson reset"
SOLUTION = "The solution is shown by: novasim lesson solution"


@click.command()
@click.argument("lesson", required=False)
def hint(lesson: str | None) -> None:
    """
    Show the next hint: first the written ones, and then the next command from where you are.

    Hints are counted, but cost nothing.

    Example: novasim lesson hint
    """
    found = find_lesson(lesson)
    statuses, _ = look(found)
    before = keep_progress(found, statuses)
    if is_solved(statuses):
        if before["ended"]:
            print_line(f"All goals are done. {CONTINUE}")
        else:
            print_end(found)
        return
    if any(each.state == BROKEN for each in statuses):
        for line in ("A goal is lost.", *WAYS_BACK):
            print_line(line)
        return
    progress = Progress()
    kept = progress.of(found.name)
    number = kept["hints"]
    kept["hints"] = number + 1
    progress.save()
    if number < len(found.hints):
        print_markdown(f"Hint {number + 1} of {len(found.hints)}: {found.hints[number]}", sys.stdout)
        return
    for line in _compute_hint(found, any(each.state == NOT_YET for each in statuses)).splitlines():
        print_wrapped(line)


def _compute_hint(lesson: Lesson, is_waiting: bool) -> str:
    """The next command from where the learner is, as the planner finds it."""
    place = Workplace(lesson)
    with place.view() as view:
        busy = find_busy_servers(view.world)
    if busy and is_waiting and not lesson.names_clock:
        return f"{busy[0].name} is busy; wait: novasim wait {busy[0].name} --for idle"
    start = place.playground(lets_time_pass=not lesson.names_clock)
    with isolated_process():
        way = find_way(lesson, start, Transitions(Runner.of_context()))
    if way is None:
        return RESET
    more = f"\n({len(way) - 1} more after it)" if len(way) > 1 else ""
    return f"{_describe_duplicates(place)}Next: {way[0].line}{more}" if way else SOLUTION


def _describe_duplicates(place: Workplace) -> str:
    """A sentence that names servers with the same name, which commands can tell apart only by ID; "" without such."""
    with place.view() as view:
        names = [each.name for each in view.world.tx.query(Server, {"deleted": False})]
    repeated = next((name for name in names if names.count(name) > 1), "")
    return f"{names.count(repeated)} servers are named {repeated}. " if repeated else ""


@click.command()
@click.argument("lesson", required=False)
def solution(lesson: str | None) -> None:
    """
    Show the author's solution of a lesson.

    Example: novasim lesson solution first-server
    """
    found = find_lesson(lesson)
    for command in found.solution:
        print_line(command.line)

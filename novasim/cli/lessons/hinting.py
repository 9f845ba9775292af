"""The commands `lesson hint` and `lesson solution`."""

from __future__ import annotations

import sys

import click

from novasim.cli.lessons.feedback import list_ways_back, print_end
from novasim.cli.lessons.markdown import print_markdown
from novasim.cli.lessons.places import Place, find_place
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.records import Server
from novasim.render.output import print_line, print_wrapped
from novasim.teach.lessons.hints.ways import find_way
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
    place = find_place(lesson)
    found = place.lesson
    statuses, _ = place.evaluate()
    before = place.keep(statuses)
    if is_solved(statuses):
        if before["ended"]:
            print_line(f"All goals are done. {place.ending}")
        else:
            print_end(place)
        return
    if any(each.state == BROKEN for each in statuses):
        for line in ("A goal is lost.", *list_ways_back(place)):
            print_line(line)
        return
    number = place.count_hint()
    if number < len(found.hints):
        print_markdown(f"Hint {number + 1} of {len(found.hints)}: {found.hints[number]}", sys.stdout)
        return
    for line in _compute_hint(place, any(each.state == NOT_YET for each in statuses)).splitlines():
        print_wrapped(line)


def _compute_hint(place: Place, is_waiting: bool) -> str:
    """The next command from where the learner is, as the planner finds it."""
    lesson = place.lesson
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


def _describe_duplicates(place: Place) -> str:
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
    for command in find_place(lesson).lesson.solution:
        print_line(command.line)

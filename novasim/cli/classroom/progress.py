"""The commands `classroom status` and `classroom proof`."""

from __future__ import annotations

from typing import Any

import click

from novasim.classroom.lessons import get_lesson
from novasim.classroom.marks import SHARED, Mark, encode_marks, mark_student, mark_without_proof
from novasim.classroom.room import Room
from novasim.classroom.status import (
    StudentStatus,
    count_done,
    count_refusals,
    describe_refusal,
    find_class_status,
    read_own_entries,
)
from novasim.cli.classroom.options import require_lesson, room_option
from novasim.cli.files import write_output
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner, isolated_process
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.render.output import print_message
from novasim.simulation.time import clock
from novasim.teach.lessons.lesson import Lesson

MARKS = {"done": "x", "not yet": ".", "broken": "!", "open": ""}


@click.command()
@room_option
@output_options
@pass_session
def status(session: Session, room: Room) -> None:
    """
    Show how far each student is: goals, since when nothing was done, hints and refusals.

    In the table, x means done, a dot that a running task closes the goal, and ! that it is lost.

    Example: novasim classroom status -f csv --room room
    """
    lesson = get_lesson(room, open_library())
    statuses = find_class_status(room, lesson)
    rows = [_describe(each, lesson, is_brief=session.fmt == "table") for each in statuses]
    session.show_list(rows, _columns(lesson, session.fmt == "table"), "student")
    if session.has_default_output:
        _print_summary(statuses, lesson)


def _columns(lesson: Lesson | None, is_brief: bool) -> dict[str, str]:
    goals = {f"{'' if is_brief else 'Goal '}{number}": f"goal_{number}" for number in _numbers(lesson)}
    stuck = {"Stuck for": "stuck_for"} if is_brief else {"Stuck since": "stuck_since", "Stuck for": "stuck_for"}
    after = {"Done": "done", **stuck, "Hints": "hints"} if lesson else {}
    problem = {} if is_brief else {"Problem": "problem"}
    who = {"Student": "student"} if is_brief else {"Student": "student", "Name": "full_name"}
    return {**who, **goals, **after, "Requests": "requests", "Refusals": "refusals", **problem}


def _numbers(lesson: Lesson | None) -> range:
    return range(1, len(lesson.goals) + 1 if lesson else 1)


def _describe(status: StudentStatus, lesson: Lesson | None, is_brief: bool) -> dict[str, Any]:
    seconds = None if status.stuck_since is None else max(0, round(clock.wall() - status.stuck_since))
    since = None if status.stuck_since is None else clock.format_time(status.stuck_since)[:19] + "Z"
    goals: dict[str, str | None] = {f"goal_{number}": None for number in _numbers(lesson)}
    goals |= {f"goal_{each.number}": MARKS[each.state] if is_brief else each.state for each in status.goals}
    return {
        "student": status.student.name,
        "full_name": status.student.full_name,
        **goals,
        "done": status.done,
        "stuck_since": since,
        "stuck_for": _format_duration(seconds) if is_brief else seconds,
        "hints": status.hints,
        "requests": status.requests,
        "refusals": status.refusals.total(),
        "most_frequent_refusal": _most_frequent([status]),
        "problem": status.problem or None,
    }


def _format_duration(seconds: int | None) -> str | None:
    if seconds is None:
        return None
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"


def _most_frequent(statuses: list[StudentStatus]) -> str | None:
    found = count_refusals(statuses).most_common(1)
    return describe_refusal(found[0][0]) if found else None


def _print_summary(statuses: list[StudentStatus], lesson: Lesson | None) -> None:
    if lesson:
        print_message(lesson.title)
        for number, (goal, done) in enumerate(zip(lesson.goals, count_done(statuses, lesson), strict=True), 1):
            print_message(f"  {number}. {goal.text}: {done} of {len(statuses)}")
    if refusal := _most_frequent(statuses):
        print_message(f"The most frequent refusal: {refusal}")
    for each in statuses:
        if each.problem:
            print_message(f"{each.student.name}: {each.problem}")


@click.command()
@click.option("-o", "--output", "file", metavar="FILE", default="-", help="Write to a new file instead of stdout.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@room_option
def proof(room: Room, file: str, force: bool) -> None:
    """
    Write marks: for each student the goals that are done, and the commands as a proof.

    'novasim lesson verify' runs the commands again. The proof of a student with other clients than novasim has the
    requests of these clients, as commands 'novasim request'. In a shared cloud there are no proofs: what requests do
    depends on those of other students.

    Example: novasim classroom proof --room room -o marks.json
    """
    lesson = require_lesson(room)
    marks = _mark_all(room, lesson)
    write_output(file, encode_marks(lesson, marks), force=force)
    if room.content.is_shared:
        print_message(f"The marks have no proofs. {SHARED}")
    for mark in marks:
        if mark.problem not in ("", SHARED):
            print_message(f"{mark.student}: {'' if mark.proof else 'no proof. '}{mark.problem}")


def _mark_all(room: Room, lesson: Lesson) -> list[Mark]:
    statuses = find_class_status(room, lesson)
    if room.content.is_shared:
        return [mark_without_proof(status) for status in statuses]
    marks, execute, known = [], Runner.of_context(), open_library().known
    for status in statuses:
        with isolated_process():
            marks.append(mark_student(status, read_own_entries(room, status.student), lesson, execute, known))
    return marks

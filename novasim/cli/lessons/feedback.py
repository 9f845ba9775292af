"""What a learner sees after each command in the shell of a lesson: the goals that have changed."""

from __future__ import annotations

import os
import sys
from typing import Any

from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.markdown import print_markdown
from novasim.cli.lessons.workplace import LESSON, PROMPT, Progress, Workplace
from novasim.errors import NovasimError
from novasim.fileutils import write_file
from novasim.render.output import print_message
from novasim.store.files import RECORD
from novasim.store.record_file import read_entries
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

MARKS = {DONE: "[x]", NOT_YET: "[.]", BROKEN: "[!]"}
WAYS_BACK = ("To take the last command back: novasim undo", "To start again: novasim lesson reset")
CONTINUE = "Continue with: novasim lesson next"


def report_progress() -> None:
    """Print the goals of the open lesson that have changed. An error is printed, and changes no exit code."""
    try:
        lesson = open_library().find(os.environ[LESSON])
        if os.environ.get("NOVASIM_CLOUD") == Workplace(lesson).path:
            update_progress(lesson)
    except (NovasimError, OSError) as error:
        print_message(f"novasim: the lesson cannot be checked: {error}")


def look(lesson: Lesson) -> tuple[list[GoalStatus], list[BusyServer]]:
    """The status of each goal, and the busy servers, the one that is busy longest first."""
    place = Workplace(lesson)
    with place.view() as view:
        busy = find_busy_servers(view.world)
        return find_status(lesson, view, place.playground(lets_time_pass=True) if busy else None), busy


def update_progress(lesson: Lesson, is_silent: bool = False) -> list[GoalStatus]:
    """Keep which goals are done, and print what has changed since the last time."""
    statuses, busy = look(lesson)
    before = keep_progress(lesson, statuses)
    if not is_silent:
        _print_changes(statuses, before)
        if any(each.state == NOT_YET and each.number not in before["waiting"] for each in statuses):
            print_message(f"    {explain_wait(lesson, busy[0])}")
        if is_solved(statuses) and not before["ended"]:
            print_end(lesson)
    return statuses


def keep_progress(lesson: Lesson, statuses: list[GoalStatus]) -> dict[str, Any]:
    """Keep which goals are done, and write the prompt. Returns what was kept before."""
    progress = Progress()
    kept = progress.of(lesson.name)
    before = dict(kept)
    done = [each.number for each in statuses if each.state == DONE]
    waiting = [each.number for each in statuses if each.state == NOT_YET]
    has_ended = is_solved(statuses)
    kept.update(done=done, waiting=waiting, ended=kept["ended"] or has_ended, solved=kept["solved"] or has_ended)
    if kept != before:
        progress.save()
    prompt = f"({lesson.name} {len(done)}/{len(statuses)})"
    write_file(os.path.join(Workplace(lesson).folder, PROMPT), prompt.encode(), replace=True)
    return before


def _print_changes(statuses: list[GoalStatus], before: dict[str, Any]) -> None:
    done = sum(each.state == DONE and each.number in before["done"] for each in statuses)
    for each in statuses:
        was_done = each.number in before["done"]
        if each.state == DONE and not was_done:
            done += 1
            print_message(f"[x] {done} of {len(statuses)} goals done: {each.goal.text}")
        elif each.state == BROKEN and was_done:
            print_message(f"[!] Lost: {each.goal.text}")
            print_message(f"    {each.reason}")
            print_message("    To take it back: novasim undo")
        elif each.state == NOT_YET and each.number not in before["waiting"]:
            print_message(f"[.] Not yet: {each.goal.text}")
        elif each.state != DONE and was_done:
            print_message(f"[ ] Open again: {each.goal.text}")


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


def print_end(lesson: Lesson) -> None:
    """Say that a lesson is solved, with how many commands, and print what to remember."""
    entries = read_entries(Workplace(lesson).path + RECORD, report=lambda _: None)
    steps = {each.step for each in entries if each.step}
    print_message(f"Solved. You needed {len(steps)} commands; the author needed {len(lesson.solution)}.")
    if lesson.afterwards:
        print_markdown(lesson.afterwards, sys.stderr)
    print_message(CONTINUE)

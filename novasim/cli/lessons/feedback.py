"""What a learner sees after each command in the shell of a lesson: the goals that have changed."""

from __future__ import annotations

import os

from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.workplace import LESSON, PROMPT, Progress, Workplace
from novasim.errors import NovasimError
from novasim.fileutils import write_file
from novasim.render.output import print_message
from novasim.store.files import RECORD
from novasim.store.record_file import read_entries
from novasim.teach.lessons.evaluation import View
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.status import BROKEN, DONE, GoalStatus, find_status, is_solved

MAX_WIDTH = 100  # columns


def report_progress() -> None:
    """Print the goals of the open lesson that have changed. An error is printed, and changes no exit code."""
    try:
        lesson = open_library().find(os.environ[LESSON])
        if os.environ.get("NOVASIM_CLOUD") == Workplace(lesson).path:
            update_progress(lesson)
    except (NovasimError, OSError) as error:
        print_message(f"novasim: the lesson cannot be checked: {error}")


def update_progress(lesson: Lesson, is_silent: bool = False) -> list[GoalStatus]:
    """Keep which goals are done, and print what has changed since the last time."""
    place = Workplace(lesson)
    with place.view() as view:
        statuses = find_status(lesson, view, None)
        keep_progress(lesson, statuses, view, is_silent)
    return statuses


def keep_progress(lesson: Lesson, statuses: list[GoalStatus], view: View, is_silent: bool = False) -> None:
    """Keep which goals are done, write the prompt, and print what has changed since the last time."""
    progress, place = Progress(), Workplace(lesson)
    kept = progress.of(lesson.name)
    before, done = set(kept["done"]), {each.number for each in statuses if each.state == DONE}
    was_solved = kept["solved"]
    kept.update(done=sorted(done), solved=was_solved or is_solved(statuses))
    if before != done or was_solved != kept["solved"]:
        progress.save()
    prompt = f"({lesson.name} {len(done)}/{len(statuses)})"
    write_file(os.path.join(place.folder, PROMPT), prompt.encode(), replace=True)
    if not is_silent and before != done:
        _print_changes(statuses, before)
    if not is_silent and kept["solved"] and not was_solved:
        print_end(lesson, place)


def _print_changes(statuses: list[GoalStatus], before: set[int]) -> None:
    done = sum(each.state == DONE and each.number in before for each in statuses)
    for each in statuses:
        if each.state == DONE and each.number not in before:
            done += 1
            print_message(f"[x] {done} of {len(statuses)} goals done: {each.goal.text}")
        elif each.state == BROKEN and each.number in before:
            print_message(f"[!] {each.goal.text}: {each.reason} To take it back: novasim undo")
        elif each.state != DONE and each.number in before:
            print_message(f"[ ] Open again: {each.goal.text}")


def print_paragraphs(text: str) -> None:
    """Print a text on stderr, no wider than the terminal."""
    from shutil import get_terminal_size
    from textwrap import wrap

    width = min(get_terminal_size().columns, MAX_WIDTH)
    for line in text.strip().splitlines():
        for part in wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]:
            print_message(part)


def print_end(lesson: Lesson, place: Workplace) -> None:
    """Say that a lesson is solved, with how many commands, and print what to remember."""
    steps = {each.step for each in read_entries(place.path + RECORD, report=lambda _: None) if each.step}
    print_message(f"Solved. You needed {len(steps)} commands; the author needed {len(lesson.solution)}.")
    if lesson.afterwards:
        print_paragraphs(lesson.afterwards)
    print_message("Continue with: novasim lesson next")

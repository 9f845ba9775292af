"""The commands `lesson list` and `lesson show`."""

from __future__ import annotations

import sys
from typing import Any

import click

from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.markdown import print_markdown
from novasim.cli.lessons.places import find_place
from novasim.cli.lessons.workplace import Progress
from novasim.cli.options import output_options, pass_session
from novasim.cli.session import Session
from novasim.render.output import print_text
from novasim.teach.lessons.handout import render_html, render_markdown
from novasim.teach.lessons.lesson import Lesson

COLUMNS = {
    "No": "number",
    "Lesson": "name",
    "Title": "title",
    "Chapter": "chapter",
    "Min": "minutes",
    "State": "state",
}


@click.command("list")
@output_options
@pass_session
def list_lessons(session: Session) -> None:
    """
    List the lessons, in the order of the course.

    Example: novasim lesson list
    """
    progress = Progress()
    lessons = [_describe(lesson, progress) for lesson in open_library().lessons()]
    session.show_list(lessons, COLUMNS, "name")


def _describe(lesson: Lesson, progress: Progress) -> dict[str, Any]:
    return {
        "number": lesson.number,
        "name": lesson.name,
        "title": lesson.title,
        "chapter": lesson.chapter,
        "minutes": lesson.minutes,
        "state": _describe_state(progress, lesson),
        "goals": len(lesson.goals),
        "after": list(lesson.after),
    }


def _describe_state(progress: Progress, lesson: Lesson) -> str | None:
    """How far the learner is: "solved", "started" or None."""
    if lesson.name not in progress.lessons:
        return None
    return "solved" if progress.of(lesson.name)["solved"] else "started"


@click.command()
@click.argument("lesson", required=False)
@click.option(
    "-f",
    "--format",
    "fmt",
    type=click.Choice(["text", "html"]),
    default="text",
    show_default=True,
    help="Text, or a page to hand out.",
)
def show(lesson: str | None, fmt: str) -> None:
    """
    Show the text of a lesson: its task and its goals.

    LESSON is a name or a number; without it, the open lesson is shown. The solution is not.

    Example: novasim lesson show resize
    """
    found = find_place(lesson).lesson
    if fmt == "html":
        print_text(render_html(found))
        return
    print_markdown(render_markdown(found), sys.stdout)

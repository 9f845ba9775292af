"""The commands `lesson start`, `lesson reset` and `lesson next`."""

from __future__ import annotations

import os
import sys

import click

from novasim.cli.lessons import shells
from novasim.cli.lessons.feedback import print_paragraphs, update_progress
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.reading import print_lesson
from novasim.cli.lessons.runner import Runner
from novasim.cli.lessons.workplace import LESSON, Progress, Workplace, find_lesson
from novasim.render.output import print_message, print_text
from novasim.teach.lessons.handout import render_markdown
from novasim.teach.lessons.lesson import Lesson

ADVICE = "Now type commands, such as novasim list. When you are stuck: novasim lesson hint."

shell_option = click.option(
    "--shell", type=click.Choice(list(shells.SHELLS)), help="The shell to start or to print for (default: yours)."
)


@click.command()
@click.argument("lesson")
@shell_option
def start(lesson: str, shell: str | None) -> None:
    """
    Start a lesson, or continue it, in a shell of its own.

    In that shell novasim uses the cloud of the lesson, and each command ends with the goals that have changed. Leave it
    with exit. If the output is not a terminal, the command prints settings for the present shell instead.

    Example: novasim lesson start first-server

    Example: eval "$(novasim lesson start first-server)"
    """
    open_lesson(open_library().find(lesson), shell)


@click.command("next")
@shell_option
def next_lesson(shell: str | None) -> None:
    """
    Start the first lesson of the course that is not solved.

    Example: novasim lesson next
    """
    progress = Progress()
    for lesson in open_library().lessons():
        if not progress.of(lesson.name)["solved"]:
            open_lesson(lesson, shell)
            return
    print_message("All lessons are solved. Questions about the lifecycle: novasim quiz")


@click.command()
@click.argument("lesson", required=False)
def reset(lesson: str | None) -> None:
    """
    Build the cloud of a lesson again. The old cloud is kept as a backup.

    Example: novasim lesson reset
    """
    found = find_lesson(lesson)
    rebuild(found)
    print_message(f"The lesson {found.name} begins again.")


def _describe_exit() -> str:
    outer = os.environ.get(LESSON)
    return f"To return to the shell of the lesson {outer}: exit" if outer else "To leave the lesson: exit"


def rebuild(lesson: Lesson) -> None:
    """Build the cloud of a lesson, and forget which goals were done."""
    Workplace(lesson).build(Runner.of_context())
    progress = Progress()
    progress.of(lesson.name).update(done=[], hints=0, solved=False)
    progress.current = lesson.name
    progress.save()
    update_progress(lesson, is_silent=True)


def open_lesson(lesson: Lesson, shell: str | None) -> None:
    """Build the lesson if needed, show its text, and enter its shell."""
    progress, place = Progress(), Workplace(lesson)
    if not place.exists or progress.of(lesson.name)["solved"]:
        rebuild(lesson)
    elif progress.current != lesson.name:
        progress.current = lesson.name
        progress.save()
    environment = shells.lesson_environment(place)
    if not sys.stdout.isatty():
        print_text(shells.format_settings(environment, shell or shells.find_shell()) + "\n")
        print_paragraphs(render_markdown(lesson))
        print_message("")
        print_message(f"{ADVICE} To leave the lesson, unset NOVASIM_CLOUD and {LESSON}.")
        return
    print_lesson(render_markdown(lesson))
    print_message("")
    print_message(f"{ADVICE} {_describe_exit()}")
    shells.run_shell(environment, shell or shells.find_shell(), place)

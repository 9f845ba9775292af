"""The commands `lesson start`, `lesson reset` and `lesson next`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from novasim.cli.lessons import shells, subshell
from novasim.cli.lessons.feedback import end_if_solved, mark_goal, update_progress
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.markdown import print_markdown
from novasim.cli.lessons.places import find_place
from novasim.cli.lessons.workplace import LESSON, Progress, Workplace
from novasim.cli.session import Session
from novasim.remote import is_remote
from novasim.render.output import print_message, print_text
from novasim.teach.lessons.handout import render_task
from novasim.teach.lessons.lesson import Lesson

ADVICE = """\
Until you leave this lesson, novasim uses a cloud of its own.
  novasim lesson         the goals, and what is in the way
  novasim lesson show    the text of the lesson again
  novasim lesson hint    help when you are stuck"""
LEAVE = {True: "  exit                   leave the lesson", False: f"To leave it, unset NOVASIM_CLOUD and {LESSON}."}
WITHOUT = "To skip this lesson: novasim lesson start {}"
AGAIN = "You have solved this lesson. It begins again."

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
    Start the next lesson that is not solved, or continue the present one.

    After the last lesson the course begins again with those that you have left out.

    Example: novasim lesson next
    """
    library = open_library()
    present = Progress().current
    if present in library.names():
        end_if_solved(Workplace(library.find(present)))
    following = _list_unsolved(library.names())
    if not following:
        print_message("All lessons are solved. Questions about the lifecycle: novasim quiz")
        return
    leaves_out = following[0] == present and len(following) > 1
    open_lesson(library.find(following[0]), shell, [WITHOUT.format(following[1])] if leaves_out else [])


def _list_unsolved(names: list[str]) -> list[str]:
    """The names of the lessons that are not solved, from the present one on, and then from the start."""
    progress = Progress()
    first = names.index(progress.current) if progress.current in names else 0
    return [name for name in [*names[first:], *names[:first]] if not progress.of(name)["solved"]]


@click.command()
@click.argument("lesson", required=False)
def reset(lesson: str | None) -> None:
    """
    Build the cloud of a lesson again. The old cloud is kept as a backup.

    Example: novasim lesson reset
    """
    place = find_place(lesson)
    place.rebuild()
    print_message(f"The lesson {place.lesson.name} begins again.")


def open_lesson(lesson: Lesson, shell: str | None, advice: Sequence[str] = ()) -> None:
    """
    Build the lesson if needed, show its text, and enter its shell.

    Args:
        advice: Lines below the text.
    """
    place = Workplace(lesson)
    is_repeated = place.exists and Progress().of(lesson.name)["ended"]
    if is_repeated or not place.exists:
        place.rebuild()
    with Progress.changing() as progress:
        progress.current = lesson.name
    advice = [*advice, *_name_other_cloud()]
    environment, is_terminal = shells.lesson_environment(place), sys.stdout.isatty()
    if not is_terminal:
        print_text(shells.format_settings(environment, shell or shells.find_shell()) + "\n")
    _introduce(place, [*[AGAIN] * is_repeated, *ADVICE.splitlines(), LEAVE[is_terminal], *advice], is_terminal)
    if is_terminal and not subshell.switch_shell(environment):
        subshell.run_shell(environment, shell or shells.find_shell())
        _say_where_to_continue()


def _name_other_cloud() -> list[str]:
    """Say in the shell of a class that this is another lesson."""
    session = click.get_current_context().find_object(Session)
    named = session.named_cloud if session else ""
    return [f"This is a lesson of your own, not that of {named}."] if is_remote(named) else []


def _introduce(place: Workplace, advice: Sequence[str], has_shell: bool) -> None:
    """Print the text of a lesson, its goals, and advice."""
    lesson, names = place.lesson, open_library().names()
    about = f"Lesson {names.index(lesson.name) + 1} of {len(names)}, about {lesson.minutes} minutes."
    print_markdown(render_task(lesson, about), sys.stdout if has_shell else sys.stderr)
    goals = [mark_goal(each) for each in update_progress(place, is_silent=True)]
    for line in ["", "Goals", "", *goals, "", *advice]:
        print_message(line)


def _say_where_to_continue() -> None:
    """After the shell of a lesson: how much of it is done, and how to continue."""
    progress = Progress()
    lesson = open_library().find(progress.current)
    statuses = update_progress(Workplace(lesson), is_silent=True)
    done = len(progress.of(lesson.name)["done"])
    print_message(f"{lesson.title}: {done} of {len(statuses)} goals done. To continue: novasim lesson next")

"""The commands `classroom start` and `classroom reset`."""

from __future__ import annotations

import click

from novasim.classroom.building import build_clouds, rebuild_projects
from novasim.classroom.lessons import get_lesson, set_lesson
from novasim.classroom.room import Room, Student
from novasim.classroom.sharing import require_shareable
from novasim.cli.classroom.options import choose_students, room_option
from novasim.cli.lessons.known import open_library
from novasim.cli.lessons.runner import Runner
from novasim.render.output import print_line
from novasim.teach.lessons.lesson import Lesson


@click.command()
@click.argument("lesson")
@room_option
def start(room: Room, lesson: str) -> None:
    """
    Start a lesson: each student gets a new cloud with its world. The old clouds are kept.

    In a shared cloud, each student gets the world of the lesson in a project. Lessons that need an administrator or a
    clock of their own are refused there.

    Example: novasim classroom start power --room room
    """
    if room.content.is_shared:
        require_shareable(open_library().find(lesson))
    found = set_lesson(room, open_library(), lesson)
    print_line(f"Lesson {found.name}: {found.title}")
    _build(room, room.students, found)


@click.command()
@click.argument("names", metavar="NAME...", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="The clouds of all students.")
@room_option
def reset(room: Room, names: tuple[str, ...], is_all: bool) -> None:
    """
    Build the clouds of students again, as the lesson begins. The old clouds are kept.

    In a shared cloud, the projects of these students begin again, and nothing of others changes; --all builds the cloud
    again.

    Example: novasim classroom reset ann --room room
    """
    students, lesson = choose_students(room, names, is_all), get_lesson(room, open_library())
    if room.content.is_shared and not is_all:
        kept = rebuild_projects(room, students, lesson, Runner.of_context())
        print_line(f"{', '.join(each.name for each in students)}: new project; the cloud as it was is kept as {kept}")
    else:
        _build(room, students, lesson)


def _build(room: Room, students: list[Student], lesson: Lesson | None) -> None:
    for name, kept in build_clouds(room, students, lesson, Runner.of_context()).items():
        print_line(f"{name}: new cloud{f'; the old one is kept as {kept}' if kept else ''}")
    if room.content.is_frozen:
        print_line("The time stands still. It runs again after: novasim classroom thaw")

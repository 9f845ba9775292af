"""The option --room, and what the subcommands of `classroom` share."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps
from glob import glob
from typing import Any, TypeVar, cast

import click

from novasim.classroom.lessons import get_lesson
from novasim.classroom.room import FILE, Room, Student
from novasim.cli.lessons.known import open_library
from novasim.errors import UsageError
from novasim.teach.lessons.lesson import Lesson

F = TypeVar("F", bound=Callable[..., Any])
VARIABLE = "NOVASIM_CLASSROOM"


def room_option(command: F) -> F:
    """--room, passed on as the first argument: the classroom."""

    @click.option("--room", "folder", envvar=VARIABLE, metavar="ROOM", help="The classroom (default: this folder).")
    @wraps(command)
    def with_room(*args: Any, folder: str | None, **options: Any) -> Any:
        return command(open_room(folder), *args, **options)

    return cast(F, with_room)


def open_room(folder: str | None) -> Room:
    """
    Open a classroom: by default the present folder.

    Raises:
        UsageError: no folder is given, and the present one is not a classroom. RoomError: it cannot be used.
    """
    if not folder and not os.path.exists(FILE):
        rooms = sorted(os.path.dirname(path) for path in glob(os.path.join("*", FILE)))
        room = rooms[0] if len(rooms) == 1 else "ROOM"
        raise UsageError(f"This folder is not a classroom. Name one with --room {room} or {VARIABLE}.")
    return Room(folder or ".")


def choose_students(room: Room, names: Sequence[str], is_all: bool) -> list[Student]:
    """
    The students that a command names, or all of them.

    Raises:
        UsageError: both or neither is given. NoSuchStudent: there is no student of a name.
    """
    if bool(names) is is_all:
        raise UsageError("Give either the names of students or --all.")
    return room.students if is_all else [room.find_student(name) for name in dict.fromkeys(names)]


def require_lesson(room: Room) -> Lesson:
    """
    The lesson of a classroom.

    Raises:
        UsageError: it has no lesson.
    """
    lesson = get_lesson(room, open_library())
    if lesson is None:
        raise UsageError("This classroom has no lesson. To start one: novasim classroom start LESSON")
    return lesson

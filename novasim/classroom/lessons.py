"""The lesson of a classroom. Its file is copied into the folder, so that later changes elsewhere have no effect."""

from __future__ import annotations

import os

from novasim.classroom.errors import RoomError
from novasim.classroom.room import LESSONS, Room
from novasim.fileutils import write_file
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.library import Library


def set_lesson(room: Room, library: Library, name: str) -> Lesson:
    """
    Make a lesson that of the classroom.

    Args:
        name: The name or the number of the lesson; "" for no lesson.

    Raises:
        NoSuchLesson, LessonError: as for `Library.find`. RoomError: the file cannot be written.
    """
    lesson = library.find(name)
    file = os.path.basename(lesson.path)
    try:
        write_file(room.path_of(LESSONS, file), library.read_source(lesson.name), replace=True)
    except OSError as error:
        raise RoomError(f"{room.path_of(LESSONS, file)} cannot be written: {error.strerror}.") from None
    with room.changing():
        room.content = room.content._replace(lesson=file)
    return lesson


def get_lesson(room: Room, library: Library) -> Lesson | None:
    """
    The lesson of the classroom; None without a lesson.

    Raises:
        LessonError: its file cannot be read.
    """
    return library.read(room.path_of(LESSONS, room.content.lesson)) if room.content.lesson else None


def read_lesson_file(room: Room) -> str:
    """The text of the lesson of a classroom. Raises RoomError."""
    path = room.path_of(LESSONS, room.content.lesson)
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        raise RoomError(f"{path} cannot be read.") from None

"""The lesson of a classroom whose folder is on this machine."""

from __future__ import annotations

import os

from novasim.classroom.building import build_clouds
from novasim.classroom.errors import NoSuchStudent
from novasim.classroom.lessons import get_lesson
from novasim.classroom.progress import count_hint
from novasim.classroom.room import Room
from novasim.classroom.status import open_existing, read_own_entries
from novasim.cli.classroom.place import ClassPlace
from novasim.cli.lessons.runner import Runner
from novasim.teach.lessons.entries import count_steps, read_record
from novasim.teach.lessons.library import Library


class LocalPlace(ClassPlace):
    """A student's cloud in the folder of a classroom."""

    room: Room
    student: str

    def count_hint(self) -> int:
        """Count a hint in the classroom. Returns how many were taken before."""
        return count_hint(self.room, self.student)

    def rebuild(self) -> None:
        """Build the cloud again. The old one is kept."""
        build_clouds(self.room, [self.room.find_student(self.student)], self.lesson, Runner.of_context())


def open_local_place(folder: str, path: str, library: Library) -> LocalPlace | None:
    """
    The lesson of a student; None if the file is not the cloud of a student, or the classroom has no lesson.

    Raises:
        RoomError, LessonError, CloudFileError: the classroom, its lesson or the cloud cannot be used.
    """
    room, name = Room(folder), os.path.basename(path).removesuffix(".json")
    lesson = get_lesson(room, library)
    if lesson is None or os.path.realpath(path) != os.path.realpath(room.cloud_path(name)):
        return None
    try:
        lines = read_own_entries(room, room.find_student(name))
    except NoSuchStudent:
        return None
    place = LocalPlace(open_existing(path), lesson, read_record(lines), count_steps(lines))
    place.room, place.student = room, name
    return place

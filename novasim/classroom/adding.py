"""Adds students to a classroom that exists."""

from __future__ import annotations

from collections.abc import Sequence

from novasim.classroom.building import begin_progress, build_clouds
from novasim.classroom.errors import RoomError
from novasim.classroom.room import Room, Student
from novasim.classroom.roster import parse_names
from novasim.classroom.sharing import add_projects, rebuild_project
from novasim.classroom.status import open_existing
from novasim.classroom.users import TEACHER
from novasim.classroom.words import generate_word, hash_word
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.playground import Execute


def add_students(room: Room, texts: Sequence[str], lesson: Lesson | None, execute: Execute) -> dict[str, str]:
    """
    Add students, and build their clouds, or their projects in the shared cloud, as the lesson begins.

    Nothing of other students changes. If a cloud cannot be built, no student is added.

    Args:
        texts: Full names, each as on a line of a roster.

    Returns:
        Their join words, by the names of their clouds.

    Raises:
        RosterError: a name cannot be used. LessonError: the world of the lesson cannot be built.
        RoomError, CloudFileError: files cannot be read or written.
    """
    if room.content.is_shared:
        names = [entry.name for entry in parse_names(texts, _list_names(room))]
        _build_projects(room, names, lesson, execute)
        words = _enter(room, texts, names)
        begin_progress(room, [room.find_student(name) for name in names])
        return words
    words = _enter(room, texts)
    try:
        build_clouds(room, [room.find_student(name) for name in words], lesson, execute)
    except BaseException:
        _remove(room, words)
        raise
    return words


def _list_names(room: Room) -> dict[str, str]:
    return {student.name: student.full_name for student in room.students}


def _enter(room: Room, texts: Sequence[str], expected: Sequence[str] | None = None) -> dict[str, str]:
    """
    Add students to the file of the classroom.

    Args:
        expected: The names of projects that were created for them.
    """
    with room.changing():
        words = dict[str, str]()
        for entry in parse_names(texts, _list_names(room)):
            words[entry.name] = generate_word()
            word = hash_word(words[entry.name], room.content.key, entry.name)
            room.replace_student(Student(entry.name, entry.full_name, word))
        if expected is not None and [*words] != [*expected]:
            raise RoomError("Other students were added meanwhile. Try again.")
    return words


def _remove(room: Room, names: dict[str, str]) -> None:
    with room.changing():
        students = {name: each for name, each in room.content.students.items() if name not in names}
        room.content = room.content._replace(students=students)


def _build_projects(room: Room, names: Sequence[str], lesson: Lesson | None, execute: Execute) -> None:
    """Create projects in the shared cloud, with the world of the lesson."""
    cloud, students = open_existing(room.cloud_path("")), [Student(name, name) for name in names]
    cloud.origin = TEACHER, (), None
    add_projects(cloud, room, students, lesson is not None)
    for student in students if lesson else ():
        rebuild_project(cloud, student, lesson, execute)

"""The lesson of a student as the commands of the student need it, and the hints that are counted."""

from __future__ import annotations

from typing import Any

from novasim.classroom.lessons import read_lesson_file
from novasim.classroom.room import Room, Student
from novasim.classroom.status import open_student_cloud, read_own_entries
from novasim.control.exports import hide_secrets
from novasim.simulation.time import clock
from novasim.teach.lessons.entries import count_steps, read_record


def describe_lesson(room: Room, name: str) -> dict[str, Any]:
    """
    The file of the lesson and its text, the hints taken, the requests since the start, and how many commands they were.

    In a shared cloud there are its documents, too, as far as the student's project sees them, and the wall time.

    Raises:
        RoomError, NoSuchStudent.
    """
    room.refresh()
    student = room.find_student(name)
    lines = read_own_entries(room, student)
    return {
        "student": student.name,
        "full_name": student.full_name,
        "file": room.content.lesson,
        "text": read_lesson_file(room) if room.content.lesson else "",
        "hints": room.get_progress(name).hints,
        "steps": count_steps(lines),
        "entries": [list(entry) for entry in read_record(lines)],
        **(_describe_cloud(room, student) if room.content.is_shared else {}),
    }


def _describe_cloud(room: Room, student: Student) -> dict[str, Any]:
    tables = open_student_cloud(room, student).store.tables()
    return {"tables": hide_secrets(tables), "wall": clock.wall()}


def count_hint(room: Room, name: str) -> int:
    """Count a hint. Returns how many were taken before. Raises RoomError."""
    with room.changing():
        progress = room.get_progress(name)
        room.replace_progress(name, progress._replace(hints=progress.hints + 1))
    return progress.hints

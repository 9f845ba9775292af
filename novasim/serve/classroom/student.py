"""The paths below /NAME/novasim/classroom: the lesson of a student, the record of the cloud, and hints."""

from __future__ import annotations

from typing import Any

from novasim.classroom.lessons import read_lesson_file
from novasim.classroom.room import Progress, Room
from novasim.classroom.status import read_own_entries
from novasim.cloud import Cloud
from novasim.errors import Forbidden
from novasim.serve.wire.callers import authenticate
from novasim.teach.lessons.entries import read_record


def require_owner(cloud: Cloud, token: str) -> None:
    """
    Check that a token is that of the student or the teacher.

    Raises:
        Unauthorized: it is invalid (401). Forbidden: it is that of another user (403).
    """
    if not authenticate(cloud, token).caller.is_admin:
        raise Forbidden(reason="Only the student and the teacher can read the lesson of a cloud.")


def describe_lesson(room: Room, name: str) -> dict[str, Any]:
    """
    What the commands of a student need: the file of the lesson, the hints taken, and the requests since the start.

    Raises:
        RoomError, NoSuchStudent.
    """
    room.refresh()
    student = room.find_student(name)
    progress = room.content.progress.get(name, Progress(0.0))
    file = room.content.lesson
    return {
        "student": student.name,
        "full_name": student.full_name,
        "file": file,
        "text": read_lesson_file(room) if file else "",
        "hints": progress.hints,
        "entries": [list(entry) for entry in read_record(read_own_entries(room, student))],
    }


def count_hint(room: Room, name: str) -> dict[str, Any]:
    """Count a hint. Returns how many were taken before."""
    with room.changing():
        progress = room.content.progress.get(name, Progress(0.0))
        room.replace_progress(name, progress._replace(hints=progress.hints + 1))
    return {"hints": progress.hints}

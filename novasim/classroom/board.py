"""What the board of a class shows: how far the class is with each goal, and what is refused most often."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from novasim.classroom.lessons import get_lesson
from novasim.classroom.names import SHARED_CLOUD
from novasim.classroom.room import Room
from novasim.classroom.status import StudentStatus, count_done, count_refusals, describe_refusal, find_student_status
from novasim.fileutils import Version, version_of
from novasim.store.files import RECORD
from novasim.teach.lessons.lesson import Lesson
from novasim.teach.lessons.library import Library
from novasim.teach.lessons.status import NOT_YET

Signature = tuple[object, ...]


class GoalCount(NamedTuple):
    """A goal, and how many students have done it."""

    number: int
    text: str
    done: int


class Row(NamedTuple):
    """
    A student on a board with names: the states of the goals, and the number of hints.

    Args:
        page: The path of the live page with the student's servers.
    """

    name: str
    full_name: str
    goals: tuple[str, ...]
    hints: int
    page: str


class Board(NamedTuple):
    """
    The board. *lesson* is the title; "" without a lesson. *rows* are in the order of the roster.

    Args:
        students, joined, finished: How many there are, have joined, and have done all goals.
        refusal: The most frequent refusal, such as "409 stop in VERIFY_RESIZE", or "". refused: how often it was met.
    """

    lesson: str
    students: int
    joined: int
    finished: int
    goals: tuple[GoalCount, ...]
    refusal: str
    refused: int
    rows: tuple[Row, ...]


class BoardReader:
    """
    Reads the board of a classroom. Students whose files have not changed are not looked at again.

    Args:
        library: Reads the lesson.
    """

    def __init__(self, room: Room, library: Library) -> None:
        self._room, self._library = room, library
        self._statuses: dict[str, tuple[Signature, StudentStatus]] = {}
        self._lesson = ""

    def read(self) -> Board:
        """
        The board as it is now.

        Raises:
            RoomError: the classroom cannot be read. LessonError: its lesson cannot be read.
        """
        self._room.refresh()
        lesson = get_lesson(self._room, self._library)
        if self._lesson != self._room.content.lesson:
            self._lesson, self._statuses = self._room.content.lesson, {}
        statuses = []
        for student in self._room.students:
            signature = self._sign(student.name)
            known = self._statuses.get(student.name)
            if known is None or known[0] != signature or any(goal.state == NOT_YET for goal in known[1].goals):
                known = signature, find_student_status(self._room, student, lesson)
                self._statuses[student.name] = known
            statuses.append(known[1])
        return _summarize(self._room, lesson, statuses)

    def _sign(self, student: str) -> Signature:
        path = self._room.cloud_path(student)
        return (*(_version(name) for name in (path, path + RECORD)), self._room.content.progress.get(student))


def _version(path: str) -> Version | None:
    with suppress(OSError):
        return version_of(path)
    return None


def _summarize(room: Room, lesson: Lesson | None, statuses: list[StudentStatus]) -> Board:
    done = count_done(statuses, lesson) if lesson else []
    goals = [
        GoalCount(number, goal.text, done[number - 1]) for number, goal in enumerate(lesson.goals if lesson else (), 1)
    ]
    frequent = count_refusals(statuses).most_common(1)
    return Board(
        lesson.title if lesson else "",
        len(statuses),
        sum(each.joined is not None for each in room.students),
        sum(bool(each.goals) and each.done == len(each.goals) for each in statuses),
        tuple(goals),
        describe_refusal(frequent[0][0]) if frequent else "",
        frequent[0][1] if frequent else 0,
        tuple(_describe_student(room, each) for each in statuses),
    )


def _describe_student(room: Room, status: StudentStatus) -> Row:
    name = status.student.name
    page = f"{SHARED_CLOUD}/live?follow={name}" if room.content.is_shared else f"{name}/live"
    return Row(name, status.student.full_name, tuple(goal.state for goal in status.goals), status.hints, page)
